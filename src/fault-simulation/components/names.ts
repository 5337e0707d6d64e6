import { stateOfNode } from './balancers';
import { referredTo } from './serverless';
import { Context } from '../model';
import { secondsOf } from '../recovery-times';
import { allOf, interrupted, isLost, lost, State, WELL } from '../state';
import { asBoolean, asNumber, at, listOf, Reference, Value } from '../template/value';
import { Resource } from '../template/world';

/** A record set stands for its whole name: all records of that name and type, the primary of which is asked. */
export function stateOfRecord(record: Resource, context: Context): State {
  const { topology, damage } = context;
  if (record.properties.Failover === undefined) { return stateOfTarget(record, context); }
  const same = topology.ofType('AWS::Route53::RecordSet').filter(({ properties }) =>
    JSON.stringify([properties.Name, properties.Type]) === JSON.stringify([record.properties.Name, record.properties.Type]));
  const primary = same.find(({ properties }) => properties.Failover === 'PRIMARY');
  const secondary = same.find(({ properties }) => properties.Failover === 'SECONDARY');
  if (!primary) { return stateOfTarget(record, context); }
  const hit = same.some(({ key }) => damage.hits('dns-primary', key));
  const first = hit ? lost(`the target of ${primary.key} stops answering`) : stateOfTarget(primary, context);
  if (!isLost(first) && first.now !== 0) { return first; }
  const seconds = failoverSeconds(primary, context);
  if (seconds === undefined || !secondary) { return isLost(first) ? lost(`${primary.key} counts as healthy, whatever happens`) : first; }
  const second = answers(primary, secondary, context) ? stateOfTarget(secondary, context) : lost(`${secondary.key} cannot answer what clients ask for`);
  if (second.now === 0 && isLost(second)) { return first; }
  if (second.now === undefined) { return first; }
  const moved = interrupted(seconds, `the name of ${primary.key} moves to its secondary`);
  return isLost(first)
    ? { ...moved, later: second.later, seconds: Math.max(seconds, second.seconds) }
    : { ...moved, seconds: Math.min(seconds, first.seconds) };
}

/** After how long the name moves; undefined if nothing makes it. */
function failoverSeconds({ properties }: Resource, { topology }: Context): number | undefined {
  const ttl = asNumber(properties.TTL) ?? secondsOf('dnsTtl');
  const check = topology.resource(properties.HealthCheckId);
  if (check) {
    const config = check.properties.HealthCheckConfig;
    return (asNumber(at(config, 'RequestInterval')) ?? 30) * (asNumber(at(config, 'FailureThreshold')) ?? 3) + ttl;
  }
  return asBoolean(at(properties, 'AliasTarget', 'EvaluateTargetHealth')) ? 60 + ttl : undefined;
}

/** A website of S3 speaks no HTTPS. */
function answers(primary: Resource, secondary: Resource, { topology }: Context): boolean {
  const website = JSON.stringify(at(secondary.properties, 'AliasTarget', 'DNSName') ?? '').includes('s3-website');
  const balancers = referredTo(at(primary.properties, 'AliasTarget', 'DNSName'));
  const https = balancers.flatMap(key => topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::Listener'))
    .some(({ properties }) => properties.Protocol === 'HTTPS' || properties.Protocol === 'TLS');
  return !(website && https);
}

function stateOfTarget({ key, properties }: Resource, context: Context): State {
  const alias = at(properties, 'AliasTarget', 'DNSName');
  const values: readonly Value[] = alias === undefined ? listOf(properties.ResourceRecords) : [alias];
  return allOf(values.flatMap(value => value instanceof Reference
    ? [stateOfNamed(key, value, context)]
    : referredTo(value).map(one => context.state(one))));
}

/** What an address or a name in a record leads to. */
function stateOfNamed(record: string, reference: Reference, context: Context): State {
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
  if (lent && damage.hits('stop-start', reference.resource)) { return lost(`the public address in ${record} was lent, and is another one after the start`); }
  return context.state(reference.resource);
}

/** A distribution is everywhere; it answers what its origins do. */
export function stateOfDistribution(distribution: Resource, context: Context): State {
  const origins = listOf(at(distribution.properties, 'DistributionConfig', 'Origins')).flatMap(origin => referredTo(at(origin, 'DomainName')));
  return origins.length === 0 ? WELL : allOf(origins.map(key => context.state(key)));
}
