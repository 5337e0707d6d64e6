import { Rule } from '../rule';
import { bestOf, judgeLeast, judgeSwitch } from '../settings';
import { worstOf } from '../worst';

export const warehouseInOneZone: Rule = {
  id: 'RS1',
  title: 'A data warehouse is in one zone, or has no snapshots',
  severity: 'error',
  reason: 'With its zone goes the warehouse, until the zone is back or somebody restores a snapshot, if there is one.',
  sources: ['Amazon Redshift Management Guide, "Multi-AZ deployment", "Relocating a cluster" and "Amazon Redshift snapshots and backups" (2026-11-20)'],
  fix: 'Set MultiAZ or AvailabilityZoneRelocation to true, and leave AutomatedSnapshotRetentionPeriod above 0.',
  types: ['AWS::Redshift::Cluster'],
  needsTopology: false,
  bad: `
Warehouse: {Type: AWS::Redshift::Cluster, Properties: {ClusterType: multi-node, NumberOfNodes: 2, NodeType: ra3.large, DBName: sales, MasterUsername: admin, ManageMasterPassword: true}}`,
  good: `
Warehouse: {Type: AWS::Redshift::Cluster, Properties: {ClusterType: multi-node, NumberOfNodes: 2, NodeType: ra3.large, DBName: sales, MasterUsername: admin, ManageMasterPassword: true, MultiAZ: true}}`,
  judge: ({ properties: { AutomatedSnapshotRetentionPeriod: days, AvailabilityZoneRelocation: relocates, MultiAZ: multiAz } }) => worstOf([
    bestOf([
      judgeSwitch(multiAz, 'MultiAZ', 'it stands in one zone, and is not relocated'),
      judgeSwitch(relocates, 'AvailabilityZoneRelocation', 'it is not relocated'),
    ]),
    judgeLeast(days, 1, 1, 'AutomatedSnapshotRetentionPeriod', () => 'it has no automated snapshots'),
  ]),
};
