import { Fleet, placed, stateOfFleet, withNeed } from './fleet';
import { storesThatLetIn } from './machine';
import { anyOfPlaces, regional } from './network';
import { stateOfNeeds, wayFrom, withNames } from './reach';
import { Context, stateFor } from '../model';
import { Need, Needs, needsOfValues, NO_NEEDS } from '../needs';
import { secondsOf } from '../recovery-times';
import { allOf, asNeeded, decidedBy, lost, State, sumOf, undecided, WELL } from '../state';
import { asNumber, at, isObject, keysReferredTo, listOf, referencesIn, referredTo, Text, Value } from '../template/value';
import { Resource } from '../template/world';
import { keysIn, Topology } from '../topology';

/** A function runs in every zone of its Region; in a network, in those of its subnets. */
export function stateOfFunction(lambda: Resource, context: Context): State {
  const { properties, key } = lambda;
  const vpc = properties.VpcConfig;
  const environment = at(properties, 'Environment', 'Variables');
  const own = withNames(needsOfValues(isObject(environment) ? Object.values(environment) : [], `${key}.Environment`), `${key}.Environment`, context.topology);
  const mounted = listOf(properties.FileSystemConfigs).flatMap(config => referredTo(at(config, 'Arn')))
    .map((reference): Need => ({ reference, property: `${key}.FileSystemConfigs`, certain: true }));
  const needs = { ...own, running: [...own.running, ...mounted, ...storesThatLetIn(keysIn(vpc, 'SecurityGroupIds'), context.topology)] };
  const needed = stateOfNeeds(needs, lambda, context);
  const subnets = at(vpc, 'SubnetIds');
  if (subnets === undefined || (Array.isArray(subnets) && subnets.length === 0)) { return allOf([regional(lambda, context), needed]); }
  const up = anyOfPlaces(lambda, context.topology.zonesOfSubnets(subnets), 'VpcConfig.SubnetIds', context);
  const ways = listOf(subnets).map(subnet => wayFrom(key, subnet, needs, context));
  // the ways that are lost take their share of the invocations along
  return allOf([up, needed, ...ways.length > 0 ? [sumOf(ways.map(state => ({ state, weight: 1 })))] : []]);
}

/** A version, an alias or an address of a function. */
export function stateOfFunctionName(name: Resource, context: Context): State {
  const { FunctionName: byName, TargetFunctionArn: byArn } = name.properties;
  return allOf(keysReferredTo(byName ?? byArn).map(key => stateFor(name, key, byName === undefined ? 'TargetFunctionArn' : 'FunctionName', context)));
}

/** An ECS service: tasks spread over the subnets of Fargate, or over the instances of a group, each with an image to pull when it starts. */
export function stateOfService(service: Resource, context: Context): State {
  const { topology, damage } = context;
  const { properties } = service;
  const hosts = hostsOf(service, context);
  if (hosts === undefined) { return undecided(`where the tasks of ${service.key} run is not read`, decidedBy(service, 'LaunchType')); }
  const network = at(properties, 'NetworkConfiguration', 'AwsvpcConfiguration');
  const subnets = hosts === 'fargate' ? at(network, 'Subnets') : hosts.properties.VPCZoneIdentifier;
  const task = topology.resource(properties.TaskDefinition);
  const own = needsOfTask(task, topology);
  const needs: Needs = { ...own, running: [...own.running, ...storesThatLetIn(keysIn(network, 'SecurityGroups'), topology)] };
  const size = tasksOf(service, topology);
  // by default tasks are spread over zones
  const strategies = hosts === 'fargate' ? [] : listOf(properties.PlacementStrategies);
  const packed = strategies.length > 0 && !strategies.some(one => at(one, 'Type') === 'spread' && at(one, 'Field') === 'attribute:ecs.availability-zone');
  const fleet: Fleet = {
    resource: service,
    sizes: [size || `how many tasks ${service.key} has is not in the template`],
    subnets: placed(subnets, topology),
    spread: hosts === 'fargate' ? 'NetworkConfiguration.AwsvpcConfiguration.Subnets' : 'LaunchType',
    sized: 'DesiredCount',
    needs,
    relaunchSeconds: secondsOf('ecsTask') + (hosts === 'fargate' ? 0 : secondsOf('relaunch')),
    stopped: undefined,
    held: undefined,
    packed,
  };
  const badVersion = damage.hits('bad-version', service.key) ? badTasks(service, size ?? 1) : WELL;
  const most = packed ? size ?? 1 : Math.ceil((size ?? 1) / Math.max(1, listOf(subnets).length));
  const below = hosts === 'fargate' ? WELL : stateOfHosts(service, hosts, most / (size ?? 1), context);
  return withNeed(fleet, allOf([stateOfFleet(fleet, context), below, badVersion]), stateOfNeeds(needs, service, context), context);
}

