import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { dimensionsOf, METRIC_NAMESPACE } from './nat-agent-configuration';

/** A figure of the instance of a zone, of each minute. */
export function natInstanceMetric(group: string, zone: string, metricName: string, statistic: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { ...dimensionsOf(group, zone) },
    statistic,
    period: Duration.minutes(1),
  });
}

/** Of how many zones the instances let traffic through. */
export function healthyNatInstances(group: string, zones: string[], options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  return overZones('SUM', group, zones, 'NodeHealthy', 'Minimum', { label: 'Healthy NAT instances', ...options });
}

/** How many zones another one stands in for. */
export function zonesTakenOver(group: string, zones: string[], options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  return overZones('SUM', group, zones, 'ForeignObjectsHeld', 'Maximum', { label: 'Zones taken over', ...options });
}

/** How full the table of connections is of the instance that has the most. */
export function conntrackUsedPercent(group: string, zones: string[], options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  return overZones('MAX', group, zones, 'ConntrackUsedPercent', 'Maximum', { label: 'Connection table used (%)', ...options });
}

/** A figure over the instances of all zones; of one that says nothing it counts as 0. */
function overZones(
  over: 'SUM' | 'MAX', group: string, zones: string[], metricName: string, statistic: string, options: cloudwatch.MathExpressionOptions,
): cloudwatch.MathExpression {
  const named = zones.map((zone, index): [string, cloudwatch.IMetric] => [`zone${index + 1}`, natInstanceMetric(group, zone, metricName, statistic)]);
  return new cloudwatch.MathExpression({
    expression: `${over}([${named.map(([name]) => `FILL(${name}, 0)`).join(', ')}])`,
    usingMetrics: Object.fromEntries(named),
    period: Duration.minutes(1),
    ...options,
  });
}
