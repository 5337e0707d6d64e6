import { consumersOf, QUEUES } from './consumers';
import { stateAfterHand } from './deletion';
import { agentIn, needsOfAgent, withoutAgent } from './failover-agent';
import { withNames } from './reach';
import { Context } from '../model';
import { Need, Needs, needsOfInit, needsOfText, NO_NEEDS, united } from '../needs';
import { Why } from '../state';
import { asNumber, at, isObject, listOf, Properties, Reference, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/** Ports of engines, by which a data store is known when a security group lets a fleet in. */
const ENGINE_PORTS: Readonly<Record<string, number | undefined>> = {
  'postgres': 5432, 'aurora-postgresql': 5432, 'mysql': 3306, 'mariadb': 3306, 'aurora-mysql': 3306, 'redis': 6379, 'valkey': 6379, 'memcached': 11211,
};
const KAFKA = [9092, 9094, 9096, 9098];

/** Data stores, with their ports where these do not go by the engine. */
const STORES: Readonly<Record<string, readonly number[]>> = {
  'AWS::AmazonMQ::Broker': [5671, 8883, 61614, 61617, 61619],
  'AWS::DocDB::DBCluster': [27017],
  'AWS::ElastiCache::CacheCluster': [],
  'AWS::ElastiCache::ReplicationGroup': [],
  'AWS::ElastiCache::ServerlessCache': [],
  'AWS::Elasticsearch::Domain': [443],
  'AWS::MSK::Cluster': KAFKA,
  'AWS::MSK::ServerlessCluster': KAFKA,
  'AWS::MemoryDB::Cluster': [6379],
  'AWS::Neptune::DBCluster': [8182],
  'AWS::OpenSearchService::Domain': [443],
  'AWS::RDS::DBCluster': [],
  'AWS::RDS::DBInstance': [],
  'AWS::Redshift::Cluster': [5439],
};

/** How machines are made, and by which resource. */
export interface Machine {
  readonly properties: Properties;
  /** Where user data stand, `Stack/LogicalId.Property`. */
  readonly userData: string;
  readonly init?: Value;
}

/** How the machines of a group, of nodes or an instance are made: a launch template, a launch configuration, or the instance itself. */
export function machineOf(resource: Resource, topology: Topology): Machine {
  const { properties, type, init } = resource;
  const own: Machine = { properties, userData: `${resource.key}.UserData`, init };
  if (type === 'AWS::EC2::Instance' && !('LaunchTemplate' in properties)) { return own; }
  const direct = at(properties, 'LaunchTemplate') ?? at(properties, 'MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification');
  const named = ['LaunchTemplateId', 'LaunchTemplateName', 'Id', 'Name'].map(name => topology.resource(at(direct, name)));
  const template = named.find(found => found !== undefined);
  const data = at(template?.properties, 'LaunchTemplateData');
  if (template && isObject(data)) {
    const overridden = type === 'AWS::EC2::Instance' ? { ...data, ...properties } : data;
    return { properties: overridden, userData: `${template.key}.LaunchTemplateData.UserData`, init: init ?? template.init };
  }
  const configuration = topology.resource(properties.LaunchConfigurationName);
  return { properties: configuration?.properties ?? {}, userData: `${configuration?.key ?? resource.key}.UserData`, init: init ?? configuration?.init };
}

/** Types from which machines are launched. */
export const TEMPLATES: readonly string[] = ['AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration'];

/** That somebody has taken away what a group launches from; undefined if nobody has. */
export function takenTemplate(group: Resource, context: Context): Why | undefined {
  const { topology } = context;
  const mentioned = [...topology.mentionedBy(group)].flatMap(key => topology.world.resource(key) ?? []);
  const taken = mentioned.find(one => TEMPLATES.includes(one.type) && stateAfterHand(one, context));
  return taken && { what: `${group.key} starts nothing anew without ${taken.key}` };
}

/** What the machines need, out of their user data, of what cfn-init does, and of the security groups that let them in. */
export function needsOfMachine(resource: Resource, { properties, userData, init }: Machine, topology: Topology): Needs {
  return topology.once(`needs of ${resource.key}`, () => united([
    withNames(needsOfText(withoutAgent(properties.UserData), userData), userData, topology),
    needsOfAgent(agentIn(properties.UserData), userData),
    withNames(needsOfInit(init, `${userData.split('.')[0]}.Metadata`), userData, topology),
    { ...NO_NEEDS, running: [...storesThatLetIn(securityGroupsOf(properties), topology), ...queuesWorkedOnBy(resource.key, topology)] },
  ]));
}

/** Queues and streams from which the role of the machines may receive: whoever works on one has to reach it. */
function queuesWorkedOnBy(worker: string, topology: Topology): Need[] {
  return topology.ofType(...QUEUES).flatMap(queue => consumersOf(queue, topology).filter(({ key }) => key === worker)
    .map(({ property, certain }) => ({ reference: new Reference(queue.key, 'Ref'), property, certain })));
}

function securityGroupsOf(machine: Properties): string[] {
  const interfaces = listOf(machine.NetworkInterfaces).flatMap(one => listOf(at(one, 'Groups') ?? at(one, 'GroupSet')));
  return [machine.SecurityGroupIds, machine.SecurityGroups, ...interfaces].flatMap(value => listOf(value))
    .flatMap(group => group instanceof Reference ? [group.resource] : []);
}

/** Data stores whose security group lets one of these groups in at their port. */
export function storesThatLetIn(groups: readonly string[], topology: Topology): Need[] {
  if (groups.length === 0) { return []; }
  return topology.ofType(...Object.keys(STORES)).flatMap(store => {
    const ports = portsOf(store, topology);
    const open = groupsOf(store).find((group): group is Reference => group instanceof Reference
      && groups.some(client => ports.some(port => topology.letsIn(group.resource, port).has(client))));
    return open ? [{ reference: new Reference(store.key, 'Endpoint'), property: `${open.resource}.SecurityGroupIngress`, certain: false }] : [];
  });
}

/** The ports of a store; any where it is not known. */
function portsOf({ type, properties }: Resource, topology: Topology): readonly (number | undefined)[] {
  const own = asNumber(properties.Port ?? properties.DBPort);
  if (own !== undefined) { return [own]; }
  const engine = properties.Engine ?? topology.resource(properties.DBClusterIdentifier)?.properties.Engine;
  return STORES[type].length > 0 ? STORES[type] : [ENGINE_PORTS[String(engine)]];
}

function groupsOf({ properties }: Resource): readonly Value[] {
  const { VPCSecurityGroups, VpcSecurityGroupIds, SecurityGroupIds, SecurityGroups, BrokerNodeGroupInfo, VPCOptions, VpcConfigs } = properties;
  const within = [at(BrokerNodeGroupInfo, 'SecurityGroups'), at(VPCOptions, 'SecurityGroupIds'), ...listOf(VpcConfigs).map(config => at(config, 'SecurityGroups'))];
  return [VPCSecurityGroups, VpcSecurityGroupIds, SecurityGroupIds, SecurityGroups, ...within].flatMap(value => listOf(value));
}

/** Whether the machines need a data store, so that a health check may be about it. */
export function needsStore({ running }: Needs, topology: Topology): boolean {
  return running.some(({ reference }) => (topology.resource(reference)?.type ?? '') in STORES);
}
