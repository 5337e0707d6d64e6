import { documentOf } from '../fault-simulation/template/json-text';
import { at, isObject, referencesIn, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** Properties under which those who cannot deliver something name the queue that gets it. */
const GIVES_UP_TO = /^(RedrivePolicy|DeadLetter(Config|Queue)|OnFailure)$/;
/** How people name such a queue; its sources may be in stacks that are not given. */
const SAYS_SO = /dlq|dead.?letter/i;

/** Whether a queue is there for what others could not deliver. */
export function isDeadLetterQueue(queue: Resource, topology: Topology): boolean {
  const { QueueName: name, RedriveAllowPolicy: allowed } = queue.properties;
  const named = topology.once('dead-letter queues', () => new Set([...topology.world.resources.values()]
    .filter(({ presence }) => presence !== 'absent').flatMap(({ properties }) => givenUpTo(properties))));
  const permission = at(documentOf(allowed), 'redrivePermission');
  return named.has(queue.key) || permission === 'allowAll' || permission === 'byQueue'
    || SAYS_SO.test(queue.logicalId) || (typeof name === 'string' && SAYS_SO.test(name));
}

function givenUpTo(value: Value | undefined): readonly string[] {
  if (Array.isArray(value)) { return value.flatMap(item => givenUpTo(item)); }
  return !isObject(value) ? [] : Object.entries(value).flatMap(([name, inner]) =>
    GIVES_UP_TO.test(name) ? referencesIn(inner).map(({ resource }) => resource) : givenUpTo(inner));
}
