import { Duration, Stack } from 'aws-cdk-lib';
import * as arc from 'aws-cdk-lib/aws-arczonalshift';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { VpcOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IpTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2-targets';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as ssm from 'aws-cdk-lib/aws-ssm';

/** A group that has its capacity reserved and warmed, and that leaves a zone with its load balancer. */
export function capacity(stack: Stack, availabilityZones: string[]): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGateways: 0 });
  const group = new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    mixedInstancesPolicy: {
      launchTemplate: launchTemplate(stack, vpc),
      launchTemplateOverrides: [{ instanceType: new ec2.InstanceType('m6i.large') }, { instanceType: new ec2.InstanceType('m5.large') }],
      instancesDistribution: {
        onDemandBaseCapacity: 3,
        onDemandPercentageAboveBaseCapacity: 100,
        onDemandAllocationStrategy: autoscaling.OnDemandAllocationStrategy.PRIORITIZED,
      },
    },
    minCapacity: 3,
    maxCapacity: 9,
    azCapacityDistributionStrategy: autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
  });
  group.addWarmPool({ minSize: 1, maxGroupPreparedCapacity: 6, poolState: autoscaling.PoolState.STOPPED, reuseOnScaleIn: true });
  const resource = group.node.defaultChild as autoscaling.CfnAutoScalingGroup;
  reserve(stack, resource, availabilityZones);
  resource.lifecycleHookSpecificationList = [hookTo(stack)];
  scale(stack, group.autoScalingGroupName);
  shift(stack, vpc, group, resource);
}

function launchTemplate(stack: Stack, vpc: ec2.Vpc): ec2.LaunchTemplate {
  return new ec2.LaunchTemplate(stack, 'Template', {
    instanceType: new ec2.InstanceType('m6i.large'),
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    securityGroup: new ec2.SecurityGroup(stack, 'Instances', { vpc }),
  });
}

function reserve(stack: Stack, group: autoscaling.CfnAutoScalingGroup, availabilityZones: string[]): void {
  const reservations = availabilityZones.map((availabilityZone, index) => new ec2.CfnCapacityReservation(stack, `Reservation${index}`, {
    availabilityZone,
    instanceCount: 1,
    instancePlatform: 'Linux/UNIX',
    instanceType: 'm6i.large',
    instanceMatchCriteria: 'targeted',
    tagSpecifications: [{ resourceType: 'capacity-reservation', tags: [{ key: 'Name', value: 'web' }] }],
  }));
  group.capacityReservationSpecification = {
    capacityReservationPreference: 'capacity-reservations-first',
    capacityReservationTarget: { capacityReservationIds: reservations.map(({ attrId }) => attrId) },
  };
}

function hookTo(stack: Stack): autoscaling.CfnAutoScalingGroup.LifecycleHookSpecificationProperty {
  return {
    lifecycleHookName: 'Launching',
    lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
    heartbeatTimeout: 300,
    defaultResult: 'ABANDON',
    notificationMetadata: 'web',
    notificationTargetArn: new sns.Topic(stack, 'Launches').topicArn,
    roleArn: new iam.Role(stack, 'Notifier', { assumedBy: new iam.ServicePrincipal('autoscaling.amazonaws.com') }).roleArn,
  };
}

function scale(stack: Stack, autoScalingGroupName: string): void {
  new autoscaling.CfnScalingPolicy(stack, 'Steps', {
    autoScalingGroupName,
    policyType: 'StepScaling',
    adjustmentType: 'PercentChangeInCapacity',
    minAdjustmentMagnitude: 2,
    estimatedInstanceWarmup: 90,
    metricAggregationType: 'Maximum',
    stepAdjustments: [
      { metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 25 },
      { metricIntervalLowerBound: 20, scalingAdjustment: 50 },
    ],
  });
  new autoscaling.CfnScalingPolicy(stack, 'Forecast', {
    autoScalingGroupName,
    policyType: 'PredictiveScaling',
    predictiveScalingConfiguration: {
      mode: 'ForecastAndScale',
      schedulingBufferTime: 300,
      maxCapacityBreachBehavior: 'IncreaseMaxCapacity',
      maxCapacityBuffer: 10,
      metricSpecifications: [{ targetValue: 50, predefinedMetricPairSpecification: { predefinedMetricType: 'ASGCPUUtilization' } }],
    },
  });
  new autoscaling.CfnScheduledAction(stack, 'Morning', { autoScalingGroupName, minSize: 6, recurrence: '0 8 * * 1-5', timeZone: 'Europe/Vienna' });
}

