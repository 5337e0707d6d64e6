import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';

/** A fleet behind a load balancer, with as many of the properties as a fleet can have. */
export function fleet(stack: Stack, availabilityZones: string[]): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGateways: 1, restrictDefaultSecurityGroup: true });
  vpc.addFlowLog('FlowLog');
  vpc.addGatewayEndpoint('Tables', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB });
  vpc.addInterfaceEndpoint('Queues', { service: ec2.InterfaceVpcEndpointAwsService.SQS });
  const group = groupIn(stack, vpc);
  scale(stack, group);
  const targets = balance(stack, vpc, group);
  watch(stack, targets);
}

function groupIn(stack: Stack, vpc: ec2.Vpc): autoscaling.AutoScalingGroup {
  const launchTemplate = new ec2.LaunchTemplate(stack, 'Template', {
    instanceType: new ec2.InstanceType('t3.micro'),
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    securityGroup: new ec2.SecurityGroup(stack, 'Instances', { vpc }),
    role: new iam.Role(stack, 'Role', {
      assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore')],
    }),
    userData: ec2.UserData.forLinux(),
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    detailedMonitoring: true,
    blockDevices: [{
      deviceName: '/dev/xvda',
      volume: ec2.BlockDeviceVolume.ebs(8, { encrypted: true, volumeType: ec2.EbsDeviceVolumeType.GP3 }),
    }],
  });
  const group = new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    launchTemplate,
    minCapacity: 3,
    maxCapacity: 6,
    defaultInstanceWarmup: Duration.seconds(90),
    groupMetrics: [autoscaling.GroupMetrics.all()],
    maxInstanceLifetime: Duration.days(30),
    newInstancesProtectedFromScaleIn: true,
    terminationPolicies: [autoscaling.TerminationPolicy.OLDEST_LAUNCH_TEMPLATE],
    healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
      additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB, autoscaling.AdditionalHealthCheckType.EBS],
      gracePeriod: Duration.minutes(2),
    }),
  });
  const resource = group.node.defaultChild as autoscaling.CfnAutoScalingGroup;
  resource.instanceMaintenancePolicy = { minHealthyPercentage: 100, maxHealthyPercentage: 110 };
  resource.availabilityZoneDistribution = { capacityDistributionStrategy: 'balanced-best-effort' };
  resource.lifecycleHookSpecificationList = [{
    lifecycleHookName: 'Launching', lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', heartbeatTimeout: 300, defaultResult: 'ABANDON',
  }];
  return group;
}

function scale(stack: Stack, group: autoscaling.AutoScalingGroup): void {
  group.addLifecycleHook('Terminating', {
    lifecycleTransition: autoscaling.LifecycleTransition.INSTANCE_TERMINATING, heartbeatTimeout: Duration.minutes(5),
  });
  group.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 50 });
  group.scaleOnSchedule('Morning', { schedule: autoscaling.Schedule.cron({ hour: '8', minute: '0' }), minCapacity: 4 });
  group.scaleOnMetric('Steps', {
    metric: new cloudwatch.Metric({ namespace: 'Fleet', metricName: 'Load' }),
    scalingSteps: [{ upper: 10, change: -1 }, { lower: 50, change: 1 }, { lower: 70, change: 3 }],
  });
  new autoscaling.CfnScalingPolicy(stack, 'Backlog', {
    autoScalingGroupName: group.autoScalingGroupName,
    policyType: 'TargetTrackingScaling',
    targetTrackingConfiguration: {
      targetValue: 10,
      customizedMetricSpecification: {
        metrics: [
          { id: 'backlog', metricStat: { metric: { namespace: 'Fleet', metricName: 'Backlog' }, stat: 'Sum' }, returnData: false },
          { id: 'instances', metricStat: { metric: { namespace: 'Fleet', metricName: 'Size' }, stat: 'Average' }, returnData: false },
          { id: 'perInstance', expression: 'backlog / instances', returnData: true },
        ],
      },
    },
  });
}

function balance(stack: Stack, vpc: ec2.Vpc, group: autoscaling.AutoScalingGroup): elbv2.ApplicationTargetGroup {
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', {
    vpc, internetFacing: true, deletionProtection: true, dropInvalidHeaderFields: true, idleTimeout: Duration.seconds(30),
  });
  balancer.logAccessLogs(new s3.Bucket(stack, 'Logs', {
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
    lifecycleRules: [{ expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    autoDeleteObjects: true,
    removalPolicy: RemovalPolicy.DESTROY,
  }));
  balancer.addRedirect();
  const listener = balancer.addListener('Https', {
    port: 443,
    certificates: [new acm.Certificate(stack, 'Certificate', { domainName: 'example.com' })],
    sslPolicy: elbv2.SslPolicy.RECOMMENDED_TLS,
    defaultAction: elbv2.ListenerAction.fixedResponse(404),
  });
  const targets = listener.addTargets('Targets', {
    port: 80,
    targets: [group],
    priority: 10,
    conditions: [elbv2.ListenerCondition.pathPatterns(['/api/*'])],
    deregistrationDelay: Duration.seconds(30),
    healthCheck: { path: '/health', interval: Duration.seconds(10), timeout: Duration.seconds(5), healthyHttpCodes: '200-299' },
  });
  targets.setAttribute('load_balancing.cross_zone.enabled', 'use_load_balancer_configuration');
  group.scaleOnRequestCount('Requests', { targetRequestsPerMinute: 100 });
  return targets;
}

function watch(stack: Stack, targets: elbv2.ApplicationTargetGroup): void {
  const topic = new sns.Topic(stack, 'Topic');
  topic.addSubscription(new EmailSubscription('oncall@example.com'));
  topic.addToResourcePolicy(new iam.PolicyStatement({
    actions: ['sns:Publish'], principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')], resources: [topic.topicArn],
  }));
  const alarm = targets.metrics.unhealthyHostCount().createAlarm(stack, 'Unhealthy', {
    threshold: 1, evaluationPeriods: 3, datapointsToAlarm: 2, treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  new cloudwatch.MathExpression({
    expression: 'healthy + unhealthy',
    usingMetrics: { healthy: targets.metrics.healthyHostCount(), unhealthy: targets.metrics.unhealthyHostCount() },
  }).createAlarm(stack, 'Total', { threshold: 3, evaluationPeriods: 1 });
  new cloudwatch.Dashboard(stack, 'Dashboard', {
    widgets: [[new cloudwatch.GraphWidget({ left: [targets.metrics.healthyHostCount()] })]],
  });
}
