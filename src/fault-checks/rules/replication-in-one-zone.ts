import { NOT_APPLICABLE, Rule } from '../rule';
import { judgeSwitch, valueAt } from '../settings';

export const replicationInOneZone: Rule = {
  id: 'DMS1',
  title: 'A replication of the Database Migration Service is in one zone',
  severity: 'warning',
  reason: 'With its zone the changes stop to arrive; if that takes longer than the source keeps its logs, all is to be loaded anew.',
  sources: ['AWS Database Migration Service User Guide, "Working with an AWS DMS replication instance", Multi-AZ (2026-11-20)'],
  fix: 'Set MultiAZ to true.',
  types: ['AWS::DMS::ReplicationInstance', 'AWS::DMS::ReplicationConfig'],
  needsTopology: false,
  bad: `
Replication: {Type: AWS::DMS::ReplicationInstance, Properties: {ReplicationInstanceClass: dms.c6i.large}}`,
  good: `
Replication: {Type: AWS::DMS::ReplicationInstance, Properties: {ReplicationInstanceClass: dms.c6i.large, MultiAZ: true}}`,
  judge: ({ type, properties }) => {
    // what is loaded once can be loaded again
    if (properties.ReplicationType === 'full-load') { return NOT_APPLICABLE; }
    const path = type === 'AWS::DMS::ReplicationConfig' ? ['ComputeConfig', 'MultiAZ'] : ['MultiAZ'];
    return judgeSwitch(valueAt(properties, ...path), path.join('.'), 'it has no standby');
  },
};
