import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { instanceTemplate, Subject, subject, topicIn } from './subject';
import { SqsWorkerFleet, SqsWorkerFleetProps, WorkerScaling, WorkQueue } from '../../../src';
import { networkOf } from '../network';

export const sqsWorkerFleet: readonly Subject[] = [
  subject('SqsWorkerFleet', stack => {
    fleetIn(stack, { neededCapacity: 4, alarmTopic: topicIn(stack) });
  }),
  subject('SqsWorkerFleet that goes to nothing, on a FIFO queue, with all options', stack => {
    fleetIn(stack, {
      queue: WorkQueue.fifo({
        visibilityTimeout: Duration.minutes(3),
        maxReceiveCount: 5,
        deadLetterQueue: new sqs.Queue(stack, 'Failed', { fifo: true, enforceSSL: true, retentionPeriod: Duration.days(14) }),
      }),
      neededCapacity: 0,
      maxCapacity: 30,
      scaling: WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(10), meanProcessingTime: Duration.seconds(30) }),
      maxMessageAge: Duration.hours(6),
      alarmTopic: topicIn(stack),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }),
];

function fleetIn(stack: Stack, props: Partial<SqsWorkerFleetProps>): void {
  new SqsWorkerFleet(stack, 'Resizing', {
    vpc: networkOf(stack),
    instanceTemplate: instanceTemplate(),
    maxProcessingTime: Duration.minutes(2),
    ...props,
  });
}
