import { stateOfNode } from './balancers';
import { Context, stateFor } from '../model';
import { secondsOf } from '../recovery-times';
import { allOf, asNeeded, downOf, interrupted, isLost, lost, State, sumOf, WELL } from '../state';
import { asBoolean, asNumber, at, listOf, Reference, referredTo, Value } from '../template/value';
import { Resource } from '../template/world';
import { nameOfRecord, RecordSet, recordsOf } from '../topology';

/** A resource with records stands for their names. */
export function stateOfRecords(resource: Resource, context: Context): State {
  const names = new Map(recordsOf(resource).map(record => [nameOfRecord(record), record]));
  return allOf([...names.values()].map(record => stateOfName(record, context)));
}

/** A record set stands for its whole name: all records of that name and type. */
function stateOfName(record: RecordSet, context: Context): State {
  const { topology } = context;
  if (record.properties.SetIdentifier === undefined && record.properties.Failover === undefined) { return stateOfTarget(record, context); }
  const same = topology.recordsLike(record);
  const primary = same.find(({ properties }) => properties.Failover === 'PRIMARY');
  if (primary) { return stateOfFailover(primary, same, context); }
  return record.properties.Failover === undefined ? stateOfShares(same, context) : stateOfTarget(record, context);
}

/** The primary is asked as long as it counts as healthy. */
function stateOfFailover(primary: RecordSet, same: readonly RecordSet[], context: Context): State {
  const { damage } = context;
  const secondary = same.find(({ properties }) => properties.Failover === 'SECONDARY');
  const hit = same.some(({ key }) => damage.hits('dns-primary', key));
  const first = hit ? lost(`the target of ${primary.key} stops answering`) : stateOfTarget(primary, context);
  if (!isLost(first) && first.now !== 0) { return first; }
  const seconds = failoverSeconds(primary, context);
  const decision = { property: `${primary.key}.HealthCheckId`, remedy: 'a health check of the primary, and a secondary' };
  if (seconds === undefined || !secondary) { return isLost(first) ? lost(`${primary.key} counts as healthy, whatever happens`, decision) : first; }
  const second = answers(primary, secondary, context) ? stateOfTarget(secondary, context)
    : lost(`${secondary.key} cannot answer what clients ask for`, { property: `${secondary.key}.AliasTarget`, remedy: 'a secondary that speaks HTTPS' });
  if (second.now === 0 && isLost(second)) { return { ...first, why: [...first.why, ...second.why] }; }
  if (second.now === undefined) { return first; }
  const moved = interrupted(seconds, `the name of ${primary.key} moves to its secondary`, { property: decision.property });
  return isLost(first)
    ? { ...moved, later: second.later, seconds: Math.max(seconds, second.seconds) }
    : { ...moved, seconds: Math.min(seconds, first.seconds), down: Math.min(seconds, downOf(first)) };
}

/** Of records that share a name each has its clients, by weight; one of no weight has them when all others are found dead. */
function stateOfShares(same: readonly RecordSet[], context: Context): State {
  const parts = same.map(record => ({ record, state: stateOfTarget(record, context), weight: asNumber(record.properties.Weight) ?? 1 }));
  const weighted = parts.filter(({ weight }) => weight > 0);
  const active = weighted.length > 0 ? weighted : parts.map(part => ({ ...part, weight: 1 }));
  const standby = parts.filter(part => !active.some(({ record }) => record === part.record)).map(part => ({ ...part, weight: 1 }));
  const shares = sumOf(active);
  const waits = active.map(({ record }) => failoverSeconds(record, context) ?? Infinity);
  const seconds = Math.max(...waits);
  if (shares.now !== 0 || standby.length === 0 || seconds === Infinity) { return shares; }
  const second = sumOf(standby);
  if (second.now === undefined || isLost(second)) { return shares; }
  const moved = interrupted(seconds, `the name of ${same[0].key} moves to the record without weight`, { property: `${same[0].key}.Weight` });
  return { ...moved, later: Math.max(second.later ?? 0, shares.later ?? 0), seconds: Math.max(seconds, second.seconds) };
}

/** After how long the name moves; undefined if nothing makes it. */
export function failoverSeconds({ properties }: RecordSet, { topology }: Pick<Context, 'topology'>): number | undefined {
  const ttl = asNumber(properties.TTL) ?? secondsOf('dnsTtl');
  const check = topology.resource(properties.HealthCheckId);
  if (check) {
    const config = check.properties.HealthCheckConfig;
    return (asNumber(at(config, 'RequestInterval')) ?? 30) * (asNumber(at(config, 'FailureThreshold')) ?? 3) + ttl;
  }
  return asBoolean(at(properties, 'AliasTarget', 'EvaluateTargetHealth')) ? 60 + ttl : undefined;
}

