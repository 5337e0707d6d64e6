import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createAlarm } from './alarms';
import { NEEDED_CAPACITY_METADATA } from './needed-capacity';
import { isProtected } from './removal-policy';
import { FleetSizes } from './zone-loss-sizing';

/** What a group of a fleet is made from. */
export interface GroupProps {
  readonly vpc: ec2.IVpc;
  readonly subnets: ec2.ISubnet[];
  readonly launchTemplate: ec2.LaunchTemplate;
  /** What the group launches, the preferred one first. */
  readonly instanceTypes: ec2.InstanceType[];
  /** Of what runs above the minimum, so many percent may be Spot Instances. */
  readonly spotPercentAboveMinimum: number;
  readonly sizes: Pick<FleetSizes, 'min' | 'max'>;
  /** How many of this group have to be in service; none where several groups share a need. */
  readonly need?: number;
  readonly healthChecks: autoscaling.HealthChecks;
  readonly updatePolicy: autoscaling.UpdatePolicy;
  /** While the group replaces an instance by itself, at least and at most so many percent of what runs are there. */
  readonly minHealthyPercentage: number;
  readonly maxHealthyPercentage: number;
  readonly instanceWarmup: Duration;
  readonly maxInstanceLifetime: Duration;
  readonly distribution?: autoscaling.CapacityDistributionStrategy;
  /** What goes on before an instance is taken away. */
  readonly drainHook?: DrainHook;
  readonly removalPolicy: RemovalPolicy;
}

/** Keeps an instance that is to go until somebody completes the hook, or until its time is up. */
export interface DrainHook {
  readonly name: string;
  readonly timeoutSeconds: number;
}

/**
 * An Auto Scaling group over the zones of its subnets.
 *
 * It has no desired capacity, and a deployment leaves its sizes alone unless the app changes them: what it has scaled to stays.
 * No message for each instance that comes or goes (cdk-nag's AwsSolutions-AS3 asks for that): the alarm on the need tells when
 * it matters.
 */
export function createGroup(scope: Construct, id: string, props: GroupProps): autoscaling.AutoScalingGroup {
  const group = new autoscaling.AutoScalingGroup(scope, id, {
    vpc: props.vpc,
    vpcSubnets: { subnets: props.subnets },
    ...launchOf(props),
    minCapacity: props.sizes.min,
    maxCapacity: props.sizes.max,
    healthChecks: props.healthChecks,
    minHealthyPercentage: props.minHealthyPercentage,
    maxHealthyPercentage: props.maxHealthyPercentage,
    updatePolicy: props.updatePolicy,
    defaultInstanceWarmup: props.instanceWarmup,
    maxInstanceLifetime: props.maxInstanceLifetime,
    azCapacityDistributionStrategy: props.distribution,
    capacityRebalance: props.spotPercentAboveMinimum > 0 || undefined,
    ignoreUnmodifiedSizeProperties: true,
    groupMetrics: [autoscaling.GroupMetrics.all()],
    deletionProtection: isProtected(props.removalPolicy)
      ? autoscaling.DeletionProtection.PREVENT_FORCE_DELETION
      : autoscaling.DeletionProtection.NONE,
  });
  const resource = resourceOf(group);
  if (props.need !== undefined) { resource.addMetadata(NEEDED_CAPACITY_METADATA, props.need); }
  // in the group itself: a hook beside it is there only after the first instances are
  resource.lifecycleHookSpecificationList = props.drainHook && [{
    lifecycleHookName: props.drainHook.name,
    lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
    heartbeatTimeout: props.drainHook.timeoutSeconds,
    defaultResult: 'CONTINUE',
  }];
  // the first instances start only when there is a way out for what they fetch
  group.node.addDependency(...props.subnets.map(subnet => subnet.internetConnectivityEstablished));
  return group;
}

/** One instance type as it is; of several, the ones that are to be had, with the minimum On-Demand. */
function launchOf(
  { launchTemplate, instanceTypes, spotPercentAboveMinimum, sizes }: GroupProps,
): Pick<autoscaling.AutoScalingGroupProps, 'launchTemplate' | 'mixedInstancesPolicy'> {
  if (instanceTypes.length < 2 && spotPercentAboveMinimum === 0) { return { launchTemplate }; }
  return {
    mixedInstancesPolicy: {
      launchTemplate,
      launchTemplateOverrides: instanceTypes.map(instanceType => ({ instanceType })),
      instancesDistribution: {
        onDemandAllocationStrategy: autoscaling.OnDemandAllocationStrategy.PRIORITIZED,
        onDemandBaseCapacity: sizes.min,
        onDemandPercentageAboveBaseCapacity: 100 - spotPercentAboveMinimum,
        spotAllocationStrategy: autoscaling.SpotAllocationStrategy.CAPACITY_OPTIMIZED,
      },
    },
  };
}

/** The whole ARN of a group, with the id that AWS gives it; the L2 has one with a placeholder. */
export function arnOf(group: autoscaling.AutoScalingGroup): string {
  return resourceOf(group).attrAutoScalingGroupArn;
}

/** The L1 of a group. */
export function resourceOf(group: autoscaling.AutoScalingGroup): autoscaling.CfnAutoScalingGroup {
  return group.node.defaultChild as autoscaling.CfnAutoScalingGroup;
}

/** A figure by group; by default the mean of each minute. */
export function groupMetric(
  group: autoscaling.AutoScalingGroup, metricName: string, namespace = 'AWS/AutoScaling', options?: cloudwatch.MetricOptions,
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace,
    metricName,
    dimensionsMap: { AutoScalingGroupName: group.autoScalingGroupName },
    statistic: 'Average',
    period: Duration.minutes(1),
    ...options,
  });
}

/** Instances of a group that are in service; by default the least within each minute. */
export function inServiceInstances(group: autoscaling.AutoScalingGroup, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
  return groupMetric(group, 'GroupInServiceInstances', undefined, { statistic: 'Minimum', ...options });
}

/** Goes off when fewer instances are in service than needed, or when nothing tells how many. */
export function createCapacityAlarm(scope: Construct, inService: cloudwatch.IMetric, need: number, alarmTopic?: ITopic): cloudwatch.Alarm {
  return createAlarm(scope, 'CapacityBelowNeed', alarmTopic, {
    alarmDescription: `Fewer instances are in service than the ${need} that are needed.`,
    metric: inService,
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: need,
    evaluationPeriods: 3,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
}
