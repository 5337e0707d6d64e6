import * as path from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as ssm from 'aws-cdk-lib/aws-ssm';

const SOURCES = path.join(__dirname, '..', 'strict_moto', 'patches'); // any directory will do

/** Functions with their assets, keys, log groups and parameters. */
export function functions(stack: Stack): void {
  const key = new kms.Key(stack, 'Key', { enableKeyRotation: true, alias: 'alias/every-type' });
  const topic = new sns.Topic(stack, 'Topic', { masterKey: key });
  const handler = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.PYTHON_3_12,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(SOURCES),
    memorySize: 256,
    timeout: Duration.seconds(10),
    environment: { TOPIC: topic.topicArn },
    reservedConcurrentExecutions: 1,
    logGroup: new logs.LogGroup(stack, 'Logs', { retention: logs.RetentionDays.ONE_WEEK }),
  });
  topic.addSubscription(new LambdaSubscription(handler));
  new lambda.Function(stack, 'Inline', {
    runtime: lambda.Runtime.NODEJS_22_X, handler: 'index.handler', code: lambda.Code.fromInline('exports.handler = async () => 1;'),
  });
  new logs.LogRetention(stack, 'Retention', { logGroupName: '/aws/lambda/other', retention: logs.RetentionDays.ONE_DAY });
  new ssm.StringParameter(stack, 'Parameter', { stringValue: 'value', description: 'a parameter' });
  new BucketDeployment(stack, 'Deployment', { destinationBucket: new s3.Bucket(stack, 'Bucket'), sources: [Source.asset(SOURCES)] });
  new iam.ManagedPolicy(stack, 'Policy', {
    roles: [handler.role as iam.Role], statements: [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] })],
  });
}

/** Instances that stand alone, among them NAT instances. */
export function instances(stack: Stack, availabilityZones: string[]): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones, natGatewayProvider: ec2.NatProvider.instanceV2({ instanceType: new ec2.InstanceType('t4g.nano') }),
  });
  const instance = new ec2.Instance(stack, 'Instance', {
    vpc,
    instanceType: new ec2.InstanceType('t3.micro'),
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    blockDevices: [{ deviceName: '/dev/xvda', volume: ec2.BlockDeviceVolume.ebs(20, { encrypted: true }) }],
  });
  const peers = new ec2.SecurityGroup(stack, 'Peers', { vpc, allowAllOutbound: false });
  instance.connections.allowTo(peers, ec2.Port.tcp(80));
  peers.connections.allowTo(instance, ec2.Port.tcp(443));
  new ec2.CfnVolume(stack, 'Volume', {
    availabilityZone: availabilityZones[0], size: 10, volumeType: 'gp3', encrypted: true, throughput: 200, iops: 4000,
  });
}
