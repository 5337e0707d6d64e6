import { listOf } from '../../fault-simulation/template/value';
import { Rule } from '../rule';
import { judgeSwitch, valueAt } from '../settings';
import { worstOf } from '../worst';

const RECOVERY = ['PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled'];

export const tableWithoutRecovery: Rule = {
  id: 'DDB1',
  title: 'A table cannot be brought back to an earlier point in time',
  severity: 'error',
  reason: 'A bad write or a mass deletion is in all zones, and in all Regions of a global table, at once.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon DynamoDB"',
    'Amazon DynamoDB Developer Guide, "Point-in-time backups for DynamoDB" (2026-11-20)',
  ],
  fix: 'Set PointInTimeRecoveryEnabled of PointInTimeRecoverySpecification to true, in each replica of a global table.',
  types: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
  needsTopology: false,
  bad: `
Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}`,
  good: `
Table: {Type: AWS::DynamoDB::Table, Properties: {PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}`,
  judge: ({ type, properties }) => {
    const what = 'it has no point-in-time recovery';
    if (type === 'AWS::DynamoDB::Table') { return judgeSwitch(valueAt(properties, ...RECOVERY), RECOVERY[0], what); }
    return worstOf(listOf(properties.Replicas).map((replica, index) => judgeSwitch(valueAt(replica, ...RECOVERY), `Replicas.${index}.${RECOVERY[0]}`, what)));
  },
};
