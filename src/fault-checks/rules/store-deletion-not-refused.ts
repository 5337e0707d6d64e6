import { listOf } from '../../fault-simulation/template/value';
import { judgeOwner } from '../members';
import { Rule } from '../rule';
import { judgeSwitch, valueAt } from '../settings';
import { worstOf } from '../worst';

export const storeDeletionNotRefused: Rule = {
  id: 'RDS6',
  title: 'Nothing refuses the deletion of a database',
  severity: 'warning',
  reason: 'One call deletes it, by a slip in the console or by a script that takes the wrong account.',
  sources: [
    'Amazon RDS User Guide, "Deleting a DB instance", deletion protection (2026-11-20)',
    'Amazon DynamoDB Developer Guide, "Using deletion protection to protect your table" (2026-11-20)',
  ],
  fix: 'Set DeletionProtection to true; for a table of DynamoDB, DeletionProtectionEnabled, in each replica of a global one.',
  types: [
    'AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::RDS::GlobalCluster', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster', 'AWS::DynamoDB::Table',
    'AWS::DynamoDB::GlobalTable',
  ],
  needsTopology: false,
  bad: `
Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}`,
  good: `
Table: {Type: AWS::DynamoDB::Table, Properties: {DeletionProtectionEnabled: true, BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}`,
  judge: store => {
    const { type, properties } = store;
    const what = 'it is deleted by one call';
    if (type === 'AWS::DynamoDB::GlobalTable') {
      return worstOf(listOf(properties.Replicas).map((replica, index) =>
        judgeSwitch(valueAt(replica, 'DeletionProtectionEnabled'), `Replicas.${index}.DeletionProtectionEnabled`, what)));
    }
    const property = type === 'AWS::DynamoDB::Table' ? 'DeletionProtectionEnabled' : 'DeletionProtection';
    return judgeOwner(store, () => judgeSwitch(properties[property], property, what));
  },
};