/** A website of S3 speaks no HTTPS. */
function answers(primary: RecordSet, secondary: RecordSet, { topology }: Context): boolean {
  const website = JSON.stringify(at(secondary.properties, 'AliasTarget', 'DNSName') ?? '').includes('s3-website');
  const balancers = referredTo(at(primary.properties, 'AliasTarget', 'DNSName'));
  const https = balancers.flatMap(({ resource: key }) => topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::Listener'))
    .some(({ properties }) => properties.Protocol === 'HTTPS' || properties.Protocol === 'TLS');
  return !(website && https);
}

/** What a record leads to: of several addresses each has its part of the clients. */
function stateOfTarget({ key, properties }: RecordSet, context: Context): State {
  const alias = at(properties, 'AliasTarget', 'DNSName');
  const stateOf = (value: Value, property: string) =>
    allOf(context.topology.led(value).map(reference => stateOfNamed(key, property, reference, context)));
  if (alias !== undefined) { return stateOf(alias, 'AliasTarget'); }
  const values = listOf(properties.ResourceRecords).map(value => stateOf(value, 'ResourceRecords'));
  return values.length === 0 ? WELL : sumOf(values.map(state => ({ state, weight: 1 })));
}

/** What an address or a name in a record leads to. */
function stateOfNamed(record: string, property: string, reference: Reference, context: Context): State {
  const { topology, damage } = context;
  const target = topology.world.resource(reference.resource);
  if (target?.type === 'AWS::EC2::EIP') {
    const balancer = topology.whoMentions(target.key, 'AWS::ElasticLoadBalancingV2::LoadBalancer')[0];
    const mapping = balancer && listOf(balancer.properties.SubnetMappings).find(one => {
      const allocation = at(one, 'AllocationId');
      return allocation instanceof Reference && allocation.resource === target.key;
    });
    if (balancer && mapping) { return stateOfNode(balancer, topology.zoneOfSubnet(at(mapping, 'SubnetId')), context); }
  }
  const lent = target?.type === 'AWS::EC2::Instance' && /^Public/.test(reference.attribute);
  if (lent && damage.hits('stop-start', reference.resource)) {
    return lost(`the public address in ${record} was lent, and is another one after the start`,
      { property: `${record}.${property}`, remedy: 'an elastic address' });
  }
  return asNeeded(context.state(reference.resource), { needer: record, needed: reference.resource, property: `${record}.${property}`, certain: true });
}

/**
 * A distribution is everywhere; it answers what its origins do, each for its paths, or one in the place of another in a group.
 *
 * A page that it shows for an error says that the site is down, and is no answer in its place.
 */
export function stateOfDistribution(distribution: Resource, context: Context): State {
  const config = distribution.properties.DistributionConfig;
  const origins = listOf(at(config, 'Origins')).map(origin => ({
    id: at(origin, 'Id'),
    state: allOf(wayToOrigin(origin, context).map(({ resource }) => stateFor(distribution, resource, 'DistributionConfig.Origins', context))),
  }));
  const stateOf = (id: Value | undefined) => origins.find(origin => origin.id === id)?.state ?? WELL;
  const groups = listOf(at(config, 'OriginGroups', 'Items')).map(group => ({
    id: at(group, 'Id'),
    members: listOf(at(group, 'Members', 'Items')).map(member => at(member, 'OriginId')),
  }));
  const behaviors = [at(config, 'DefaultCacheBehavior'), ...listOf(at(config, 'CacheBehaviors'))];
  const errorPages = new Set(listOf(at(config, 'CustomErrorResponses')).flatMap(response => at(response, 'ResponsePagePath') ?? []));
  const isErrorPage = (behavior: Value | undefined) => errorPages.has(at(behavior, 'PathPattern') ?? null);
  const direct = new Set(behaviors.filter(behavior => !isErrorPage(behavior)).map(behavior => at(behavior, 'TargetOriginId')));
  // nobody misses a page for errors by itself
  const spared = new Set([...groups.flatMap(({ members }) => members), ...behaviors.filter(isErrorPage).map(behavior => at(behavior, 'TargetOriginId'))]);
  const writes = new Set(behaviors.filter(behavior => listOf(at(behavior, 'AllowedMethods')).includes('POST')).map(behavior => at(behavior, 'TargetOriginId')));
  const alone = origins.filter(({ id }) => !spared.has(id) || direct.has(id)).map(({ state }) => state);
  return allOf([...alone, ...groups.map(({ id, members: [first, second] }) => {
    const [one, other] = [stateOf(first), stateOf(second)];
    // what the first origin does not answer is asked of the second at once, but only if it writes nothing
    return !writes.has(id) && second !== undefined && one.now !== undefined && one.now < 1 && other.now === 1 ? WELL : one;
  })]);
}

/** What an origin leads to. The name of one within a network is only what is asked for there, and may be that of the site. */
function wayToOrigin(origin: Value, { topology }: Context): readonly Reference[] {
  const within = referredTo(at(origin, 'VpcOriginConfig', 'VpcOriginId'));
  return within.length > 0 ? within : topology.led(at(origin, 'DomainName'));
}
