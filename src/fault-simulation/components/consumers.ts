import { Runner, runnersIn } from './worker-runner';
import { functionOf } from '../functions';
import { matches, statementsIn, statementsOf } from '../permissions';
import { asBoolean, at, keysReferredTo, listOf, referencesIn, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/** What whoever works on what is in something may do. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::SQS::Queue': ['sqs:receivemessage'],
  'AWS::Kinesis::Stream': ['kinesis:getrecords', 'kinesis:subscribetoshard'],
};

/** Types of which the work in them is judged. */
export const QUEUES = Object.keys(ACTIONS);

/** Somebody who works on what is in a queue. */
export interface Consumer {
  readonly key: string;
  readonly property: string;
  /** Whether the template says so; else it is inferred from what a role may do. */
  readonly certain: boolean;
  /** The event source mapping by which a function does. */
  readonly mapping?: Resource;
  /** The program by which a machine does. */
  readonly runner?: Runner;
}

/** Who works on what is in a queue, and where that is read: event sources, configurations, and whoever has a role that may receive from it. */
export function consumersOf(queue: Resource, topology: Topology): readonly Consumer[] {
  return topology.once(`consumers of ${queue.key}`, () => {
    const readers = [queue.key, ...topology.whoMentions(queue.key, 'AWS::Kinesis::StreamConsumer').map(({ key }) => key)];
    // of the same one what is certain counts
    const certain = [...deliveriesFrom(queue, topology), ...mappedTo(readers, topology), ...runnersOf(queue, topology)];
    return [...new Map([...grantedOn(queue, readers, topology), ...certain].map(one => [one.key, one])).values()];
  });
}

/** What a mapping cannot work on it may put into a queue, too; one that is off works on nothing. */
function mappedTo(sources: readonly string[], topology: Topology): readonly Consumer[] {
  const mappings = sources.flatMap(key => topology.whoMentions(key, 'AWS::Lambda::EventSourceMapping').filter(({ properties }) =>
    keysReferredTo(properties.EventSourceArn).includes(key) && asBoolean(properties.Enabled) !== false));
  return mappings.flatMap(mapping => {
    const { key, properties: { FunctionName: name } } = mapping;
    const named = keysReferredTo(name);
    const workers = named.length > 0 ? named : [functionOf(name, topology)?.key].flatMap(one => one ?? []);
    return workers.map((worker): Consumer => ({ key: worker, property: `${key}.EventSourceArn`, certain: true, mapping }));
  });
}

function deliveriesFrom({ key }: Resource, topology: Topology): readonly Consumer[] {
  const pipes = topology.whoMentions(key, 'AWS::Pipes::Pipe').filter(({ properties }) =>
    keysReferredTo(properties.Source).includes(key) && properties.DesiredState !== 'STOPPED');
  return [
    ...topology.whoMentions(key, 'AWS::KinesisFirehose::DeliveryStream').map(one => ({ key: one.key, property: `${one.key}.KinesisStreamSourceConfiguration`, certain: true })),
    ...pipes.map(one => ({ key: one.key, property: `${one.key}.Source`, certain: true })),
  ];
}

function runnersOf({ key }: Resource, topology: Topology): readonly Consumer[] {
  return runnersIn(topology).filter(({ queues }) => queues.includes(key))
    .map((runner): Consumer => ({ key: runner.machine.key, property: runner.property, certain: true, runner }));
}

/** Whoever has a role that may receive: by a statement that names the queue, since one that may send to it stands in the same policy. */
function grantedOn(queue: Resource, names: readonly string[], topology: Topology): readonly Consumer[] {
  const { key, type } = queue;
  const lets = (statement: Value, named: boolean) => at(statement, 'Effect') !== 'Deny'
    && ACTIONS[type].some(action => isAbout(statement, action)) && (!named || namesOneOf(names, at(statement, 'Resource')));
  const policies = [...new Set(names.flatMap(name => topology.whoMentions(name, ...POLICIES)))];
  return policies.flatMap(policy => {
    const own = policy.type === 'AWS::SQS::QueuePolicy';
    const statements = statementsIn(policy).filter(statement => lets(statement, !own));
    const roles = statements.length === 0 ? [] : own ? statements.flatMap(statement => listOf(at(statement, 'Principal', 'AWS')).flatMap(one => keysReferredTo(one)))
      : rolesWith(policy, topology);
    const holders = roles.filter(role => !isDenied(role, queue, names, topology)).flatMap(role => holdersOf(role, topology));
    return holders.filter(one => one !== key).map(one => ({ key: one, property: `${policy.key}.PolicyDocument`, certain: false }));
  });
}

function isAbout(statement: Value, action: string): boolean {
  return listOf(at(statement, 'Action')).some(pattern => matches(pattern, action, true) === true);
}

function namesOneOf(names: readonly string[], value: Value | undefined): boolean {
  return referencesIn(value).some(({ resource }) => names.includes(resource));
}

/** Whether a role may not receive after all, whatever allows it to. One denial with a condition, as that of plain HTTP, is none of this. */
function isDenied(role: string, { type }: Resource, names: readonly string[], topology: Topology): boolean {
  const own = topology.world.resource(role);
  const denials = (own ? statementsOf(own, topology) : []).filter(statement =>
    at(statement, 'Effect') === 'Deny' && at(statement, 'Condition') === undefined
    && listOf(at(statement, 'Resource')).some(one => one === '*' || namesOneOf(names, one)));
  return ACTIONS[type].every(action => denials.some(statement => isAbout(statement, action)));
}

const POLICIES = ['AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::RolePolicy', 'AWS::IAM::ManagedPolicy', 'AWS::SQS::QueuePolicy'];

function rolesWith({ key, type, properties }: Resource, topology: Topology): readonly string[] {
  if (type === 'AWS::IAM::Role') { return [key]; }
  const attached = topology.whoMentions(key, 'AWS::IAM::Role').filter(role => referencesIn(role.properties.ManagedPolicyArns).some(one => one.resource === key));
  return [...[...listOf(properties.Roles), properties.RoleName].flatMap(role => keysReferredTo(role)), ...attached.map(role => role.key)];
}

function holdersOf(role: string, topology: Topology): string[] {
  const direct = topology.whoMentions(role, 'AWS::Lambda::Function', 'AWS::EKS::Nodegroup').map(({ key }) => key);
  const profiles = topology.whoMentions(role, 'AWS::IAM::InstanceProfile').map(({ key }) => key);
  const machines = profiles.flatMap(profile => topology.whoMentions(profile, 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::Instance'));
  const tasks = topology.whoMentions(role, 'AWS::ECS::TaskDefinition').flatMap(({ key }) => topology.whoMentions(key, 'AWS::ECS::Service'));
  return [...direct, ...tasks.map(({ key }) => key), ...machines.flatMap(({ key, type }) => type === 'AWS::EC2::Instance' ? [key]
    : topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup').map(group => group.key))];
}
