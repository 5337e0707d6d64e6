import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { integer, mostly, networks, optional, seconds, selections, topicIn } from './inputs';
import { SqsWorkerFleet, WorkerScaling, WorkQueue } from '../../../src';
import { env } from '../../helpers/network';
import { instanceTemplate } from '../../helpers/subjects/subject';

const queues = fc.record({
  fifo: fc.boolean(),
  deadLetters: fc.constantFrom('own', 'own', 'fitting', 'other'),
  options: fc.record({ visibilityTimeout: seconds(3600, 43_200), maxReceiveCount: integer(1, 1000) }, { requiredKeys: [] }),
});

const scalings = fc.oneof(
  fc.tuple(integer(1, 10_000), fc.record({ messagesAtOnce: integer(1, 10) }, { requiredKeys: [] }))
    .map(([messages, options]) => WorkerScaling.onBacklog(messages, options)),
  fc.record({
    acceptableLatency: seconds(60, 86_400), meanProcessingTime: seconds(1, 60), peakMessagesPerMinute: integer(1, 1e9), startTime: seconds(0, 7200),
  }, { requiredKeys: ['acceptableLatency', 'meanProcessingTime'] }).map(WorkerScaling.onLatency),
);

const fleets = fc.record({
  network: networks,
  queue: optional(queues),
  fixedRegion: fc.boolean(),
  told: fc.boolean(),
  maxProcessingTime: seconds(1, 3600),
  props: fc.record({
    vpcSubnets: selections,
    neededCapacity: integer(0, 40),
    maxCapacity: mostly(fc.integer({ min: 100, max: 1000 }), fc.integer()),
    scaling: scalings,
    maxMessageAge: seconds(60, 1_209_600),
    removalPolicy: mostly(fc.constantFrom(RemovalPolicy.RETAIN, RemovalPolicy.DESTROY), fc.constantFrom(...Object.values(RemovalPolicy))),
  }, { requiredKeys: [] }),
});

function queueIn(stack: Stack, { fifo, deadLetters, options }: typeof queues extends fc.Arbitrary<infer Q> ? Q : never): WorkQueue {
  const fifoOfOther = deadLetters === 'other' ? !fifo : fifo;
  const deadLetterQueue = deadLetters === 'own' ? undefined : new sqs.Queue(stack, 'Failed', { fifo: fifoOfOther || undefined });
  return fifo ? WorkQueue.fifo({ ...options, deadLetterQueue }) : WorkQueue.standard({ ...options, deadLetterQueue });
}

test('SqsWorkerFleet synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(fleets, ({ network, queue, fixedRegion, told, maxProcessingTime, props }) => isAccepted(stack => {
    const vpc = network(stack);
    const alarmTopic = told ? topicIn(stack) : undefined;
    const given = queue && queueIn(stack, queue);
    refusedWhole(stack, 'Fleet', () => new SqsWorkerFleet(stack, 'Fleet', {
      ...props,
      vpc,
      queue: given,
      maxProcessingTime,
      alarmTopic,
      instanceTemplate: instanceTemplate(),
    }));
  }, fixedRegion ? { env } : {}));
});
