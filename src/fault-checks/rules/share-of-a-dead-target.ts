import { asNumber, firstUnknown, Unknown } from '../../fault-simulation/template/value';
import { judgeRecords, leftOutBy, RECORDS } from '../records';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const shareOfADeadTarget: Rule = {
  id: 'DNS5',
  title: 'A record that shares its name with others is without a health check',
  severity: 'error',
  reason: 'Route 53 goes on giving out a record that nothing checks. Its share of the clients, or all of those near to it, get errors until somebody takes it out.',
  sources: [
    'Amazon Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured" (2026-11-21)',
  ],
  fix: 'Give each of the records a health check, or let aliases evaluate the health of their targets.',
  types: RECORDS,
  needsTopology: true,
  bad: `
Check: {Type: AWS::Route53::HealthCheck, Properties: {HealthCheckConfig: {Type: HTTPS, IPAddress: 192.0.2.1}}}
Near:
  Type: AWS::Route53::RecordSet
  Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: a, Region: eu-west-1, HealthCheckId: !Ref Check, ResourceRecords: [192.0.2.1]}
Far: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: b, Region: us-east-1, ResourceRecords: [198.51.100.1]}}`,
  good: `
Check: {Type: AWS::Route53::HealthCheck, Properties: {HealthCheckConfig: {Type: HTTPS, IPAddress: 192.0.2.1}}}
Near:
  Type: AWS::Route53::RecordSet
  Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: a, Region: eu-west-1, HealthCheckId: !Ref Check, ResourceRecords: [192.0.2.1]}
FarCheck: {Type: AWS::Route53::HealthCheck, Properties: {HealthCheckConfig: {Type: HTTPS, IPAddress: 198.51.100.1}}}
Far:
  Type: AWS::Route53::RecordSet
  Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: b, Region: us-east-1, HealthCheckId: !Ref FarCheck, ResourceRecords: [198.51.100.1]}`,
  judge: (resource, topology) => judgeRecords(resource, (record, propertyOf) => {
    const { SetIdentifier: id, Failover: role, Weight: weight } = record.properties;
    if (id === undefined || role !== undefined) { return NOT_APPLICABLE; }
    const others = topology.recordsLike(record).filter(({ properties }) => JSON.stringify(properties.SetIdentifier) !== JSON.stringify(id));
    const weights = [weight, ...others.map(({ properties }) => properties.Weight)];
    // all or nothing is how releases are switched, not how clients are shared
    if (weight !== undefined && (asNumber(weight) === 0 || weights.filter(one => asNumber(one) !== 0).length < 2)) { return NOT_APPLICABLE; }
    const by = leftOutBy(record);
    if (by instanceof Unknown) { return undecided(by.reason, propertyOf('HealthCheckId')); }
    if (by !== 'nothing') { return COMPLIANT; }
    const open = firstUnknown(weights);
    return open ? undecided(open.reason, propertyOf('Weight'))
      : broken('it is given out, whatever happens to what it leads to', propertyOf('HealthCheckId'));
  }),
};
