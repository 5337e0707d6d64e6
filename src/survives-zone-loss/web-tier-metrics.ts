import { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Front } from './web-front';
import { groupMetric, inServiceInstances } from '../shared/fleet';

/** The figures of a web tier: of what stands before its instances, and of their groups. */
export class WebTierMetrics {
  private readonly balancer: Record<string, string>;
  private readonly targets: Record<string, string>;

  constructor(private readonly front: Front, private readonly groups: autoscaling.AutoScalingGroup[] = []) {
    this.balancer = { LoadBalancer: front.loadBalancer.loadBalancerFullName };
    this.targets = { ...this.balancer, TargetGroup: front.targetGroup.targetGroupFullName };
  }

  /** Instances in service, of all groups together. */
  public inService(options?: cloudwatch.MetricOptions): cloudwatch.IMetric {
    if (this.groups.length === 1) { return inServiceInstances(this.groups[0], options); }
    const metrics = this.groups.map((group, index): [string, cloudwatch.IMetric] => [`group${index}`, inServiceInstances(group, options)]);
    return new cloudwatch.MathExpression({
      expression: metrics.map(([name]) => name).join(' + '),
      usingMetrics: Object.fromEntries(metrics),
      period: options?.period ?? Duration.minutes(1),
      label: options?.label ?? 'Instances in service',
      color: options?.color,
    });
  }

  /** By how many instances the group that has the least room may grow; all have the same maximum, as an alarm takes ten figures at most. */
  public headRoom(): cloudwatch.IMetric {
    const desired = this.groups.map((group, index): [string, cloudwatch.IMetric] => [`desired${index}`, groupMetric(group, 'GroupDesiredCapacity')]);
    const names = desired.map(([name]) => name);
    return new cloudwatch.MathExpression({
      label: 'Head-room',
      expression: names.length === 1 ? `limit - ${names[0]}` : `limit - MAX([${names.join(', ')}])`,
      usingMetrics: { limit: groupMetric(this.groups[0], 'GroupMaxSize'), ...Object.fromEntries(desired) },
      period: Duration.minutes(1),
    });
  }

  /** Instances that fail the health check, of a zone or of all. */
  public unhealthy(zone?: string): cloudwatch.Metric {
    return this.metric('UnHealthyHostCount', { ...this.targets, ...zone === undefined ? {} : { AvailabilityZone: zone } }, 'Maximum');
  }

  /** By how many healthy instances the zone that has the most is above the one that has the fewest. */
  public imbalance(zones: string[]): cloudwatch.MathExpression {
    const healthy = zones.map((zone, index): [string, cloudwatch.IMetric] =>
      [`zone${index}`, this.metric('HealthyHostCount', { ...this.targets, AvailabilityZone: zone }, 'Average')]);
    // of a zone without any there is no figure
    const list = healthy.map(([name]) => `FILL(${name}, 0)`).join(', ');
    return new cloudwatch.MathExpression({
      label: 'Imbalance of the zones',
      expression: `MAX([${list}]) - MIN([${list}])`,
      usingMetrics: Object.fromEntries(healthy),
      period: Duration.minutes(1),
    });
  }

  /** Requests that were answered by a server error, of the instances or of the load balancer, in percent of all. */
  public serverErrorPercent(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    const period = options?.period ?? Duration.minutes(1);
    const sum = (name: string, dimensions: Record<string, string>) => this.metric(name, dimensions, 'Sum', { period });
    return new cloudwatch.MathExpression({
      label: 'Server errors (%)',
      // a code that did not occur has no data, and a request that no instance got is not counted as one
      expression: '100 * (FILL(target, 0) + FILL(own, 0)) / (FILL(requests, 0) + FILL(own, 0))',
      usingMetrics: {
        target: sum('HTTPCode_Target_5XX_Count', this.targets),
        own: sum('HTTPCode_ELB_5XX_Count', this.balancer),
        requests: sum('RequestCount', this.targets),
      },
      ...options,
      period,
    });
  }

  /** How long the instances take for a request, in seconds. */
  public latency(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('TargetResponseTime', this.targets, 'p99', options);
  }

  private metric(
    metricName: string, dimensionsMap: Record<string, string>, statistic: string, options?: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    // only an application load balancer has a listener that takes rules
    const namespace = this.front.listener ? 'AWS/ApplicationELB' : 'AWS/NetworkELB';
    return new cloudwatch.Metric({ namespace, metricName, dimensionsMap, statistic, period: Duration.minutes(1), ...options });
  }
}
