import { failoverSeconds } from '../../fault-simulation/components/names';
import { figuresOf, span } from '../../fault-simulation/template/figures';
import { asString, at, firstUnknown, isObject } from '../../fault-simulation/template/value';
import { judgeFigures } from '../figures';
import { judgeRecords, leftOutBy, RECORDS } from '../records';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** What a client may keep an address for, and all that it may wait for another one, in seconds. */
const LONGEST_TTL = 60;
const LONGEST = 180;
/** Checks that ask somebody else than an endpoint, at times of their own. */
const OF_OTHERS = ['CALCULATED', 'CLOUDWATCH_METRIC', 'RECOVERY_CONTROL'];

export const slowFailoverOfAName: Rule = {
  id: 'DNS4',
  title: 'A name fails over slowly',
  severity: 'warning',
  reason: 'Clients are sent to the secondary only when enough checks have failed, and each goes on with the old address until its TTL is over. All that time they get errors.',
  sources: [
    'Amazon Route 53 Developer Guide, "Values specific for failover records" (2026-11-21)',
  ],
  fix: 'Check every 10 seconds with a threshold of 3, and set the TTL to 60 seconds at most.',
  types: RECORDS,
  needsTopology: true,
  bad: `
Check: {Type: AWS::Route53::HealthCheck, Properties: {HealthCheckConfig: {Type: HTTPS, IPAddress: 192.0.2.1}}}
Site:
  Type: AWS::Route53::RecordSet
  Properties:
    {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 300, SetIdentifier: a, Failover: PRIMARY, HealthCheckId: !Ref Check, ResourceRecords: [192.0.2.1]}`,
  good: `
Check: {Type: AWS::Route53::HealthCheck, Properties: {HealthCheckConfig: {Type: HTTPS, IPAddress: 192.0.2.1, RequestInterval: 10, FailureThreshold: 3}}}
Site:
  Type: AWS::Route53::RecordSet
  Properties:
    {HostedZoneName: example.com., Name: www.example.com, Type: A, TTL: 60, SetIdentifier: a, Failover: PRIMARY, HealthCheckId: !Ref Check, ResourceRecords: [192.0.2.1]}`,
  judge: (resource, topology) => judgeRecords(resource, (record, propertyOf) => {
    const { Failover: role, TTL: ttl, AliasTarget: alias, HealthCheckId: id } = record.properties;
    if (role !== 'PRIMARY') { return NOT_APPLICABLE; }
    const kept = alias === undefined ? judgeFigures(figuresOf(ttl, LONGEST_TTL), propertyOf('TTL'), seconds =>
      seconds > LONGEST_TTL ? `clients keep the address of what is down for ${span(seconds)}` : undefined) : COMPLIANT;
    if (kept !== COMPLIANT || leftOutBy(record) === 'nothing') { return kept; }
    const check = topology.resource(id);
    const config = check?.properties.HealthCheckConfig;
    if (!check) { return id === undefined ? COMPLIANT : undecided('its health check is not in the template', propertyOf('HealthCheckId')); }
    const open = firstUnknown([config, ...isObject(config) ? [config.Type, config.RequestInterval, config.FailureThreshold] : []]);
    if (open) { return undecided(open.reason, propertyOf('HealthCheckId')); }
    const seconds = OF_OTHERS.includes(asString(at(config, 'Type')) ?? '') ? 0 : failoverSeconds(record, { topology }) ?? 0;
    return seconds > LONGEST ? broken(`clients are elsewhere after ${span(seconds)}, by ${check.key} and the TTL`, propertyOf('HealthCheckId')) : COMPLIANT;
  }),
};
