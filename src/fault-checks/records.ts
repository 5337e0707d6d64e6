import { Judgement, undecided } from './rule';
import { worstOf } from './worst';
import { fixedTargetsOf, membersOf, targetGroupsOf } from '../fault-simulation/components/balancers';
import { asBoolean, at, firstUnknown, keysReferredTo, listOf, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { keysIn, nameOfRecord, RecordSet, recordsOf, Topology } from '../fault-simulation/topology';

export const RECORDS = ['AWS::Route53::RecordSet', 'AWS::Route53::RecordSetGroup'];

/** Judges each record set of a resource; the property is the one of the record set, or the list that it is in. */
export function judgeRecords(resource: Resource, judge: (record: RecordSet, propertyOf: (name: string) => string) => Judgement): Judgement {
  const { RecordSets: list } = resource.properties;
  if (list instanceof Unknown) { return undecided(list.reason, 'RecordSets'); }
  const propertyOf = (name: string) => resource.type === 'AWS::Route53::RecordSet' ? name : `RecordSets.${name}`;
  return worstOf(recordsOf(resource).map(record => judge(record, propertyOf)));
}

/** What makes Route 53 leave a record out of its answers: a health check, the health of what it leads to, or nothing. */
export function leftOutBy({ properties }: RecordSet): 'check' | 'target' | 'nothing' | Unknown {
  const { HealthCheckId: check, AliasTarget: alias } = properties;
  const evaluated = at(alias, 'EvaluateTargetHealth');
  if (check && !(check instanceof Unknown)) { return 'check'; }
  if (asBoolean(evaluated) === true) { return 'target'; }
  return firstUnknown([check, alias, evaluated]) ?? 'nothing';
}

/** Who takes over from a record, or has the clients before it does; unknown where a name or a role is. */
export function partnerOf({ properties }: RecordSet, role: 'PRIMARY' | 'SECONDARY', topology: Topology): RecordSet | Unknown | undefined {
  const all = topology.ofType(...RECORDS).flatMap(recordsOf)
    .filter(other => JSON.stringify(other.properties.Type) === JSON.stringify(properties.Type) && other.properties.Failover !== undefined);
  const same = all.filter(other => plain(other.properties.Name) === plain(properties.Name));
  const found = same.find(other => other.properties.Failover === role);
  if (found) {
    return topology.world.resource(found.key)?.presence === 'unknown' ? new Unknown(`whether ${found.key} is there is decided at deployment`) : found;
  }
  const open = same.find(other => other.properties.Failover instanceof Unknown);
  if (open) { return new Unknown(`whether ${open.key} is its ${role} is decided at deployment`); }
  // names that are put together in different ways may be the same
  const other = all.find(one => one.properties.Failover === role && !(typeof one.properties.Name === 'string' && typeof properties.Name === 'string'));
  return other && new Unknown(`whether ${other.key} has the same name is decided at deployment`);
}

function plain(name: Value | undefined): string {
  return typeof name === 'string' ? name.replace(/\.$/, '').toLowerCase() : JSON.stringify(name ?? null);
}

/** What a record leads to: an alias, or addresses and names. */
export function targetsOf({ properties }: RecordSet): readonly Value[] {
  const alias = at(properties, 'AliasTarget', 'DNSName');
  return alias === undefined ? listOf(properties.ResourceRecords) : [alias];
}

/** The record sets that a name means, by a reference or as it is written down. */
export function recordsMeant(name: Value | undefined, topology: Topology): readonly RecordSet[] {
  return typeof name === 'string' ? topology.recordsNamed(name.replace(/\.$/, '')) : keysReferredTo(name).flatMap(key => {
    const resource = topology.world.resource(key);
    return resource ? recordsOf(resource) : [];
  });
}

/** All that a name or an address leads to, through other names, distributions, balancers and addresses. */
export function behind(target: Value | undefined, topology: Topology, found = new Set<string>()): ReadonlySet<string> {
  const records = recordsMeant(target, topology).filter(record => !found.has(nameOfRecord(record)));
  records.forEach(record => found.add(nameOfRecord(record)));
  records.flatMap(targetsOf).forEach(next => behind(next, topology, found));
  const things = [...keysReferredTo(target).flatMap(key => topology.world.resource(key) ?? []), ...topology.withAddress(target)];
  things.filter(({ type }) => !RECORDS.includes(type)).forEach(thing => follow(thing, topology, found));
  return found;
}

function follow(resource: Resource, topology: Topology, found: Set<string>): void {
  if (found.has(resource.key)) { return; }
  found.add(resource.key);
  behindThing(resource, topology).flatMap(key => topology.world.resource(key) ?? []).forEach(next => follow(next, topology, found));
  listOf(at(resource.properties.DistributionConfig, 'Origins')).flatMap(origin => [at(origin, 'DomainName'), at(origin, 'VpcOriginConfig', 'VpcOriginId')])
    .forEach(name => behind(name, topology, found));
}

function behindThing(resource: Resource, topology: Topology): readonly string[] {
  const { key, type, properties } = resource;
  switch (type) {
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': return targetGroupsOf(resource, { topology })
      .flatMap(group => [...membersOf(group, { topology }), ...fixedTargetsOf(group, { topology })].map(member => member.key));
    case 'AWS::ElasticLoadBalancing::LoadBalancer':
      return [...keysIn(properties.Instances), ...topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup').map(group => group.key)];
    case 'AWS::EC2::EIP': return holdersOf(resource, topology);
    case 'AWS::CloudFront::VpcOrigin': return keysReferredTo(at(properties.VpcOriginEndpointConfig, 'Arn'));
    default: return [];
  }
}

/** Who has an address, as the template says it: an instance, an interface, a gateway or a balancer. */
export function holdersOf(address: Resource, topology: Topology): readonly string[] {
  const associations = topology.whoMentions(address.key, 'AWS::EC2::EIPAssociation').map(({ properties }) => properties);
  const named = [address.properties, ...associations].flatMap(one => [...keysIn(one.InstanceId), ...keysIn(one.NetworkInterfaceId)]);
  const others = topology.whoMentions(address.key, 'AWS::EC2::NatGateway', 'AWS::ElasticLoadBalancingV2::LoadBalancer').map(({ key }) => key);
  return [...named, ...others];
}
