import { App, Duration, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, WebEndpoint } from '../lib';

const env = { account: '123456789012', region: 'eu-west-1' };
const availabilityZones = ['a', 'b', 'c'].map(letter => `${env.region}${letter}`);

/** A web tier in a network of its own, by the library or by bare L2, with the same resources. */
export const stackWith = { ours, bare };

function ours(app: App, id: string): Stack {
  const { stack, alarmTopic, certificate } = frame(app, id);
  new MultiAzWebTier(stack, 'Web', {
    vpc: new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic }) }),
    instanceTemplate: InstanceTemplate.fromMachineImage({ machineImage: ec2.MachineImage.latestAmazonLinux2023(), instanceType: instanceType() }),
    endpoint: WebEndpoint.publicHttps(certificate),
    neededCapacity: 4,
    alarmTopic,
  });
  return stack;
}

/** What somebody who knows all of it writes by hand. */
function bare(app: App, id: string): Stack {
  const { stack, alarmTopic, certificate } = frame(app, id);
  alarmTopic.grantPublish(new iam.ServicePrincipal('cloudwatch.amazonaws.com'));
  const natGatewayProvider = ec2.NatProvider.gateway();
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGatewayProvider });
  natGatewayProvider.configuredGateways.forEach(({ gatewayId }, index) => natAlarms(stack, index, gatewayId, alarmTopic));

  const { balancer, targets } = loadBalancer(stack, vpc, certificate);
  const group = instances(stack, vpc, clientAlarms(stack, balancer, alarmTopic));
  (group.node.defaultChild as autoscaling.CfnAutoScalingGroup).availabilityZoneImpairmentPolicy = {
    zonalShiftEnabled: true, impairedZoneHealthCheckBehavior: 'ReplaceUnhealthy',
  };
  targets.addTarget(group);
  group.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50 });
  instanceAlarms(stack, group, balancer, targets, alarmTopic);
  return stack;
}

function frame(app: App, id: string) {
  const stack = new Stack(app, id, { env });
  return {
    stack,
    alarmTopic: new sns.Topic(stack, 'Alarms'),
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate',
      'arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555'),
  };
}

function instanceType(): ec2.InstanceType {
  return ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE);
}

/** An Auto Scaling group as `MultiAzWebTier` has it. */
export function instances(stack: Stack, vpc: ec2.Vpc, alarms?: cloudwatch.Alarm[]): autoscaling.AutoScalingGroup {
  const launchTemplate = new ec2.LaunchTemplate(stack, 'LaunchTemplate', {
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: instanceType(),
    securityGroup: new ec2.SecurityGroup(stack, 'InstanceSecurityGroup', { vpc }),
    role: new iam.Role(stack, 'InstanceRole', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    }),
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    detailedMonitoring: true,
    blockDevices: [{
      deviceName: '/dev/xvda',
      volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3 }),
    }],
  });
  const group = new autoscaling.AutoScalingGroup(stack, 'Instances', {
    vpc,
    launchTemplate,
    minCapacity: 6,
    maxCapacity: 12,
    healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
      additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB, autoscaling.AdditionalHealthCheckType.EBS],
      gracePeriod: Duration.minutes(5),
    }),
    minHealthyPercentage: 100,
    maxHealthyPercentage: 150,
    updatePolicy: autoscaling.UpdatePolicy.instanceRefresh({
      strategy: autoscaling.InstanceRefreshStrategy.ROLLING,
      minHealthyPercentage: 100,
      maxHealthyPercentage: 150,
      bakeTime: Duration.minutes(10),
      alarms,
    }),
    defaultInstanceWarmup: Duration.minutes(2),
    maxInstanceLifetime: Duration.days(30),
    azCapacityDistributionStrategy: autoscaling.CapacityDistributionStrategy.BALANCED_BEST_EFFORT,
    groupMetrics: [autoscaling.GroupMetrics.all()],
    deletionProtection: autoscaling.DeletionProtection.PREVENT_FORCE_DELETION,
  });
  group.node.addDependency(...vpc.privateSubnets.map(subnet => subnet.internetConnectivityEstablished));
  return group;
}

function loadBalancer(stack: Stack, vpc: ec2.Vpc, certificate: acm.ICertificate) {
  const balancer = new elb.ApplicationLoadBalancer(stack, 'LoadBalancer', {
    vpc,
    internetFacing: true,
    deletionProtection: true,
    dropInvalidHeaderFields: true,
  });
  balancer.logAccessLogs(new s3.Bucket(stack, 'AccessLogs', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
  }));
  balancer.setAttribute('zonal_shift.config.enabled', 'true');
  balancer.addRedirect();
  const targets = balancer
    .addListener('Https', { port: 443, certificates: [certificate], sslPolicy: elb.SslPolicy.RECOMMENDED_TLS })
    .addTargets('Targets', {
      port: 80,
      loadBalancingAlgorithmType: elb.TargetGroupLoadBalancingAlgorithmType.ROUND_ROBIN,
      deregistrationDelay: Duration.seconds(60),
      healthCheck: { path: '/', interval: Duration.seconds(10), timeout: Duration.seconds(5), healthyThresholdCount: 2, unhealthyThresholdCount: 2 },
    });
  targets.setAttribute('load_balancing.cross_zone.enabled', 'true');
  return { balancer, targets };
}