/** The tasks of a service: as many as are asked for, or the least to which it is scaled, which is one where it is scaled from nothing. */
export function tasksOf({ key, properties }: Resource, topology: Topology): number | undefined {
  const desired = asNumber(properties.DesiredCount ?? 1);
  const targets = topology.whoMentions(key, 'AWS::ApplicationAutoScaling::ScalableTarget');
  const least = targets.flatMap(target => asNumber(target.properties.MinCapacity) ?? []);
  const isScaled = [key, ...targets.map(target => target.key)]
    .some(one => topology.whoMentions(one, 'AWS::ApplicationAutoScaling::ScalingPolicy').length > 0);
  return desired === undefined ? undefined : Math.max(desired, isScaled ? 1 : 0, ...least);
}

/** The instances under a service: with one of them goes at most this share of the tasks; those of a zone are counted with the zone. */
function stateOfHosts(service: Resource, hosts: Resource, share: number, context: Context): State {
  const state = stateFor(service, hosts.key, 'LaunchType', context);
  if (state.now === undefined || state.now === 0 || state.now === 1) { return state; }
  const hit = context.damage.hits('instance', hosts.key) || context.damage.hits('host', hosts.key);
  return { ...state, now: hit ? 1 - share : 1 };
}

/** What the containers of a task are given, and where their images come from. */
function needsOfTask(task: Resource | undefined, topology: Topology): Needs {
  if (!task) { return { ...NO_NEEDS, fetchesAtBoot: true }; }
  const property = `${task.key}.ContainerDefinitions`;
  const containers = listOf(task.properties.ContainerDefinitions);
  const values = containers.flatMap(container => [
    ...listOf(at(container, 'Environment')).map(entry => at(entry, 'Value')), ...listOf(at(container, 'Secrets')).map(entry => at(entry, 'ValueFrom')),
  ]);
  const own = withNames(needsOfValues(values.map(value => value ?? null), property), property, topology);
  const images = containers.map(container => at(container, 'Image'));
  const fromEcr = images.filter(image => isInEcr(image, topology));
  const mounted = listOf(task.properties.Volumes).flatMap(volume => referredTo(at(volume, 'EFSVolumeConfiguration', 'FilesystemId')))
    .map((reference): Need => ({ reference, property: `${task.key}.Volumes`, certain: true }));
  return { ...own, attached: mounted, fetchesAtBoot: fromEcr.length < images.length, bootServices: fromEcr.length > 0 ? ['ecr.api', 'ecr.dkr', 's3'] : [] };
}

function isInEcr(image: Value | undefined, topology: Topology): boolean {
  const text = typeof image === 'string' ? [image] : image instanceof Text ? image.parts.filter(part => typeof part === 'string') : [];
  return text.some(part => part.includes('.dkr.ecr.')) || referredTo(image).some(one => topology.resource(one)?.type === 'AWS::ECR::Repository');
}

/** What the tasks of a service run on: Fargate, or the instances of a group; undefined where that is not shown. */
export function hostsOf({ properties }: Resource, { topology }: Pick<Context, 'topology'>): Resource | 'fargate' | undefined {
  const cluster = topology.resource(properties.Cluster);
  const byCluster = [at(cluster?.properties, 'DefaultCapacityProviderStrategy'),
    ...cluster ? topology.whoMentions(cluster.key, 'AWS::ECS::ClusterCapacityProviderAssociations').map(one => one.properties.DefaultCapacityProviderStrategy) : []];
  const own = listOf(properties.CapacityProviderStrategy);
  const strategy = own.length > 0 || properties.LaunchType !== undefined ? own : byCluster.flatMap(value => listOf(value));
  const providers = strategy.map(one => at(one, 'CapacityProvider'));
  if (properties.LaunchType === 'FARGATE' || (providers.length > 0 && providers.every(one => one === 'FARGATE' || one === 'FARGATE_SPOT'))) { return 'fargate'; }
  const groups = providers.flatMap(one => topology.resource(one) ?? [])
    .flatMap(provider => topology.resource(at(provider.properties, 'AutoScalingGroupProvider', 'AutoScalingGroupArn')) ?? []);
  const [group] = providers.length > 0 ? groups : cluster ? groupsOf(cluster, topology) : [];
  if (group || properties.LaunchType !== undefined || providers.length > 0) { return group; }
  const compatible = listOf(topology.resource(properties.TaskDefinition)?.properties.RequiresCompatibilities);
  return compatible.length === 1 && compatible[0] === 'FARGATE' ? 'fargate' : undefined;
}

