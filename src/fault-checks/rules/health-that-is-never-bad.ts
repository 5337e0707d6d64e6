import { at, firstUnknown, keysReferredTo, Unknown, Value } from '../../fault-simulation/template/value';
import { Topology } from '../../fault-simulation/topology';
import { judgeRecords, leftOutBy, RECORDS, recordsMeant } from '../records';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** Of aliases that lead to CloudFront. */
const CLOUDFRONT = 'Z2FDTNDATAQYW2';

/** Why what an alias leads to is never found unhealthy; undefined if it may be. */
function neverBad(alias: Value | undefined, topology: Topology): string | undefined {
  const name = at(alias, 'DNSName');
  const isDistribution = keysReferredTo(name).some(key => topology.world.resource(key)?.type === 'AWS::CloudFront::Distribution');
  if (isDistribution || at(alias, 'HostedZoneId') === CLOUDFRONT || (typeof name === 'string' && /\.cloudfront\.net\.?$/.test(name))) {
    return 'of a distribution Route 53 has no health to evaluate';
  }
  const records = recordsMeant(name, topology);
  const bare = records.length > 0 && records.every(record => leftOutBy(record) === 'nothing');
  return bare ? `${records[0].key}, to which it leads, has no health check itself` : undefined;
}

export const healthThatIsNeverBad: Rule = {
  id: 'DNS6',
  title: 'An alias relies on the health of a target that has none',
  severity: 'error',
  reason: 'Route 53 does not evaluate the health of a distribution, and takes a record without a health check for healthy. Clients are never sent elsewhere, although it looks as if they would be.',
  sources: [
    'Amazon Route 53 API Reference, "AliasTarget" (2026-11-21)',
    'Amazon Route 53 Developer Guide, "How Amazon Route 53 chooses records when health checking is configured" (2026-11-21)',
  ],
  fix: 'Give the record a health check of its own, which asks for a page through the target.',
  types: RECORDS,
  needsTopology: true,
  bad: `
Site: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true}}}
Name:
  Type: AWS::Route53::RecordSet
  Properties:
    HostedZoneName: example.com.
    Name: www.example.com
    Type: A
    SetIdentifier: a
    Failover: PRIMARY
    AliasTarget: {DNSName: !GetAtt Site.DomainName, HostedZoneId: Z2FDTNDATAQYW2, EvaluateTargetHealth: true}`,
  good: `
Site: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true}}}
Check: {Type: AWS::Route53::HealthCheck, Properties: {HealthCheckConfig: {Type: HTTPS, FullyQualifiedDomainName: !GetAtt Site.DomainName, ResourcePath: /health}}}
Name:
  Type: AWS::Route53::RecordSet
  Properties:
    HostedZoneName: example.com.
    Name: www.example.com
    Type: A
    SetIdentifier: a
    Failover: PRIMARY
    HealthCheckId: !Ref Check
    AliasTarget: {DNSName: !GetAtt Site.DomainName, HostedZoneId: Z2FDTNDATAQYW2}`,
  judge: (resource, topology) => judgeRecords(resource, (record, propertyOf) => {
    const { SetIdentifier: id, Failover: role, AliasTarget: alias, HealthCheckId: check } = record.properties;
    if (role === 'SECONDARY' || (role === undefined && id === undefined) || leftOutBy(record) !== 'target') { return NOT_APPLICABLE; }
    const why = neverBad(alias, topology);
    const open = firstUnknown([check, at(alias, 'DNSName')]);
    if (why === undefined) { return open ? undecided(open.reason, propertyOf('AliasTarget')) : COMPLIANT; }
    return check instanceof Unknown ? undecided(check.reason, propertyOf('HealthCheckId')) : broken(why, propertyOf('AliasTarget.EvaluateTargetHealth'));
  }),
};
