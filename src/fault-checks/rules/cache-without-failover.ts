import { listOf, Properties, Unknown, Value } from '../../fault-simulation/template/value';
import { broken, Rule, undecided } from '../rule';
import { judgeLeast, judgeSwitch, valueAt } from '../settings';
import { worstOf } from '../worst';

export const cacheWithoutFailover: Rule = {
  id: 'EC1',
  title: 'A cache does not fail over into another zone',
  severity: 'error',
  reason: 'With the zone of the primary go its data and all writes, until the zone is back or somebody promotes a replica.',
  sources: ['Amazon ElastiCache User Guide, "Minimizing downtime in ElastiCache by using Multi-AZ" (2026-11-20)'],
  fix: 'Set AutomaticFailoverEnabled and MultiAZEnabled to true, with one replica at least in each shard.',
  types: ['AWS::ElastiCache::ReplicationGroup'],
  needsTopology: false,
  bad: `
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: sessions, NumCacheClusters: 2, MultiAZEnabled: true}}`,
  good: `
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: sessions, NumCacheClusters: 2, MultiAZEnabled: true, AutomaticFailoverEnabled: true}}`,
  judge: ({ properties }) => worstOf([
    judgeReplicas(properties),
    judgeSwitch(properties.AutomaticFailoverEnabled, 'AutomaticFailoverEnabled', 'no replica is promoted by itself'),
    judgeSwitch(properties.MultiAZEnabled, 'MultiAZEnabled', 'its nodes may all stand in one zone'),
  ]),
};

function judgeReplicas(properties: Properties) {
  const { NumCacheClusters: nodes, ReplicasPerNodeGroup: replicas } = properties;
  const configured = listOf(properties.NodeGroupConfiguration);
  if (configured.length > 0) {
    return worstOf(configured.map((shard, index) => judgeShard(replicasOf(shard) ?? replicas, `NodeGroupConfiguration.${index}.ReplicaCount`)));
  }
  if (nodes !== undefined) { return judgeLeast(nodes, 2, 1, 'NumCacheClusters', count => `it has ${count} ${count === 1 ? 'node' : 'nodes'}`); }
  // these have as many nodes as what they are made of
  const given = [properties.GlobalReplicationGroupId, properties.PrimaryClusterId].some(value => value !== undefined);
  if (replicas === undefined && given) { return undecided('it is made of nodes that are not in the template'); }
  return replicas === undefined ? broken('it has 1 node', 'NumCacheClusters') : judgeShard(replicas, 'ReplicasPerNodeGroup');
}

function judgeShard(replicas: Value | undefined, property: string) {
  return judgeLeast(replicas, 1, 0, property, () => 'its shards have no replica');
}

/** The count that a shard gives, or as many replicas as it has zones for. */
function replicasOf(shard: Value): Value | undefined {
  const zones = valueAt(shard, 'ReplicaAvailabilityZones');
  return valueAt(shard, 'ReplicaCount') ?? (zones instanceof Unknown ? zones : Array.isArray(zones) ? zones.length : undefined);
}
