import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HaNatPerAz, InstanceTemplate, SqsWorkerFleet } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegSqsWorkerFleet');
const userData = ec2.UserData.forLinux();

const fleet = new SqsWorkerFleet(stack, 'Fleet', {
  vpc: new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider() }),
  instanceTemplate: InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    userData,
  }),
  maxProcessingTime: Duration.minutes(1),
  neededCapacity: 0,
  removalPolicy: RemovalPolicy.DESTROY,
});
// takes each message out of the queue
const { queueUrl } = fleet.queue;
userData.addCommands(
  'while true; do',
  `  handle=$(aws sqs receive-message --queue-url ${queueUrl} --wait-time-seconds 20 --query 'Messages[0].ReceiptHandle' --output text)`,
  `  [ "$handle" = None ] || aws sqs delete-message --queue-url ${queueUrl} --receipt-handle "$handle"`,
  'done &',
);

// a worker starts from nothing for the message, and the queue is empty again
const test = new IntegTest(app, 'SqsWorkerFleet', { testCases: [stack] });
test.assertions.awsApiCall('SQS', 'sendMessage', { QueueUrl: queueUrl, MessageBody: 'work' })
  .next(test.assertions.awsApiCall('AutoScaling', 'describeAutoScalingGroups', { AutoScalingGroupNames: [fleet.autoScalingGroup.autoScalingGroupName] })
    .assertAtPath('AutoScalingGroups.0.Instances.0.LifecycleState', ExpectedResult.stringLikeRegexp('InService'))
    .waitForAssertions({ totalTimeout: Duration.minutes(20), interval: Duration.seconds(30) }))
  .next(test.assertions.awsApiCall('SQS', 'getQueueAttributes', { QueueUrl: queueUrl, AttributeNames: ['All'] })
    .expect(ExpectedResult.objectLike({ Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' } }))
    .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) }));
