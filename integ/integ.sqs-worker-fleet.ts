import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Bootstrap, BootstrapFile, HaNatPerAz, InstanceTemplate, SqsWorkerFleet, WorkerRunner } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegSqsWorkerFleet');

const fleet = new SqsWorkerFleet(stack, 'Fleet', {
  vpc: new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider() }),
  instanceTemplate: InstanceTemplate.fromAmazonLinux2023({
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    bootstrap: new Bootstrap({ files: [BootstrapFile.inline('/opt/work', '#!/bin/sh\n[ "$(cat)" = "$EXPECTED" ]\n', { mode: '0755' })] }),
  }),
  runner: WorkerRunner.command(['/opt/work'], { environment: { EXPECTED: 'work' } }),
  maxProcessingTime: Duration.minutes(1),
  neededCapacity: 0,
  removalPolicy: RemovalPolicy.DESTROY,
});

// a worker starts from nothing for the message and does it: the queues are empty again, also that of the dead letters
const isEmpty = ExpectedResult.objectLike({ Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' } });
const test = new IntegTest(app, 'SqsWorkerFleet', { testCases: [stack] });
test.assertions.awsApiCall('SQS', 'sendMessage', { QueueUrl: fleet.queue.queueUrl, MessageBody: 'work' })
  .next(test.assertions.awsApiCall('AutoScaling', 'describeAutoScalingGroups', { AutoScalingGroupNames: [fleet.autoScalingGroup.autoScalingGroupName] })
    .assertAtPath('AutoScalingGroups.0.Instances.0.LifecycleState', ExpectedResult.stringLikeRegexp('InService'))
    .waitForAssertions({ totalTimeout: Duration.minutes(20), interval: Duration.seconds(30) }))
  .next(test.assertions.awsApiCall('SQS', 'getQueueAttributes', { QueueUrl: fleet.queue.queueUrl, AttributeNames: ['All'] })
    .expect(isEmpty).waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) }))
  .next(test.assertions.awsApiCall('SQS', 'getQueueAttributes', { QueueUrl: fleet.deadLetterQueue.queueUrl, AttributeNames: ['All'] })
    .expect(isEmpty));