/** The groups of which the machines join a cluster, as their user data say. */
function groupsOf(cluster: Resource, topology: Topology): readonly Resource[] {
  return topology.whoMentions(cluster.key, 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration')
    .flatMap(({ key }) => topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup'));
}

/** Old tasks stay until new ones are healthy, as many as the service keeps. */
function badTasks({ key, properties }: Resource, size: number): State {
  const keeps = (asNumber(at(properties, 'DeploymentConfiguration', 'MinimumHealthyPercent')) ?? 100) / 100;
  const left = Math.ceil(size * keeps) / size;
  return left >= 1 ? WELL : left === 0 ? lost(`${key} keeps no old task`) : {
    now: left, later: left, seconds: 0, why: [{ what: `${key} keeps ${keeps * 100} % of its old tasks`, decision: decidedBy({ key }, 'DeploymentConfiguration') }],
  };
}

/** An HTTP API: all that its integrations lead to, behind a link into the network if they have one. */
export function stateOfHttpApi(api: Resource, context: Context): State {
  const integrations = context.topology.whoMentions(api.key, 'AWS::ApiGatewayV2::Integration');
  const needed = [
    ...keysReferredTo(api.properties.Target).map(key => [key, `${api.key}.Target`] as const),
    ...integrations.flatMap(({ key, properties }) => [
      ...keysReferredTo(properties.IntegrationUri).map(one => [one, `${key}.IntegrationUri`] as const),
      ...keysReferredTo(properties.ConnectionId).map(one => [one, `${key}.ConnectionId`] as const),
    ]),
    ...referencesIn(api.properties.Body).map(({ resource }) => [resource, `${api.key}.Body`] as const),
  ];
  return stateOfApi(api, needed, context);
}

/** A REST API: all that its methods lead to. */
export function stateOfRestApi(api: Resource, context: Context): State {
  const needed = [
    ...context.topology.whoMentions(api.key, 'AWS::ApiGateway::Method').flatMap(({ key, properties }) => [
      ...keysReferredTo(at(properties, 'Integration', 'Uri')).map(one => [one, `${key}.Integration.Uri`] as const),
      ...keysReferredTo(at(properties, 'Integration', 'ConnectionId')).map(one => [one, `${key}.Integration.ConnectionId`] as const),
    ]),
    ...referencesIn(api.properties.Body).map(({ resource }) => [resource, `${api.key}.Body`] as const),
  ];
  return stateOfApi(api, needed, context);
}

function stateOfApi(api: Resource, needed: readonly (readonly [key: string, property: string])[], context: Context): State {
  const { topology } = context;
  return allOf([regional(api, context), ...needed.map(([key, property]) => {
    const balancer = topology.resource(topology.world.resource(key)?.properties.LoadBalancerArn)?.key; // a listener stands for its balancer
    return asNeeded(context.state(balancer ?? key), { needer: api.key, needed: balancer ?? key, property, certain: true });
  })]);
}

/** The way of an API into a network: interfaces in subnets, or a network load balancer there. */
export function stateOfLink(link: Resource, context: Context): State {
  const { SubnetIds: subnets, TargetArns: targets } = link.properties;
  return allOf([
    ...subnets === undefined ? [] : [anyOfPlaces(link, context.topology.zonesOfSubnets(subnets), 'SubnetIds', context)],
    ...listOf(targets).flatMap(target => keysReferredTo(target)).map(key => stateFor(link, key, 'TargetArns', context)),
  ]);
}
