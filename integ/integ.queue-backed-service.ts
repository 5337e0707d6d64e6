import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Bootstrap, BootstrapFile, InstanceTemplate, QueueBackedService, WorkerRunner } from '../src';

// A certificate in the account that deploys this.
const { CERTIFICATE_ARN: certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000' } = process.env;

const app = new App();
const stack = new Stack(app, 'IntegQueueBackedService');
const instanceType = ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO);

const service = new QueueBackedService(stack, 'Service', {
  certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn),
  webTemplate: InstanceTemplate.fromMachineImage({ machineImage: ec2.MachineImage.latestAmazonLinux2023(), instanceType }),
  workerTemplate: InstanceTemplate.fromAmazonLinux2023({
    instanceType,
    bootstrap: new Bootstrap({
      files: [BootstrapFile.inline('/opt/note', '#!/bin/bash\naws dynamodb put-item --table-name "$JOBS_TABLE" --item \'{"id":{"S":"done"}}\'\n', { mode: '0755' })],
    }),
  }),
  workerRunner: WorkerRunner.command(['/opt/note']),
  maxProcessingTime: Duration.minutes(1),
  removalPolicy: RemovalPolicy.DESTROY,
});

const test = new IntegTest(app, 'QueueBackedService', { testCases: [stack] });
test.assertions.awsApiCall('SNS', 'publish', { TopicArn: service.jobTopic.topicArn, Message: 'a job' })
  .next(test.assertions.awsApiCall('DynamoDB', 'getItem', { TableName: service.jobs.tableName, Key: { id: { S: 'done' } } })
    .expect(ExpectedResult.objectLike({ Item: { id: { S: 'done' } } }))
    .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) }));
