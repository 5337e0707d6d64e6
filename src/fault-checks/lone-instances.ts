import { fixedTargetsOf, membersOf } from '../fault-simulation/components/balancers';
import { machineOf } from '../fault-simulation/components/machine';
import { asNumber, at, keysReferredTo, listOf, Properties, Reference, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { recordsOf, Topology } from '../fault-simulation/topology';

/** Ports by which people reach a server to work on it: a bastion has no others. */
const OF_ADMINISTRATORS = [22, 3389];

/** What leads to an instance. */
export interface Way {
  readonly by: string;
  /** Whether it leads to nothing else that would do the work. */
  readonly alone: boolean;
  /** Whether others than administrators go that way; undefined where the template does not say whom the instance lets in. */
  readonly serves: boolean | undefined;
}

/** All that leads to an instance: routes, balancers, names and addresses. */
export function waysTo(instance: Resource, topology: Topology): readonly Way[] {
  const machine = machineOf(instance, topology).properties;
  const interfaces = listOf(machine.NetworkInterfaces).flatMap(one => topology.resource(at(one, 'NetworkInterfaceId')) ?? []);
  const own = [instance.key, ...interfaces.map(({ key }) => key)];
  const serves = letsUsersIn([machine, ...interfaces.map(({ properties }) => properties)], topology);
  return [
    ...own.flatMap(key => topology.whoMentions(key, 'AWS::EC2::Route')).map(({ key }) => ({ by: key, alone: true, serves: true })),
    ...balancersOf(instance, topology).map(one => ({ ...one, serves: true })),
    ...distributionsOf(instance, topology).map(by => ({ by, alone: true, serves: true })),
    ...namesOf(own, topology).map(one => ({ ...one, serves })),
  ];
}

function balancersOf({ key: instance }: Resource, topology: Topology): Omit<Way, 'serves'>[] {
  const groups = topology.ofType('AWS::ElasticLoadBalancingV2::TargetGroup')
    .filter(group => fixedTargetsOf(group, { topology }).some(({ key }) => key === instance));
  const classic = topology.whoMentions(instance, 'AWS::ElasticLoadBalancing::LoadBalancer');
  return [...groups, ...classic].map(one => ({
    by: one.key,
    alone: listOf(one.properties.Targets ?? one.properties.Instances).length + membersOf(one, { topology }).length === 1,
  }));
}

/** Distributions of which an origin is the instance, and no group of origins has another one in its place. */
function distributionsOf({ key: instance }: Resource, topology: Topology): string[] {
  const ways = [instance, ...topology.whoMentions(instance, 'AWS::CloudFront::VpcOrigin').map(({ key }) => key)];
  const isWay = (value: Value | undefined) => keysReferredTo(value).some(key => ways.includes(key));
  return topology.ofType('AWS::CloudFront::Distribution').filter(({ properties: { DistributionConfig: config } }) =>
    listOf(at(config, 'OriginGroups', 'Items')).length === 0
    && listOf(at(config, 'Origins')).some(origin => isWay(at(origin, 'DomainName')) || isWay(at(origin, 'VpcOriginConfig', 'VpcOriginId')))).map(({ key }) => key);
}

/** Names, and elastic addresses that are in none. */
function namesOf(own: readonly string[], topology: Topology): Omit<Way, 'serves'>[] {
  const addresses = topology.ofType('AWS::EC2::EIP').filter(address =>
    [address, ...topology.whoMentions(address.key, 'AWS::EC2::EIPAssociation')].some(one => holds(one.properties, own))).map(({ key }) => key);
  const leading = [...own, ...addresses];
  const records = topology.ofType('AWS::Route53::RecordSet', 'AWS::Route53::RecordSetGroup').flatMap(recordsOf)
    .filter(({ properties }) => valuesOf(properties).some(value => topology.led(value).some(({ resource }) => leading.includes(resource))));
  return records.length === 0 ? addresses.map(by => ({ by, alone: true })) : records.map(record =>
    ({ by: record.key, alone: valuesOf(record.properties).length === 1 && topology.recordsLike(record).length === 1 }));
}

function holds({ InstanceId, NetworkInterfaceId }: Properties, own: readonly string[]): boolean {
  return [InstanceId, NetworkInterfaceId].some(one => one instanceof Reference && own.includes(one.resource));
}

function valuesOf({ AliasTarget, ResourceRecords }: Properties): readonly Value[] {
  return listOf(at(AliasTarget, 'DNSName') ?? ResourceRecords);
}

/** Whether the security groups let in others than administrators. */
function letsUsersIn(machines: readonly Properties[], topology: Topology): boolean | undefined {
  const holders = machines.flatMap(one => [one, ...listOf(one.NetworkInterfaces)]);
  const groups = holders.flatMap(one => ['SecurityGroupIds', 'SecurityGroups', 'GroupSet', 'Groups'].flatMap(name => listOf(at(one, name))));
  const known = groups.flatMap(group => topology.resource(group) ?? []);
  const ports = known.flatMap(group => rulesOf(group, topology)).filter(rule => !String(at(rule, 'IpProtocol')).startsWith('icmp'))
    .map(rule => asNumber(at(rule, 'IpProtocol')) === -1 ? [0, 65535] : [asNumber(at(rule, 'FromPort')), asNumber(at(rule, 'ToPort'))]);
  if (groups.length === 0 || ports.some(([from, to]) => from !== undefined && !(from === to && OF_ADMINISTRATORS.includes(from)))) { return true; }
  return known.length < groups.length || ports.some(([from]) => from === undefined) ? undefined : false;
}

function rulesOf({ key, properties }: Resource, topology: Topology): readonly Value[] {
  return [...listOf(properties.SecurityGroupIngress), ...topology.whoMentions(key, 'AWS::EC2::SecurityGroupIngress')
    .filter(rule => keysReferredTo(rule.properties.GroupId).includes(key)).map(rule => rule.properties)];
}
