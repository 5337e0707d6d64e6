import { NOT_APPLICABLE, Rule } from '../rule';
import { judgeLeast, possible } from '../settings';

export const cacheWithoutSnapshots: Rule = {
  id: 'EC4',
  title: 'No snapshots are taken of a cache',
  severity: 'warning',
  reason: 'If it keeps what is nowhere else, as sessions or queues, there is nothing to bring back after its nodes are lost or flushed.',
  sources: ['Amazon ElastiCache User Guide, "Scheduling automatic backups" (2026-11-20)'],
  fix: 'Set SnapshotRetentionLimit to 1 or more; acknowledge this where all of it can be read again from elsewhere.',
  types: ['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::CacheCluster', 'AWS::ElastiCache::ServerlessCache'],
  needsTopology: false,
  bad: `
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: sessions, NumCacheClusters: 2, AutomaticFailoverEnabled: true, MultiAZEnabled: true}}`,
  good: `
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: sessions, NumCacheClusters: 2, AutomaticFailoverEnabled: true, MultiAZEnabled: true, SnapshotRetentionLimit: 7}}`,
  // Memcached can take none
  judge: ({ properties: { Engine: engine, SnapshotRetentionLimit: days } }) => possible(engine).includes('memcached') ? NOT_APPLICABLE
    : judgeLeast(days, 1, 0, 'SnapshotRetentionLimit', () => 'it has no snapshots'),
};
