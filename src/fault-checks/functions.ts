import { functionOf } from '../fault-simulation/functions';
import { asString, at, listOf, referredTo, Text } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** What only mappings to Kafka, to brokers and to DocumentDB have. */
const OF_OTHERS = ['Topics', 'Queues', 'SelfManagedEventSource', 'DocumentDBEventSourceConfig'];
const KINDS: Readonly<Record<string, 'queue' | 'stream'>> = { sqs: 'queue', kinesis: 'stream', dynamodb: 'stream' };

/** What a mapping reads from: a queue of SQS, a stream of Kinesis or of a table, or something else. */
export function kindOfSource({ properties }: Resource, topology: Topology): 'queue' | 'stream' | undefined {
  const { EventSourceArn: source, StartingPosition: start } = properties;
  if (source === undefined || OF_OTHERS.some(name => properties[name] !== undefined)) { return undefined; }
  const [found] = referredTo(source).flatMap(reference => topology.resource(reference) ?? []);
  const text = source instanceof Text ? source.parts.map(part => typeof part === 'string' ? part : '').join('') : asString(source);
  const service = found?.type.split('::')[1] ?? /^arn:[^:]*:([\w-]+):/.exec(text ?? '')?.[1];
  // without a name of the service: only a queue has no place at which to start
  return service === undefined ? start === undefined ? 'queue' : 'stream' : KINDS[service.toLowerCase()];
}

/** Who invokes functions without waiting for their answer, by their permission to. */
const HAND_OVER = /^(s3|sns|events)\.amazonaws\.com/;

/** The functions that get events of which nobody waits for the outcome, and from what. */
export function invokedAsynchronously(topology: Topology): ReadonlyMap<string, string> {
  return topology.once('asynchronous invocations', () => {
    const permissions = topology.ofType('AWS::Lambda::Permission').filter(({ properties }) => HAND_OVER.test(asString(properties.Principal) ?? '')
      && !referredTo(properties.SourceArn).some(source => comesAgain(topology.resource(source))));
    const rules = topology.ofType('AWS::Events::Rule', 'AWS::Scheduler::Schedule').filter(rule => !comesAgain(rule));
    const found = [
      ...permissions.map(({ key, properties }) => [properties.FunctionName, key] as const),
      ...rules.flatMap(({ key, properties }) => [...listOf(properties.Targets), properties.Target].map(target => [at(target, 'Arn'), key] as const)),
      ...topology.ofType('AWS::SNS::Subscription').filter(({ properties }) => properties.Protocol === 'lambda')
        .map(({ key, properties }) => [properties.Endpoint, key] as const),
    ].flatMap(([name, by]) => (name === undefined ? [] : [[functionOf(name, topology)?.key, by] as const]));
    return new Map(found.flatMap(([key, by]) => key === undefined ? [] : [[key, by] as const]));
  });
}

/** Whether a rule is a schedule, or is off: what is missed once comes again. */
export function comesAgain(rule: Resource | undefined): boolean {
  const { ScheduleExpression: schedule, EventPattern: pattern, State: state } = rule?.properties ?? {};
  return state === 'DISABLED' || (schedule !== undefined && pattern === undefined && !asString(schedule)?.startsWith('at('));
}
