import { Duration, Stack } from 'aws-cdk-lib';
import * as dlm from 'aws-cdk-lib/aws-dlm';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';

const ID = { name: 'id', type: dynamodb.AttributeType.STRING };

/** A database in several zones. */
export function database(stack: Stack, availabilityZones: string[]): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGateways: 0 });
  const instance = new rds.DatabaseInstance(stack, 'Database', {
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16_4 }),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MEDIUM),
    multiAz: true,
    storageEncrypted: true,
    backupRetention: Duration.days(7),
    deletionProtection: true,
    monitoringInterval: Duration.seconds(60),
    parameters: { max_connections: '100' },
    preferredBackupWindow: '03:00-03:30',
    preferredMaintenanceWindow: 'sun:04:00-sun:04:30',
  });
  new rds.CfnEventSubscription(stack, 'Failovers', {
    snsTopicArn: new sns.Topic(stack, 'Topic').topicArn,
    sourceType: 'db-instance',
    eventCategories: ['failover'],
    sourceIds: [instance.instanceIdentifier],
  });
}

/** Queues, and rules that send to them. */
export function queues(stack: Stack): void {
  const deadLetters = new sqs.Queue(stack, 'DeadLetters', { retentionPeriod: Duration.days(14), enforceSSL: true });
  const queue = new sqs.Queue(stack, 'Queue', {
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 }, visibilityTimeout: Duration.minutes(2),
  });
  new sqs.Queue(stack, 'Fifo', { fifo: true, contentBasedDeduplication: true });
  new events.Rule(stack, 'Clock', {
    schedule: events.Schedule.rate(Duration.minutes(5)), targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
  });
  new events.Rule(stack, 'Terminated', {
    eventPattern: { source: ['aws.ec2'], detail: { state: ['terminated'] } }, targets: [new SqsQueue(queue)],
  });
}

/** Tables, in one Region and in two. */
export function tables(stack: Stack): void {
  const table = new dynamodb.Table(stack, 'Table', {
    partitionKey: ID,
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'expires',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    stream: dynamodb.StreamViewType.NEW_IMAGE,
    deletionProtection: true,
  });
  table.addGlobalSecondaryIndex({ indexName: 'byOwner', partitionKey: { name: 'owner', type: dynamodb.AttributeType.STRING } });
  new dynamodb.Table(stack, 'Provisioned', { partitionKey: ID })
    .autoScaleReadCapacity({ minCapacity: 2, maxCapacity: 10 }).scaleOnUtilization({ targetUtilizationPercent: 60 });
  new dynamodb.TableV2(stack, 'Global', {
    partitionKey: ID,
    replicas: [{ region: 'us-east-1' }],
    timeToLiveAttribute: 'expires',
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  });
}

/** Snapshots of volumes. */
export function snapshots(stack: Stack): void {
  new dlm.CfnLifecyclePolicy(stack, 'Snapshots', {
    description: 'daily',
    state: 'ENABLED',
    executionRoleArn: new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('dlm.amazonaws.com') }).roleArn,
    policyDetails: {
      resourceTypes: ['VOLUME'],
      targetTags: [{ key: 'backup', value: 'daily' }],
      schedules: [{
        name: 'daily', createRule: { interval: 24, intervalUnit: 'HOURS', times: ['03:00'] }, retainRule: { count: 7 }, copyTags: true,
      }],
    },
  });
}
