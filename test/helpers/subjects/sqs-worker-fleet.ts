import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { instanceTemplate, Subject, subject, topicIn } from './subject';
import { SqsWorkerFleet, SqsWorkerFleetProps, WorkerRunner, WorkerScaling, WorkQueue } from '../../../src';
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
  subject('SqsWorkerFleet with a runner', stack => {
    fleetIn(stack, {
      runner: WorkerRunner.command(['/opt/resize', '--fast'], { concurrency: 4, environment: { REGION: stack.region, TENANT: 'shop' } }),
      alarmTopic: topicIn(stack),
    });
  }),
  subject('SqsWorkerFleet with a runner before a server, of short work on a FIFO queue', stack => {
    fleetIn(stack, {
      queue: WorkQueue.fifo(),
      runner: WorkerRunner.http('http://127.0.0.1:8080/work', { user: 'ec2-user', logOutput: true }),
      maxProcessingTime: Duration.seconds(20),
      alarmTopic: topicIn(stack),
    });
  }),
  subject('SqsWorkerFleet that is subscribed to a topic', stack => {
    const uploads = new sns.Topic(stack, 'Uploads', { enforceSSL: true });
    const fleet = fleetIn(stack, { alarmTopic: topicIn(stack) });
    fleet.subscribeTo(uploads, { filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: ['image'] }) } });
  }),
  subject('SqsWorkerFleet with priorities, scaled on what its runner measures', stack => {
    fleetIn(stack, {
      runner: WorkerRunner.command(['/opt/resize'], { concurrency: 4 }),
      furtherQueues: [{ name: 'Bulk', share: 10 }, { name: 'Nightly', share: 2, queue: WorkQueue.standard({ maxReceiveCount: 8 }) }],
      scaling: WorkerScaling.onLatency({ acceptableLatency: Duration.minutes(20), meanProcessingTime: Duration.seconds(10) })
        .withMaxAge(Duration.minutes(30)),
      alarmTopic: topicIn(stack),
    });
  }),
  subject('SqsWorkerFleet on a queue that is there already', stack => {
    fleetIn(stack, {
      queue: WorkQueue.fromQueue(new sqs.Queue(stack, 'Jobs', {
        enforceSSL: true,
        visibilityTimeout: Duration.minutes(4),
        deadLetterQueue: { queue: new sqs.Queue(stack, 'Failed', { enforceSSL: true, retentionPeriod: Duration.days(14) }), maxReceiveCount: 3 },
      })),
      alarmTopic: topicIn(stack),
    });
  }),
];

function fleetIn(stack: Stack, props: Partial<SqsWorkerFleetProps>): SqsWorkerFleet {
  return new SqsWorkerFleet(stack, 'Resizing', {
    vpc: networkOf(stack),
    instanceTemplate: instanceTemplate(),
    maxProcessingTime: Duration.minutes(2),
    ...props,
  });
}
