import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { dimensionsOf, METRIC_NAMESPACE } from './nat-agent-configuration';

/** A figure of the instance of a zone, of each minute. */
export function natInstanceMetric(
  group: string, zone: string, metricName: string, statistic: string, options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { ...dimensionsOf(group, zone) },
    statistic,
    period: Duration.minutes(1),
    ...options,
  });
}

/** A figure over the instances of all zones; one that says nothing counts as 0. */
export function natGroupMetric(
  group: string, zones: string[], metricName: string, statistic: string, label: string, over: 'SUM' | 'MAX' = 'SUM',
): cloudwatch.MathExpression {
  const names = zones.map((_, index) => `zone${index + 1}`);
  return new cloudwatch.MathExpression({
    label,
    expression: `${over}([${names.map(name => `FILL(${name}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(zones.map((zone, index) => [names[index], natInstanceMetric(group, zone, metricName, statistic)])),
    period: Duration.minutes(1),
  });
}