function alarm(stack: Stack, id: string, topic: sns.ITopic, metric: cloudwatch.IMetric, threshold: number): cloudwatch.Alarm {
  const made = new cloudwatch.Alarm(stack, id, { metric, threshold, evaluationPeriods: 5, datapointsToAlarm: 3 });
  made.addAlarmAction(new SnsAction(topic));
  made.addOkAction(new SnsAction(topic));
  return made;
}

function natAlarms(stack: Stack, index: number, gatewayId: string, topic: sns.ITopic): void {
  const metric = (metricName: string) => new cloudwatch.Metric({
    namespace: 'AWS/NATGateway', metricName, dimensionsMap: { NatGatewayId: gatewayId }, statistic: 'Sum', period: Duration.minutes(1),
  });
  alarm(stack, `PortAllocationErrors${index}`, topic, metric('ErrorPortAllocation'), 1);
  alarm(stack, `PacketsDropped${index}`, topic, new cloudwatch.MathExpression({
    expression: 'IF(a + b > 0, 100 * dropped / (a + b), 0)',
    usingMetrics: { dropped: metric('PacketsDropCount'), a: metric('PacketsInFromSource'), b: metric('PacketsInFromDestination') },
    period: Duration.minutes(1),
  }), 0.01);
}

const period = Duration.minutes(1);

function clientAlarms(stack: Stack, balancer: elb.ApplicationLoadBalancer, topic: sns.ITopic): cloudwatch.Alarm[] {
  const errors = new cloudwatch.MathExpression({
    expression: '100 * (FILL(target, 0) + FILL(own, 0)) / (FILL(requests, 0) + FILL(own, 0))',
    usingMetrics: {
      target: balancer.metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, { period }),
      own: balancer.metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT, { period }),
      requests: balancer.metrics.requestCount({ period }),
    },
    period,
  });
  return [
    alarm(stack, 'Errors', topic, errors, 5),
    alarm(stack, 'Latency', topic, balancer.metrics.targetResponseTime({ statistic: 'p99', period }), 2),
  ];
}

function instanceAlarms(
  stack: Stack, group: autoscaling.AutoScalingGroup, balancer: elb.ApplicationLoadBalancer, targets: elb.ApplicationTargetGroup, topic: sns.ITopic,
): void {
  const ofGroup = (metricName: string) => new cloudwatch.Metric({
    namespace: 'AWS/AutoScaling', metricName, dimensionsMap: { AutoScalingGroupName: group.autoScalingGroupName }, period,
  });
  const ofZone = (metricName: string, zone: string) => new cloudwatch.Metric({
    namespace: 'AWS/ApplicationELB',
    metricName,
    dimensionsMap: { LoadBalancer: balancer.loadBalancerFullName, TargetGroup: targets.targetGroupFullName, AvailabilityZone: zone },
    period,
  });
  alarm(stack, 'InService', topic, ofGroup('GroupInServiceInstances'), 4);
  availabilityZones.forEach(zone => alarm(stack, `Unhealthy-${zone}`, topic, ofZone('UnHealthyHostCount', zone), 1));
  alarm(stack, 'HeadRoom', topic, new cloudwatch.MathExpression({
    expression: 'max - desired', usingMetrics: { max: ofGroup('GroupMaxSize'), desired: ofGroup('GroupDesiredCapacity') }, period,
  }), 0);
  alarm(stack, 'Imbalance', topic, new cloudwatch.MathExpression({
    expression: 'MAX([FILL(z0, 0), FILL(z1, 0), FILL(z2, 0)]) - MIN([FILL(z0, 0), FILL(z1, 0), FILL(z2, 0)])',
    usingMetrics: Object.fromEntries(availabilityZones.map((zone, index) => [`z${index}`, ofZone('HealthyHostCount', zone)])),
    period,
  }), 2);
  const rule = new events.Rule(stack, 'FailedRefresh', {
    eventPattern: {
      source: ['aws.autoscaling'],
      detailType: ['EC2 Auto Scaling Instance Refresh Failed'],
      detail: { AutoScalingGroupName: [group.autoScalingGroupName] },
    },
  });
  alarm(stack, 'Refresh', topic, new cloudwatch.Metric({
    namespace: 'AWS/Events', metricName: 'TriggeredRules', dimensionsMap: { RuleName: rule.ruleName }, period,
  }), 1);
}
