import { documentOf } from './template/json-text';
import { at, Value } from './template/value';
import { Resource } from './template/world';
import { Topology } from './topology';

/** When and to which queue messages are given up. */
export function redriveOf({ properties }: Resource): Value | undefined {
  return documentOf(properties.RedrivePolicy) ?? undefined;
}

/** The queue that gets what another one gives up, if it is in the templates. */
export function deadLetterQueueOf(queue: Resource, topology: Topology): Resource | undefined {
  return topology.resource(at(redriveOf(queue), 'deadLetterTargetArn'));
}
