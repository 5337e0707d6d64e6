import { Needs, needsOfText } from '../needs';
import { at, isObject, listOf, Properties, Reference, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/** Ports by which a data store is known when a security group lets a fleet in. */
const STORE_PORTS: Readonly<Record<string, number | undefined>> = {
  'postgres': 5432, 'aurora-postgresql': 5432, 'mysql': 3306, 'mariadb': 3306, 'aurora-mysql': 3306, 'redis': 6379, 'valkey': 6379,
};

const STORES = ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::ElastiCache::ReplicationGroup'];

/** How the machines of a group or an instance are made: a launch template, a launch configuration, or the instance itself. */
export function machineOf({ properties, type }: Resource, topology: Topology): Properties {
  if (type === 'AWS::EC2::Instance' && !('LaunchTemplate' in properties)) { return properties; }
  const direct = at(properties, 'LaunchTemplate') ?? at(properties, 'MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification');
  const template = topology.resource(at(direct, 'LaunchTemplateId')) ?? topology.resource(at(direct, 'LaunchTemplateName'));
  const data = at(template?.properties, 'LaunchTemplateData');
  if (isObject(data)) { return type === 'AWS::EC2::Instance' ? { ...data, ...properties } : data; }
  return topology.resource(properties.LaunchConfigurationName)?.properties ?? {};
}

/** What the machines need, out of their user data and of the security groups that let them in. */
export function needsOfMachine(resource: Resource, machine: Properties, topology: Topology): Needs {
  return topology.once(`needs of ${resource.key}`, () => {
    const needs = needsOfText(machine.UserData);
    return { ...needs, references: [...needs.references, ...storesThatLetIn(securityGroupsOf(machine), topology)] };
  });
}

export function securityGroupsOf(machine: Properties): string[] {
  const interfaces = listOf(machine.NetworkInterfaces).flatMap(one => listOf(at(one, 'Groups') ?? at(one, 'GroupSet')));
  return [machine.SecurityGroupIds, machine.SecurityGroups, ...interfaces].flatMap(value => listOf(value))
    .flatMap(group => group instanceof Reference ? [group.resource] : []);
}

/** Data stores whose security group lets one of these groups in at their port. */
export function storesThatLetIn(groups: readonly string[], topology: Topology): Reference[] {
  if (groups.length === 0) { return []; }
  return topology.ofType(...STORES).filter(store => {
    const port = STORE_PORTS[String(engineOf(store, topology))];
    const { VPCSecurityGroups, VpcSecurityGroupIds, SecurityGroupIds } = store.properties;
    const own: Value[] = [VPCSecurityGroups, VpcSecurityGroupIds, SecurityGroupIds].flatMap(value => listOf(value));
    return own.some(group => group instanceof Reference && groups.some(client => topology.letsIn(group.resource, port).has(client)));
  }).map(store => new Reference(store.key, 'Endpoint'));
}

function engineOf({ properties }: Resource, topology: Topology): Value | undefined {
  return properties.Engine ?? topology.resource(properties.DBClusterIdentifier)?.properties.Engine;
}

/** Whether the machines need a data store, so that a health check may be about it. */
export function needsStore({ references }: Needs, topology: Topology): boolean {
  return references.some(({ resource }) => STORES.includes(topology.world.resource(resource)?.type ?? ''));
}
