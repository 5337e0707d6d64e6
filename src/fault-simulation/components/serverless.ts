import { stateOfFleet } from './fleet';
import { storesThatLetIn } from './machine';
import { anyOfPlaces, regional } from './network';
import { stateOfNeeds, wayFrom } from './reach';
import { Context } from '../model';
import { Needs, needsOfValues } from '../needs';
import { secondsOf } from '../recovery-times';
import { allOf, isLost, lost, State, sumOf, undecided, WELL, withData } from '../state';
import { asNumber, at, isObject, listOf, Reference, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';

/** How long SQS keeps a message, and after how long a lost consumer is taken to stay away. */
const DEFAULT_RETENTION = 4 * 24 * 3600;
const A_DAY = 24 * 3600;

/** A function runs in every zone of its Region; in a network, in those of its subnets. */
export function stateOfFunction(lambda: Resource, context: Context): State {
  const { properties } = lambda;
  const vpc = properties.VpcConfig;
  const environment = at(properties, 'Environment', 'Variables');
  const own = needsOfValues(isObject(environment) ? Object.values(environment) : []);
  const subnets = at(vpc, 'SubnetIds');
  const groups = listOf(at(vpc, 'SecurityGroupIds')).flatMap(group => group instanceof Reference ? [group.resource] : []);
  const needs: Needs = { ...own, references: [...own.references, ...storesThatLetIn(groups, context.topology)] };
  const needed = stateOfNeeds(needs, lambda, context);
  if (subnets === undefined) { return allOf([regional(lambda, context), needed]); }
  const places = context.topology.zonesOfSubnets(subnets);
  const up = anyOfPlaces(lambda, places, context);
  const ways = listOf(subnets).map(subnet => wayFrom(subnet, needs, context));
  // the ways that are lost take their share of the invocations along
  return allOf([up, needed, ...ways.length > 0 ? [sumOf(ways.map(state => ({ state, weight: 1 })))] : []]);
}

/** An ECS service on Fargate: tasks spread over its subnets, each with an image to pull when it starts. */
export function stateOfService(service: Resource, context: Context): State {
  const { topology, damage } = context;
  const { properties } = service;
  if (properties.LaunchType !== undefined && properties.LaunchType !== 'FARGATE') { return undecided(`where the tasks of ${service.key} run is not read`); }
  const subnets = at(properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets');
  const places = topology.zonesOfSubnets(subnets);
  const containers = listOf(topology.resource(properties.TaskDefinition)?.properties.ContainerDefinitions);
  const environment = containers.flatMap(container => listOf(at(container, 'Environment')).map(entry => at(entry, 'Value') ?? null));
  const needs: Needs = { ...needsOfValues(environment), fetchesAtBoot: true };
  if (places instanceof Unknown) { return damage.hasAnyZone ? undecided(places.reason) : WELL; }
  const list: readonly Value[] = listOf(subnets);
  const size = asNumber(properties.DesiredCount) ?? 1;
  const own = stateOfFleet({
    key: service.key,
    sizes: [size],
    subnets: places.map((place, index) => ({ place, subnet: list[index] })),
    needs,
    relaunchSeconds: secondsOf('ecsTask'),
    balancedOnly: false,
  }, context);
  const badVersion = damage.hits('bad-version', service.key) ? badTasks(service, size) : WELL;
  return allOf([own, badVersion, stateOfNeeds(needs, service, context)]);
}

/** Old tasks stay until new ones are healthy, as many as the service keeps. */
function badTasks({ key, properties }: Resource, size: number): State {
  const keeps = (asNumber(at(properties, 'DeploymentConfiguration', 'MinimumHealthyPercent')) ?? 100) / 100;
  const left = Math.ceil(size * keeps) / size;
  return left >= 1 ? WELL : left === 0 ? lost(`${key} keeps no old task`) : { now: left, later: left, seconds: 0, why: [`${key} keeps ${keeps * 100} % of its old tasks`] };
}

/** A queue stands for the work in it if the template shows who does it, else for its storage. */
export function stateOfQueue(queue: Resource, context: Context): State {
  const own = regional(queue, context);
  if (isLost(own)) { return withData(own, 'everything'); }
  const consumers = consumersOf(queue, context);
  const work = consumers.length === 0 ? WELL : sumOf(consumers.map(key => ({ state: context.state(key), weight: 1 })));
  const retention = asNumber(queue.properties.MessageRetentionPeriod) ?? DEFAULT_RETENTION;
  const away = isLost(work) ? A_DAY : work.later === 1 ? work.seconds : 0;
  return withData(work, work.now === undefined ? 'unknown' : retention < away ? 'minutes' : 'none');
}

/** Event sources, and whoever has a role that may receive from the queue. */
function consumersOf(queue: Resource, { topology }: Context): readonly string[] {
  const sources = topology.whoMentions(queue.key, 'AWS::Lambda::EventSourceMapping').flatMap(({ properties }) => referredTo(properties.FunctionName));
  const policies = topology.whoMentions(queue.key, 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
    .filter(({ properties }) => JSON.stringify(properties).includes('sqs:ReceiveMessage') || JSON.stringify(properties).includes('"sqs:*"'));
  const roles = policies.flatMap(({ key, type, properties }) => type === 'AWS::IAM::Role' ? [key] : listOf(properties.Roles).flatMap(role => referredTo(role)));
  const users = roles.flatMap(role => holdersOf(role, topology));
  return [...new Set([...sources, ...users])];
}

function holdersOf(role: string, topology: Context['topology']): string[] {
  const functions = topology.whoMentions(role, 'AWS::Lambda::Function').map(({ key }) => key);
  const profiles = topology.whoMentions(role, 'AWS::IAM::InstanceProfile').map(({ key }) => key);
  const machines = profiles.flatMap(profile => topology.whoMentions(profile, 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::Instance'));
  const tasks = topology.whoMentions(role, 'AWS::ECS::TaskDefinition').flatMap(({ key }) => topology.whoMentions(key, 'AWS::ECS::Service'));
  return [...functions, ...tasks.map(({ key }) => key), ...machines.flatMap(({ key, type }) => type === 'AWS::EC2::Instance' ? [key]
    : topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup').map(group => group.key))];
}

/** An HTTP API and the function that answers. */
export function stateOfApi(api: Resource, context: Context): State {
  return allOf([regional(api, context), ...referredTo(api.properties.Target).map(key => context.state(key))]);
}

export function referredTo(value: Value | undefined): string[] {
  return value instanceof Reference ? [value.resource]
    : typeof value === 'object' && value !== null && 'parts' in value
      ? (value.parts as readonly unknown[]).flatMap(part => part instanceof Reference ? [part.resource] : []) : [];
}
