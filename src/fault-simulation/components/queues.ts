import { regional } from './network';
import { Context } from '../model';
import { asNeeded, isLost, State, sumOf, WELL, withData } from '../state';
import { asNumber, keysReferredTo, listOf } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/** How long SQS keeps a message, and after how long a lost consumer is taken to stay away. */
const DEFAULT_RETENTION = 4 * 24 * 3600;
const A_DAY = 24 * 3600;

/** Somebody who works on what is in a queue. */
interface Consumer {
  readonly key: string;
  readonly property: string;
  readonly certain: boolean;
}

/** A queue stands for the work in it if the template shows who does it, else for its storage. */
export function stateOfQueue(queue: Resource, context: Context): State {
  const own = regional(queue, context);
  if (isLost(own)) { return withData(own, 'everything'); }
  const consumers = consumersOf(queue, context.topology);
  const work = consumers.length === 0 ? WELL : sumOf(consumers.map(({ key, property, certain }) =>
    ({ state: asNeeded(context.state(key), { needer: queue.key, needed: key, property, certain }), weight: 1 })));
  const retention = asNumber(queue.properties.MessageRetentionPeriod) ?? DEFAULT_RETENTION;
  const away = isLost(work) ? A_DAY : work.later === 1 ? work.seconds : 0;
  return withData(work, work.now === undefined ? 'unknown' : retention < away ? 'minutes' : 'none');
}

/** Who works on what is in a queue, and where that is read: event sources, and whoever has a role that may receive from it. */
export function consumersOf(queue: Resource, topology: Topology): readonly Consumer[] {
  return topology.once(`consumers of ${queue.key}`, () => {
    const sources = topology.whoMentions(queue.key, 'AWS::Lambda::EventSourceMapping').flatMap(({ key, properties }) =>
      keysReferredTo(properties.FunctionName).map(one => ({ key: one, property: `${key}.EventSourceArn`, certain: true })));
    const policies = topology.whoMentions(queue.key, 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
      .filter(({ properties }) => JSON.stringify(properties).includes('sqs:ReceiveMessage') || JSON.stringify(properties).includes('"sqs:*"'));
    const granted = policies.flatMap(({ key, type, properties }) => {
      const roles = type === 'AWS::IAM::Role' ? [key] : listOf(properties.Roles).flatMap(role => keysReferredTo(role));
      return roles.flatMap(role => holdersOf(role, topology)).map(one => ({ key: one, property: `${key}.PolicyDocument`, certain: false }));
    });
    return [...new Map([...granted, ...sources].map(one => [one.key, one])).values()];
  });
}

function holdersOf(role: string, topology: Topology): string[] {
  const functions = topology.whoMentions(role, 'AWS::Lambda::Function').map(({ key }) => key);
  const profiles = topology.whoMentions(role, 'AWS::IAM::InstanceProfile').map(({ key }) => key);
  const machines = profiles.flatMap(profile => topology.whoMentions(profile, 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::Instance'));
  const tasks = topology.whoMentions(role, 'AWS::ECS::TaskDefinition').flatMap(({ key }) => topology.whoMentions(key, 'AWS::ECS::Service'));
  return [...functions, ...tasks.map(({ key }) => key), ...machines.flatMap(({ key, type }) => type === 'AWS::EC2::Instance' ? [key]
    : topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup').map(group => group.key))];
}
