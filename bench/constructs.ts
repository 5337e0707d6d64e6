import { App, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget, LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { instances } from './stacks';
import { EbsSnapshotPolicy, FaultDashboard, InstanceTemplate, PrimarySite, RdsMultiAz, S3StaticFailover, SessionTable, SqsWorkerFleet, StaticSite } from '../lib';

const env = { account: '123456789012', region: 'eu-west-1' };
const availabilityZones = ['a', 'b', 'c'].map(letter => `${env.region}${letter}`);

type Fill = (stack: Stack) => void;

/** A construct, and the same resources by bare L2, as somebody writes them who knows all of it. */
export interface Pair {
  readonly ours: Fill;
  readonly bare: Fill;
}

/** A further construct is entered here. */
export const pairs: Readonly<Record<string, Pair>> = {
  SqsWorkerFleet: {
    ours: stack => new SqsWorkerFleet(stack, 'Fleet', {
      vpc: networkOf(stack),
      instanceTemplate: InstanceTemplate.fromMachineImage({ machineImage: ec2.MachineImage.latestAmazonLinux2023(), instanceType: machine() }),
      maxProcessingTime: Duration.minutes(2),
      neededCapacity: 4,
    }),
    bare: workerFleet,
  },
  SessionTable: {
    ours: stack => new SessionTable(stack, 'Sessions'),
    bare: stack => { sessionTable(stack); },
  },
  RdsMultiAz: {
    ours: stack => new RdsMultiAz(stack, 'Database', { vpc: networkOf(stack), engine: postgres(), instanceType: machine() }),
    bare: database,
  },
  S3StaticFailover: {
    ours: stack => new S3StaticFailover(stack, 'Failover', {
      hostedZone: zoneIn(stack),
      primary: PrimarySite.https(balancerIn(stack)),
      secondary: StaticSite.cloudFront(certificateIn(stack)),
      content: content(),
    }),
    bare: staticFailover,
  },
  FaultDashboard: {
    ours: stack => {
      const sessions = new SessionTable(stack, 'Sessions');
      new FaultDashboard(stack, 'Dashboard', { constructs: [sessions] });
    },
    bare: stack => {
      const alarms = sessionTable(stack);
      new cloudwatch.Dashboard(stack, 'Dashboard', {
        widgets: [[new cloudwatch.AlarmStatusWidget({ alarms, width: 24 })], alarms.map(one => new cloudwatch.AlarmWidget({ alarm: one, width: 8 }))],
      });
    },
  },
  EbsSnapshotPolicy: {
    ours: stack => new EbsSnapshotPolicy(stack, 'Snapshots'),
    bare: snapshotPolicy,
  },
};

/** A stack with the construct, or with what stands for it. */
export function stackOf(fill: Fill): (app: App, id: string) => void {
  return (app, id) => fill(new Stack(app, id, { env }));
}

function workerFleet(stack: Stack): void {
  const vpc = networkOf(stack);
  const common = { encryption: sqs.QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };
  const deadLetters = new sqs.Queue(stack, 'DeadLetters', common);
  const queue = new sqs.Queue(stack, 'Queue', {
    ...common, visibilityTimeout: Duration.minutes(4), deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
  });
  const group = instances(stack, vpc);
  queue.grantConsumeMessages(group);
  new iam.Policy(stack, 'Drain', {
    roles: [group.role],
    statements: [new iam.PolicyStatement({ actions: ['autoscaling:CompleteLifecycleAction'], resources: [group.autoScalingGroupArn] })],
  });
  (group.node.defaultChild as autoscaling.CfnAutoScalingGroup).lifecycleHookSpecificationList = [{
    lifecycleHookName: 'drain', lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', heartbeatTimeout: 120,
  }];
  for (const [metricName, targetValue] of [['Backlog', 10], ['Busy', 0.8]] as const) {
    new autoscaling.CfnScalingPolicy(stack, metricName, {
      autoScalingGroupName: group.autoScalingGroupName,
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: { targetValue, customizedMetricSpecification: { metricName, namespace: 'Shop', statistic: 'Average' } },
    });
  }
  alarm(stack, deadLetters.metricApproximateNumberOfMessagesVisible());
  alarm(stack, queue.metricApproximateAgeOfOldestMessage());
  alarm(stack, queue.metricApproximateNumberOfMessagesVisible());
}

function sessionTable(stack: Stack): cloudwatch.Alarm[] {
  const table = new dynamodb.TableV2(stack, 'Table', {
    partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    timeToLiveAttribute: 'expires',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
  });
  const throttles = new cloudwatch.MathExpression({
    expression: 'FILL(reads, 0) + FILL(writes, 0)',
    usingMetrics: { reads: table.metric('ReadThrottleEvents'), writes: table.metric('WriteThrottleEvents') },
  });
  const errors = table.metricSystemErrorsForOperations({
    operations: [dynamodb.Operation.GET_ITEM, dynamodb.Operation.PUT_ITEM, dynamodb.Operation.UPDATE_ITEM, dynamodb.Operation.DELETE_ITEM],
  });
  return [alarm(stack, throttles), alarm(stack, errors)];
}

function database(stack: Stack): void {
  const instance = new rds.DatabaseInstance(stack, 'Instance', {
    vpc: networkOf(stack),
    engine: postgres(),
    instanceType: machine(),
    multiAz: true,
    storageEncrypted: true,
    storageType: rds.StorageType.GP3,
    allocatedStorage: Size.gibibytes(100).toGibibytes(),
    maxAllocatedStorage: 200,
    manageMasterUserPassword: true,
    iamAuthentication: true,
    backupRetention: Duration.days(14),
    cloudwatchLogsExports: ['postgresql', 'upgrade'],
    deletionProtection: true,
  });
  [instance.metricCPUUtilization(), instance.metricFreeStorageSpace(), instance.metricFreeableMemory()].forEach(metric => alarm(stack, metric));
}

function staticFailover(stack: Stack): void {
  const zone = zoneIn(stack);
  const balancer = balancerIn(stack);
  const bucket = new s3.Bucket(stack, 'Bucket', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL, enforceSSL: true, removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true,
  });
  const distribution = new cloudfront.Distribution(stack, 'Distribution', {
    domainNames: ['example.com'], certificate: certificateIn(stack), defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(bucket) },
  });
  new s3deploy.BucketDeployment(stack, 'Content', { sources: content(), destinationBucket: bucket, distribution });
  const healthCheck = new route53.HealthCheck(stack, 'HealthCheck', {
    type: route53.HealthCheckType.HTTPS, fqdn: balancer.loadBalancerDnsName, requestInterval: Duration.seconds(10),
  });
  new route53.ARecord(stack, 'Primary', {
    zone,
    target: route53.RecordTarget.fromAlias(new LoadBalancerTarget(balancer, { evaluateTargetHealth: true })),
    failover: route53.Failover.PRIMARY,
    healthCheck,
  });
  const secondary = new route53.ARecord(stack, 'Secondary', { zone, target: route53.RecordTarget.fromAlias(new CloudFrontTarget(distribution)) });
  const record = secondary.node.defaultChild as route53.CfnRecordSet;
  record.failover = 'SECONDARY';
  record.setIdentifier = 'Secondary';
}