function shift(stack: Stack, vpc: ec2.Vpc, group: autoscaling.AutoScalingGroup, resource: autoscaling.CfnAutoScalingGroup): void {
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc });
  balancer.setAttribute('zonal_shift.config.enabled', 'true');
  const targets = balancer.addListener('Http', { port: 80, open: false }).addTargets('Targets', { port: 80, targets: [group] });
  Object.entries(ROBUST).forEach(([key, value]) => targets.setAttribute(key, value));
  resource.availabilityZoneImpairmentPolicy = { zonalShiftEnabled: true, impairedZoneHealthCheckBehavior: 'IgnoreUnhealthy' };
  resource.skipZonalShiftValidation = true;

  const alarm = targets.metrics.unhealthyHostCount().createAlarm(stack, 'Outcome', { threshold: 1, evaluationPeriods: 1 });
  new arc.CfnZonalAutoshiftConfiguration(stack, 'BalancerShift', {
    resourceIdentifier: balancer.loadBalancerArn,
    zonalAutoshiftStatus: 'ENABLED',
    practiceRunConfiguration: {
      blockedDates: ['2026-12-24'],
      blockedWindows: ['Mon:08:00-Mon:18:00'],
      outcomeAlarms: [{ alarmIdentifier: alarm.alarmArn, type: 'CLOUDWATCH' }],
    },
  });
}

const ROBUST = {
  'deregistration_delay.timeout_seconds': '60',
  'load_balancing.algorithm.anomaly_mitigation': 'on',
  'load_balancing.algorithm.type': 'weighted_random',
  'stickiness.enabled': 'true',
  'stickiness.lb_cookie.duration_seconds': '300',
  'stickiness.type': 'lb_cookie',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '2',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
};

/** Load balancers of the other kinds, and one that only a distribution can reach. */
export function entrances(stack: Stack, availabilityZones: string[]): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGateways: 0 });
  const inside = new elbv2.ApplicationLoadBalancer(stack, 'Inside', { vpc });
  const addresses = inside.addListener('Http', { port: 80, open: false })
    .addTargets('Addresses', { port: 8080, protocol: elbv2.ApplicationProtocol.HTTP, targets: [new IpTarget('10.1.0.10', 8080, 'all')] });
  addresses.setAttribute('slow_start.duration_seconds', '30');
  new cloudfront.Distribution(stack, 'Distribution', {
    defaultBehavior: { origin: VpcOrigin.withApplicationLoadBalancer(inside, { protocolPolicy: cloudfront.OriginProtocolPolicy.HTTP_ONLY }) },
  });
  transport(stack, vpc);
}

function transport(stack: Stack, vpc: ec2.Vpc): void {
  const balancer = new elbv2.NetworkLoadBalancer(stack, 'Network', {
    vpc,
    internetFacing: true,
    crossZoneEnabled: true,
    zonalShift: true,
    clientRoutingPolicy: elbv2.ClientRoutingPolicy.PARTIAL_AVAILABILITY_ZONE_AFFINITY,
    securityGroups: [new ec2.SecurityGroup(stack, 'Entrance', { vpc })],
  });
  balancer.addListener('Tcp', { port: 80 }).addTargets('Plain', {
    port: 8080,
    healthCheck: { protocol: elbv2.Protocol.TCP, interval: Duration.seconds(10), timeout: Duration.seconds(5) },
    deregistrationDelay: Duration.seconds(60),
    preserveClientIp: true,
  });
  const secure = balancer.addListener('Tls', {
    port: 443,
    certificates: [new acm.Certificate(stack, 'Certificate', { domainName: 'example.com' })],
    sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS,
  });
  secure.addTargets('Encrypted', { port: 8443, protocol: elbv2.Protocol.TLS, healthCheck: { protocol: elbv2.Protocol.TCP } })
    .setAttribute('target_health_state.unhealthy.connection_termination.enabled', 'false');
}

/** A runbook that an event starts, and a rule that nobody listens to yet. */
export function runbooks(stack: Stack): void {
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ssm.amazonaws.com') });
  const runbook = new ssm.CfnDocument(stack, 'Runbook', {
    documentType: 'Automation',
    tags: [{ key: 'purpose', value: 'zonal shift' }],
    content: {
      schemaVersion: '0.3',
      assumeRole: '{{ Role }}',
      parameters: { Role: { type: 'String', default: role.roleArn }, InstanceId: { type: 'String' } },
      mainSteps: [
        { name: 'Look', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'DescribeInstances', InstanceIds: ['{{ InstanceId }}'] } },
        { name: 'Wait', action: 'aws:sleep', inputs: { Duration: 'PT30S' }, isEnd: true },
      ],
    },
  });
  const starter = new iam.Role(stack, 'Starter', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') });
  new events.CfnRule(stack, 'OnTermination', {
    eventPattern: { source: ['aws.ec2'], detail: { state: ['terminated'] } },
    targets: [{
      id: 'Runbook',
      arn: `arn:aws:ssm:${stack.region}:${stack.account}:automation-definition/${runbook.ref}:$DEFAULT`,
      roleArn: starter.roleArn,
      inputTransformer: { inputPathsMap: { instance: '$.detail.instance-id' }, inputTemplate: '{"InstanceId":[<instance>]}' },
    }],
  });
  new events.Rule(stack, 'Unheard', { eventPattern: { source: ['aws.autoscaling'] } });
}
