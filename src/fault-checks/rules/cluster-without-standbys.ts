import { isAurora, membersOf } from '../members';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const clusterWithoutStandbys: Rule = {
  id: 'RDS3',
  title: 'A cluster is neither one of Aurora nor a Multi-AZ one',
  severity: 'error',
  reason: 'MySQL and PostgreSQL have clusters only of a writer and two readable standbys; without the class of these there is nothing that takes over.',
  sources: ['Amazon RDS User Guide, "Multi-AZ DB cluster deployments for Amazon RDS" (2026-11-20)'],
  fix: 'Set DBClusterInstanceClass, AllocatedStorage and StorageType, or take an engine of Aurora.',
  types: ['AWS::RDS::DBCluster'],
  needsTopology: true,
  bad: `
Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: postgres, AllocatedStorage: 100, StorageType: gp3}}`,
  good: `
Cluster: {Type: AWS::RDS::DBCluster, Properties: {Engine: postgres, AllocatedStorage: 100, StorageType: gp3, DBClusterInstanceClass: db.m6gd.large}}`,
  judge: (cluster, topology) => {
    const aurora = isAurora(cluster);
    // no other cluster has instances that a template makes
    if (aurora === true || membersOf(cluster, topology).length > 0) { return NOT_APPLICABLE; }
    if (cluster.properties.DBClusterInstanceClass !== undefined) { return COMPLIANT; }
    return aurora === undefined ? undecided('which engine it has is not in the template', 'Engine') : broken('it has no standby', 'DBClusterInstanceClass');
  },
};