function snapshotPolicy(stack: Stack): void {
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('dlm.amazonaws.com') });
  for (const action of ['ec2:DescribeVolumes', 'ec2:CreateSnapshot', 'ec2:CreateTags', 'ec2:DeleteSnapshot']) {
    role.addToPolicy(new iam.PolicyStatement({ actions: [action], resources: ['*'] }));
  }
  const policy = new CfnLifecyclePolicy(stack, 'Policy', {
    description: 'Snapshots',
    state: 'ENABLED',
    executionRoleArn: role.roleArn,
    policyDetails: {
      resourceTypes: ['VOLUME'],
      targetTags: [{ key: 'Backup', value: 'daily' }],
      schedules: [{ name: 'Daily', createRule: { interval: 24, intervalUnit: 'HOURS' }, retainRule: { count: 14 } }],
    },
  });
  alarm(stack, new cloudwatch.Metric({ namespace: 'AWS/EBS', metricName: 'SnapshotsCreateFailed', dimensionsMap: { DLMPolicyId: policy.ref } }));
}

function alarm(stack: Stack, metric: cloudwatch.IMetric): cloudwatch.Alarm {
  const id = `Alarm${stack.node.children.length}`;
  return new cloudwatch.Alarm(stack, id, { metric, threshold: 0, evaluationPeriods: 3 });
}

function networkOf(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', { availabilityZones });
}

function machine(): ec2.InstanceType {
  return ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE);
}

function postgres(): rds.IInstanceEngine {
  return rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 });
}

function zoneIn(stack: Stack): route53.IHostedZone {
  return new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
}

function balancerIn(stack: Stack): elb.ApplicationLoadBalancer {
  return new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc: networkOf(stack), internetFacing: true });
}

function certificateIn(stack: Stack): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, 'Certificate',
    'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555');
}

function content(): s3deploy.ISource[] {
  return [s3deploy.Source.data('index.html', 'We are back soon')];
}
