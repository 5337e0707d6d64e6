import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceTemplate, QueueBackedService } from '../src';

// A certificate in the account that deploys this.
const { CERTIFICATE_ARN: certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000' } = process.env;

const app = new App();
const stack = new Stack(app, 'IntegQueueBackedService');
const workerUserData = ec2.UserData.forLinux();
const template = (userData?: ec2.UserData) => InstanceTemplate.fromMachineImage({
  machineImage: ec2.MachineImage.latestAmazonLinux2023(),
  instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
  userData,
});

const service = new QueueBackedService(stack, 'Service', {
  certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn),
  webTemplate: template(),
  workerTemplate: template(workerUserData),
  maxProcessingTime: Duration.minutes(1),
  removalPolicy: RemovalPolicy.DESTROY,
});
// takes each message out of the queue and writes down that it has
const queueUrl = service.workers.queue.queueUrl;
workerUserData.addCommands(
  'while true; do',
  `  handle=$(aws sqs receive-message --queue-url ${queueUrl} --wait-time-seconds 20 --query 'Messages[0].ReceiptHandle' --output text)`,
  `  [ "$handle" = None ] || { aws dynamodb put-item --table-name ${service.jobs.tableName} --item '{"id":{"S":"done"}}' && aws sqs delete-message --queue-url ${queueUrl} --receipt-handle "$handle"; }`,
  'done &',
);

const test = new IntegTest(app, 'QueueBackedService', { testCases: [stack] });
test.assertions.awsApiCall('SQS', 'sendMessage', { QueueUrl: queueUrl, MessageBody: 'a job' })
  .next(test.assertions.awsApiCall('DynamoDB', 'getItem', { TableName: service.jobs.tableName, Key: { id: { S: 'done' } } })
    .expect(ExpectedResult.objectLike({ Item: { id: { S: 'done' } } }))
    .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) }));
