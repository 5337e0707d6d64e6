import { listOf, Unknown } from '../../fault-simulation/template/value';
import { COMPLIANT, Rule } from '../rule';
import { judgeLeast } from '../settings';
import { judgeZones } from '../spread';

export const tableCacheOfOneNode: Rule = {
  id: 'DAX1',
  title: 'A DAX cluster has one node, or all of its nodes in one zone',
  severity: 'error',
  reason: 'Its clients ask the cluster and not the table, so that they get no answer while no node of it is left.',
  sources: ['Amazon DynamoDB Developer Guide, "DAX cluster components" (2026-11-20)'],
  fix: 'Set ReplicationFactor to 3 or more, and leave AvailabilityZones out.',
  types: ['AWS::DAX::Cluster'],
  needsTopology: true,
  bad: `
Cache: {Type: AWS::DAX::Cluster, Properties: {IAMRoleARN: 'arn:aws:iam::111122223333:role/dax', NodeType: dax.r5.large, ReplicationFactor: 1}}`,
  good: `
Cache: {Type: AWS::DAX::Cluster, Properties: {IAMRoleARN: 'arn:aws:iam::111122223333:role/dax', NodeType: dax.r5.large, ReplicationFactor: 3}}`,
  judge: ({ properties: { AvailabilityZones: zones, ReplicationFactor: nodes } }, topology) => {
    const count = judgeLeast(nodes, 2, 1, 'ReplicationFactor', () => 'it has 1 node');
    if (count.compliance !== 'compliant' || zones === undefined) { return count; }
    return judgeZones(zones instanceof Unknown ? zones : listOf(zones).map(zone => topology.place(zone)), 2, 'AvailabilityZones') ?? COMPLIANT;
  },
};
