import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { RUNNER_NAMESPACE, runnerDimensions } from './worker-runner-configuration';

/** A figure of the runners of a fleet, by default of each minute. */
export function runnerMetric(fleet: IConstruct, metricName: string, options: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: RUNNER_NAMESPACE,
    metricName,
    dimensionsMap: runnerDimensions(fleet),
    period: Duration.minutes(1),
    ...options,
  });
}
