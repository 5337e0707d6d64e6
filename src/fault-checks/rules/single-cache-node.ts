import { Rule } from '../rule';
import { judgeLeast, judgeSetting } from '../settings';

export const singleCacheNode: Rule = {
  id: 'EC3',
  title: 'A cache has one node, or all of its nodes in one zone',
  severity: 'warning',
  reason: 'What it keeps is gone with its zone or its node, and whatever it kept away from the database arrives there at once.',
  sources: [
    'Amazon ElastiCache User Guide, "Mitigating node failures" and "Mitigating Availability Zone failures" (2026-11-20)',
    'AWS CloudFormation Template Reference, "AWS::ElastiCache::CacheCluster", AZMode (2026-11-20)',
  ],
  fix: 'Make it a replication group with automatic failover; for Memcached, several nodes and AZMode cross-az.',
  types: ['AWS::ElastiCache::CacheCluster'],
  needsTopology: false,
  bad: `
Cache: {Type: AWS::ElastiCache::CacheCluster, Properties: {Engine: memcached, CacheNodeType: cache.m6g.large, NumCacheNodes: 3}}`,
  good: `
Cache: {Type: AWS::ElastiCache::CacheCluster, Properties: {Engine: memcached, CacheNodeType: cache.m6g.large, NumCacheNodes: 3, AZMode: cross-az}}`,
  judge: ({ properties: { AZMode: mode, NumCacheNodes: nodes, PreferredAvailabilityZones: zones } }) => {
    const count = judgeLeast(nodes, 2, 1, 'NumCacheNodes', () => 'it has 1 node');
    if (count.compliance !== 'compliant') { return count; }
    // of other engines a cluster has one node; which zones these are is for another rule
    return judgeSetting(mode, 'AZMode', one => one === 'cross-az' || (one === undefined && zones !== undefined), 'its nodes stand in one zone');
  },
};
