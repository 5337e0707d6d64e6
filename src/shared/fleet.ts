import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createAlarm } from './alarms';
import { NEEDED_CAPACITY_METADATA } from './needed-capacity';
import { isProtected } from './removal-policy';
import { GroupSizes } from './zone-loss-sizing';

/** For so long the figures of a new instance, still busy with its start, count for no scaling. */
const WARMUP = Duration.minutes(2);

/** What a fleet over several zones is made from. */
export interface FleetProps {
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.ISubnet[];
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly sizes: GroupSizes;
  readonly healthChecks: autoscaling.HealthChecks;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * One Auto Scaling group over the zones of its subnets.
 *
 * No message for each instance that comes or goes (cdk-nag's AwsSolutions-AS3 asks for that): the alarm on the need tells when
 * it matters.
 */
export function createFleet(scope: Construct, id: string, props: FleetProps): autoscaling.AutoScalingGroup {
  const group = new autoscaling.AutoScalingGroup(scope, id, {
    vpc: props.vpc,
    vpcSubnets: { subnets: props.subnets },
    launchTemplate: props.launchTemplate,
    minCapacity: props.sizes.min,
    maxCapacity: props.sizes.max,
    healthChecks: props.healthChecks,
    // what replaces an instance is there before it goes: the need holds during maintenance and deployments too
    minHealthyPercentage: 100,
    maxHealthyPercentage: 150,
    updatePolicy: autoscaling.UpdatePolicy.instanceRefresh({ strategy: autoscaling.InstanceRefreshStrategy.ROLLING }),
    defaultInstanceWarmup: WARMUP,
    groupMetrics: [autoscaling.GroupMetrics.all()],
    deletionProtection: isProtected(props.removalPolicy)
      ? autoscaling.DeletionProtection.PREVENT_FORCE_DELETION
      : autoscaling.DeletionProtection.NONE,
  });
  (group.node.defaultChild as autoscaling.CfnAutoScalingGroup).addMetadata(NEEDED_CAPACITY_METADATA, props.sizes.need);
  // the first instances start only when there is a way out for what they fetch
  group.node.addDependency(...props.subnets.map(subnet => subnet.internetConnectivityEstablished));
  return group;
}

/** Instances of a group that are in service; by default the least within each minute. */
export function inServiceInstances(group: autoscaling.AutoScalingGroup, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: 'AWS/AutoScaling',
    metricName: 'GroupInServiceInstances',
    dimensionsMap: { AutoScalingGroupName: group.autoScalingGroupName },
    statistic: 'Minimum',
    period: Duration.minutes(1),
    ...options,
  });
}

/** Goes off when fewer instances are in service than needed, or when nothing tells how many. */
export function createCapacityAlarm(
  scope: Construct, group: autoscaling.AutoScalingGroup, { need }: GroupSizes, alarmTopic?: ITopic,
): cloudwatch.Alarm {
  return createAlarm(scope, 'CapacityBelowNeed', alarmTopic, {
    alarmDescription: `Fewer instances are in service than the ${need} that are needed.`,
    metric: inServiceInstances(group),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: need,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
}
