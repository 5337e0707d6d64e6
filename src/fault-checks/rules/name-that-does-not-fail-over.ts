import { firstUnknown, Unknown } from '../../fault-simulation/template/value';
import { judgeRecords, leftOutBy, partnerOf, RECORDS } from '../records';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const nameThatDoesNotFailOver: Rule = {
  id: 'DNS1',
  title: 'A failover record is without a health check, or without its partner',
  severity: 'error',
  reason: 'A primary that nothing checks counts as healthy, whatever happens to it, so that clients are never sent to the secondary. Without a secondary there is nowhere to send them.',
  sources: [
    'Amazon Route 53 API Reference, "AliasTarget" (2026-11-21)',
    'Amazon Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured" (2026-11-21)',
  ],
  fix: 'Give the primary a health check, or let an alias evaluate the health of its target, and have a primary and a secondary of each name and type.',
  types: RECORDS,
  needsTopology: true,
  bad: `
Site: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: a, Failover: PRIMARY, ResourceRecords: [192.0.2.1]}}
Spare: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: b, Failover: SECONDARY, ResourceRecords: [198.51.100.1]}}`,
  good: `
Check: {Type: AWS::Route53::HealthCheck, Properties: {HealthCheckConfig: {Type: HTTPS, IPAddress: 192.0.2.1, RequestInterval: 10, FailureThreshold: 3}}}
Site:
  Type: AWS::Route53::RecordSet
  Properties:
    {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: a, Failover: PRIMARY, HealthCheckId: !Ref Check, ResourceRecords: [192.0.2.1]}
Spare: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: b, Failover: SECONDARY, ResourceRecords: [198.51.100.1]}}`,
  judge: (resource, topology) => judgeRecords(resource, (record, propertyOf) => {
    const { Failover: role } = record.properties;
    if (role instanceof Unknown) { return undecided(role.reason, propertyOf('Failover')); }
    if (role !== 'PRIMARY' && role !== 'SECONDARY') { return NOT_APPLICABLE; }
    const by = role === 'PRIMARY' ? leftOutBy(record) : 'check';
    if (by === 'nothing') { return broken('it counts as healthy, whatever happens to what it leads to', propertyOf('HealthCheckId')); }
    const other = role === 'PRIMARY' ? 'SECONDARY' : 'PRIMARY';
    const partner = partnerOf(record, other, topology);
    if (!partner) { return broken(`no stack that is given has a ${other} of its name and type`, propertyOf('Failover')); }
    const open = firstUnknown([by, partner]);
    return open ? undecided(open.reason, propertyOf(open === by ? 'HealthCheckId' : 'Failover')) : COMPLIANT;
  }),
};
