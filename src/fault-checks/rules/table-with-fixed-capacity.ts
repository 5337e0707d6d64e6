import { asNumber, asString, referredTo, Text, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { judgeSetting, valueAt } from '../settings';

export const tableWithFixedCapacity: Rule = {
  id: 'DDB2',
  title: 'The capacity of a table stays the same whatever is asked of it',
  severity: 'warning',
  reason: 'After an outage clients come back all at once and try again; what goes beyond the capacity is refused, and tried again too.',
  sources: ['Amazon DynamoDB Developer Guide, "Managing throughput capacity automatically with DynamoDB auto scaling" (2026-11-20)'],
  fix: 'Set BillingMode to PAY_PER_REQUEST, or register scalable targets for its reads and its writes.',
  types: ['AWS::DynamoDB::Table'],
  needsTopology: true,
  bad: `
Table: {Type: AWS::DynamoDB::Table, Properties: {ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}`,
  good: `
Table: {Type: AWS::DynamoDB::Table, Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: id, KeyType: HASH}], AttributeDefinitions: [{AttributeName: id, AttributeType: S}]}}`,
  judge: (table, topology) => {
    const { BillingMode: mode, ProvisionedThroughput: throughput } = table.properties;
    // without a throughput it can only be on demand
    if (throughput === undefined && mode === undefined) { return NOT_APPLICABLE; }
    const onDemand = judgeSetting(mode, 'BillingMode', one => one === 'PAY_PER_REQUEST', '');
    if (onDemand.compliance === 'compliant') { return COMPLIANT; }
    const fixed = (['Read', 'Write'] as const).filter(kind => !isScaled(table, `dynamodb:table:${kind}CapacityUnits`, topology));
    if (fixed.length === 0) { return COMPLIANT; }
    if (onDemand.compliance === 'unknown') { return onDemand; }
    const open = topology.ofType('AWS::ApplicationAutoScaling::ScalableTarget').find(({ properties: { ResourceId: id } }) => id instanceof Unknown);
    if (open) { return undecided(`whether ${open.key} scales it is not decided`, 'ProvisionedThroughput'); }
    const what = fixed.map(kind => `${kind.toLowerCase()}s stay at ${asNumber(valueAt(throughput, `${kind}CapacityUnits`)) ?? 'the same'} units`);
    return broken(what.join(', '), 'ProvisionedThroughput');
  },
};

/** Whether something scales this dimension of a table, of which it has the reference or the name. */
function isScaled({ key, properties: { TableName: name } }: Resource, dimension: string, topology: Topology): boolean {
  return topology.ofType('AWS::ApplicationAutoScaling::ScalableTarget').some(({ properties: { ResourceId: id, ScalableDimension: what } }) =>
    what === dimension && (referredTo(id).some(({ resource }) => resource === key) || isTableNamed(id, name)));
}

function isTableNamed(id: Value | undefined, name: Value | undefined): boolean {
  if (id instanceof Text) { return id.parts.length === 2 && id.parts[0] === 'table/' && JSON.stringify(id.parts[1]) === JSON.stringify(name); }
  return asString(name) !== undefined && id === `table/${asString(name)}`;
}
