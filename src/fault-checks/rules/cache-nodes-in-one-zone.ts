import { at, listOf, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { judgeZones } from '../spread';
import { worstOf } from '../worst';

export const cacheNodesInOneZone: Rule = {
  id: 'EC2c',
  title: 'The nodes of a cache are all put into one zone',
  severity: 'error',
  reason: 'Primary and replicas go together, so that nothing is left to be promoted, and what they keep is gone.',
  sources: ['Amazon ElastiCache User Guide, "Mitigating failures" and "Minimizing downtime in ElastiCache by using Multi-AZ" (2026-11-20)'],
  fix: 'Name two zones at least, or leave them out and set MultiAZEnabled, or AZMode to cross-az.',
  types: ['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::CacheCluster'],
  needsTopology: true,
  bad: `
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: sessions, NumCacheClusters: 2, AutomaticFailoverEnabled: true, PreferredCacheClusterAZs: [eu-west-1a, eu-west-1a]}}`,
  good: `
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: sessions, NumCacheClusters: 2, AutomaticFailoverEnabled: true, PreferredCacheClusterAZs: [eu-west-1a, eu-west-1b]}}`,
  judge: (cache, topology) => {
    const lists = zonesIn(cache).filter(({ zones }) => zones instanceof Unknown || zones.length > 1);
    if (lists.length === 0) { return NOT_APPLICABLE; }
    return worstOf(lists.map(({ zones, property }) => zones instanceof Unknown ? undecided(zones.reason, property)
      : judgeZones(zones.map(zone => topology.place(zone)), 2, property) ?? COMPLIANT));
  },
};

interface Listed {
  readonly zones: readonly Value[] | Unknown;
  readonly property: string;
}

/** The zones that are asked for, for the nodes of each shard; one node alone is for other rules. */
function zonesIn({ type, properties }: Resource): readonly Listed[] {
  const listed = (value: Value | undefined) => value instanceof Unknown ? value : listOf(value);
  if (type === 'AWS::ElastiCache::CacheCluster') { return [{ zones: listed(properties.PreferredAvailabilityZones), property: 'PreferredAvailabilityZones' }]; }
  return [
    { zones: listed(properties.PreferredCacheClusterAZs), property: 'PreferredCacheClusterAZs' },
    ...listOf(properties.NodeGroupConfiguration).map((shard, index) => ({
      zones: shard instanceof Unknown ? shard : [...listOf(at(shard, 'PrimaryAvailabilityZone')), ...listOf(at(shard, 'ReplicaAvailabilityZones'))],
      property: `NodeGroupConfiguration.${index}`,
    })),
  ];
}
