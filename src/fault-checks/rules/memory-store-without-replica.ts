import { Rule } from '../rule';
import { judgeLeast } from '../settings';

export const memoryStoreWithoutReplica: Rule = {
  id: 'MDB1',
  title: 'A MemoryDB cluster has no replica',
  severity: 'error',
  reason: 'Its writes are kept in several zones, but each shard is served by one node: it is away as long as that, or its zone.',
  sources: ['Amazon MemoryDB Developer Guide, "Minimizing downtime in MemoryDB with Multi-AZ" (2026-11-20)'],
  fix: 'Set NumReplicasPerShard to 1 or more.',
  types: ['AWS::MemoryDB::Cluster'],
  needsTopology: false,
  bad: `
Store: {Type: AWS::MemoryDB::Cluster, Properties: {ClusterName: store, ACLName: open-access, NodeType: db.r6g.large, NumReplicasPerShard: 0}}`,
  good: `
Store: {Type: AWS::MemoryDB::Cluster, Properties: {ClusterName: store, ACLName: open-access, NodeType: db.r6g.large, NumReplicasPerShard: 1}}`,
  judge: ({ properties: { NumReplicasPerShard: replicas } }) => judgeLeast(replicas, 1, 1, 'NumReplicasPerShard', () => 'its shards have no replica'),
};
