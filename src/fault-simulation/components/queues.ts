import { regional } from './network';
import { countedMembers, servedBy } from './tier';
import { Context } from '../model';
import { allOf, asNeeded, isLost, State, WELL, withData } from '../state';
import { asNumber, keysReferredTo, listOf } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/** After how long a lost consumer is taken to stay away. */
const A_DAY = 24 * 3600;

/** What is kept until somebody has worked on it. */
interface Work {
  /** What whoever works on it may do. */
  readonly actions: readonly string[];
  /** Whether one of those who work on it is enough; else each has work of its own with it. */
  readonly shared: boolean;
  /** For how many seconds it is kept. */
  retention(queue: Resource): number;
}

const WORK: Readonly<Record<string, Work>> = {
  'AWS::SQS::Queue': {
    actions: ['sqs:ReceiveMessage', '"sqs:*"'],
    shared: true,
    retention: ({ properties }) => asNumber(properties.MessageRetentionPeriod) ?? 4 * A_DAY,
  },
  'AWS::Kinesis::Stream': {
    actions: ['kinesis:GetRecords', 'kinesis:SubscribeToShard', '"kinesis:*"'],
    shared: false,
    retention: ({ properties }) => (asNumber(properties.RetentionPeriodHours) ?? 24) * 3600,
  },
};

/** Types of which the work in them is judged. */
export const QUEUES = Object.keys(WORK);

/** Somebody who works on what is in a queue. */
interface Consumer {
  readonly key: string;
  readonly property: string;
  readonly certain: boolean;
}

/** A queue, or a stream, stands for the work in it if the template shows who does it, else for its storage. */
export function stateOfQueue(queue: Resource, context: Context): State {
  const own = regional(queue, context);
  if (isLost(own)) { return withData(own, 'everything'); }
  const { shared, retention } = WORK[queue.type];
  const { topology } = context;
  const workers = consumersOf(queue, topology).map(({ key, property, certain }) => {
    const worker = topology.world.resource(key);
    const state = asNeeded(context.state(key), { needer: queue.key, needed: key, property, certain });
    const members = countedMembers(worker, topology);
    return { state, weight: members ?? 1, members };
  });
  const work = workers.length === 0 ? WELL : shared ? servedBy(workers, topology.needOf(queue)) : allOf(workers.map(({ state }) => state));
  const away = isLost(work) ? A_DAY : work.later === 1 ? work.seconds : 0;
  return withData(work, work.now === undefined ? 'unknown' : retention(queue) < away ? 'minutes' : 'none');
}

/** Who works on what is in a queue, and where that is read: event sources, and whoever has a role that may receive from it. */
export function consumersOf(queue: Resource, topology: Topology): readonly Consumer[] {
  return topology.once(`consumers of ${queue.key}`, () => {
    const readers = topology.whoMentions(queue.key, 'AWS::Kinesis::StreamConsumer').map(({ key }) => key);
    // what a mapping cannot work on it may put into a queue, too
    const mappings = [queue.key, ...readers].flatMap(key => topology.whoMentions(key, 'AWS::Lambda::EventSourceMapping')
      .filter(({ properties }) => keysReferredTo(properties.EventSourceArn).includes(key)));
    const sources = mappings.flatMap(({ key, properties }) =>
      keysReferredTo(properties.FunctionName).map(one => ({ key: one, property: `${key}.EventSourceArn`, certain: true })));
    const deliveries = topology.whoMentions(queue.key, 'AWS::KinesisFirehose::DeliveryStream')
      .map(({ key }) => ({ key, property: `${key}.KinesisStreamSourceConfiguration`, certain: true }));
    const policies = topology.whoMentions(queue.key, 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
      .filter(({ properties }) => WORK[queue.type].actions.some(action => JSON.stringify(properties).includes(action)));
    const granted = policies.flatMap(({ key, type, properties }) => {
      const roles = type === 'AWS::IAM::Role' ? [key] : listOf(properties.Roles).flatMap(role => keysReferredTo(role));
      return roles.flatMap(role => holdersOf(role, topology)).map(one => ({ key: one, property: `${key}.PolicyDocument`, certain: false }));
    });
    return [...new Map([...granted, ...deliveries, ...sources].map(one => [one.key, one])).values()];
  });
}

function holdersOf(role: string, topology: Topology): string[] {
  const direct = topology.whoMentions(role, 'AWS::Lambda::Function', 'AWS::EKS::Nodegroup').map(({ key }) => key);
  const profiles = topology.whoMentions(role, 'AWS::IAM::InstanceProfile').map(({ key }) => key);
  const machines = profiles.flatMap(profile => topology.whoMentions(profile, 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::Instance'));
  const tasks = topology.whoMentions(role, 'AWS::ECS::TaskDefinition').flatMap(({ key }) => topology.whoMentions(key, 'AWS::ECS::Service'));
  return [...direct, ...tasks.map(({ key }) => key), ...machines.flatMap(({ key, type }) => type === 'AWS::EC2::Instance' ? [key]
    : topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup').map(group => group.key))];
}
