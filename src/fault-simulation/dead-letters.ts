import { documentOf } from './template/json-text';
import { at, Unknown, Value } from './template/value';
import { Resource } from './template/world';
import { Topology } from './topology';

/** When and to which queue messages are given up. */
export function redriveOf({ properties }: Resource): Value | undefined {
  return documentOf(properties.RedrivePolicy) ?? undefined;
}

/** The same, with each that it may be where a condition decides; null for none. */
export function redrivesOf(queue: Resource): readonly Value[] {
  const redrive = redriveOf(queue) ?? null;
  return redrive instanceof Unknown ? redrive.traits.among?.map(one => documentOf(one) ?? null) ?? [redrive] : [redrive];
}

/** The queue that gets what another one gives up, if it is in the templates. */
export function deadLetterQueueOf(queue: Resource, topology: Topology, redrive = redriveOf(queue)): Resource | undefined {
  return topology.resource(at(redrive, 'deadLetterTargetArn'));
}
