import { judgeMembers } from '../members';
import { Rule } from '../rule';

export const documentClusterWithOneInstance: Rule = {
  id: 'DOC1',
  title: 'A cluster of DocumentDB or Neptune has no instance in a second zone',
  severity: 'error',
  reason: 'The data outlive the zone, but nothing answers for them; a subnet group over several zones alone puts no instance there.',
  sources: [
    'Amazon DocumentDB Developer Guide, "Understanding Amazon DocumentDB cluster fault tolerance" (2026-11-20)',
    'Amazon Neptune User Guide, "Fault tolerance for a Neptune DB cluster" (2026-11-20)',
  ],
  fix: 'Give it a second instance, and each its own AvailabilityZone.',
  types: ['AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'],
  needsTopology: true,
  bad: `
Cluster: {Type: AWS::DocDB::DBCluster, Properties: {}}
Primary: {Type: AWS::DocDB::DBInstance, Properties: {DBInstanceClass: db.r6g.large, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: eu-west-1a}}`,
  good: `
Cluster: {Type: AWS::DocDB::DBCluster, Properties: {}}
Primary: {Type: AWS::DocDB::DBInstance, Properties: {DBInstanceClass: db.r6g.large, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: eu-west-1a}}
Replica: {Type: AWS::DocDB::DBInstance, Properties: {DBInstanceClass: db.r6g.large, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: eu-west-1b}}`,
  judge: judgeMembers,
};
