import { Unknown } from '../../fault-simulation/template/value';
import { isAurora, judgeMembers, membersOf } from '../members';
import { COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const auroraWithOneInstance: Rule = {
  id: 'RDS2',
  title: 'An Aurora cluster has no instance in a second zone',
  severity: 'error',
  reason: 'The data outlive the zone, but nothing answers for them: Aurora makes no instance in another zone by itself.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon Relational Database Service"',
    'Amazon Aurora User Guide, "High availability for Amazon Aurora" (2026-11-20)',
  ],
  fix: 'Give it a second instance, and each its own AvailabilityZone.',
  types: ['AWS::RDS::DBCluster'],
  needsTopology: true,
  bad: `
Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql}}
Writer: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-postgresql, DBInstanceClass: db.r6g.large, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: eu-west-1a}}`,
  good: `
Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: aurora-postgresql}}
Writer: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-postgresql, DBInstanceClass: db.r6g.large, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: eu-west-1a}}
Reader: {Type: AWS::RDS::DBInstance, Properties: {Engine: aurora-postgresql, DBInstanceClass: db.r6g.large, DBClusterIdentifier: !Ref Cluster, AvailabilityZone: eu-west-1b}}`,
  judge: (cluster, topology) => {
    const { DBClusterInstanceClass: instances, EngineMode: mode, ClusterScalabilityType: scales } = cluster.properties;
    const aurora = isAurora(cluster);
    if (aurora === false || instances !== undefined || scales === 'limitless') { return NOT_APPLICABLE; }
    if (aurora === undefined && membersOf(cluster, topology).length === 0) { return undecided('which engine it has is not in the template', 'Engine'); }
    // which moves into another zone by itself
    if (mode === 'serverless') { return COMPLIANT; }
    return mode instanceof Unknown ? undecided(mode.reason, 'EngineMode') : judgeMembers(cluster, topology);
  },
};
