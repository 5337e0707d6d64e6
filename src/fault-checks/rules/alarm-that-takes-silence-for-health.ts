import { asString, at, listOf, Properties, Unknown } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { metricsIn } from '../scaling';

/** Metrics of which too low a value says that something is gone. */
const COUNTS_WHAT_LIVES = /^(Healthy(Host|RoutingHost)Count|HealthyState(DNS|Routing)|GroupInService(Instances|Capacity)|RunningTaskCount|HealthCheckStatus|TunnelState|ConnectionState)$/;
/** Signs of life that programs send, and that stop with them. */
const SIGN_OF_LIFE = /heart.?beat|alive|uptime/i;

function isSignOfLife(metric: Properties): boolean {
  return SIGN_OF_LIFE.test(asString(metric.MetricName) ?? '') || metric.Statistic === 'SampleCount';
}

export const alarmThatTakesSilenceForHealth: Rule = {
  id: 'OBS3',
  title: 'An alarm takes missing data for health, although they are missing when what it watches is gone',
  severity: 'warning',
  reason: 'Whatever is lost altogether reports nothing more. The alarm that was to find just that stays as it is, or turns green.',
  sources: ['Amazon CloudWatch API Reference, "PutMetricAlarm", TreatMissingData (2026-11-21)'],
  fix: 'Set TreatMissingData to breaching.',
  types: ['AWS::CloudWatch::Alarm'],
  needsTopology: false,
  bad: `
Operators: {Type: AWS::SNS::Topic}
Gone:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/ApplicationELB
    MetricName: HealthyHostCount
    Dimensions: [{Name: LoadBalancer, Value: app/shop/1}, {Name: TargetGroup, Value: targetgroup/shop/1}]
    Statistic: Minimum
    Period: 60
    EvaluationPeriods: 3
    ComparisonOperator: LessThanThreshold
    Threshold: 1
    TreatMissingData: notBreaching
    AlarmActions: [!Ref Operators]`,
  good: `
Operators: {Type: AWS::SNS::Topic}
Gone:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/ApplicationELB
    MetricName: HealthyHostCount
    Dimensions: [{Name: LoadBalancer, Value: app/shop/1}, {Name: TargetGroup, Value: targetgroup/shop/1}]
    Statistic: Minimum
    Period: 60
    EvaluationPeriods: 3
    ComparisonOperator: LessThanThreshold
    Threshold: 1
    TreatMissingData: breaching
    AlarmActions: [!Ref Operators]`,
  judge: ({ properties }) => {
    const { ComparisonOperator: comparison, TreatMissingData: missing, InsufficientDataActions: actions, Metrics: parts } = properties;
    const metrics = metricsIn(properties);
    const sent = metrics.some(isSignOfLife);
    const counted = metrics.some(({ MetricName: name }) => COUNTS_WHAT_LIVES.test(asString(name) ?? ''));
    if (!(sent || counted) || !asString(comparison)?.startsWith('LessThan')) { return NOT_APPLICABLE; }
    // the expression itself says what missing data count for
    if (missing === 'breaching' || listOf(parts).some(part => JSON.stringify(at(part, 'Expression') ?? '').includes('FILL('))) { return COMPLIANT; }
    if (missing instanceof Unknown) { return undecided(missing.reason, 'TreatMissingData'); }
    if (missing === 'notBreaching' || missing === 'ignore') {
      return broken(`with ${missing} it does not go off when nothing is reported any more`, 'TreatMissingData');
    }
    // by default it has insufficient data then; what AWS counts it goes on counting, down to nought
    return sent && listOf(actions).length === 0 ? broken('when nothing is reported any more it only lacks data, for which it has no action', 'TreatMissingData') : COMPLIANT;
  },
};
