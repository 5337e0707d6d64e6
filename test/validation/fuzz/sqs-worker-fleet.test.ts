import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { integer, mostly, networks, optional, seconds, selections, topicIn } from './inputs';
import { SqsWorkerFleet, WorkerRunner, WorkerScaling, WorkQueue } from '../../../src';
import { env } from '../../helpers/network';
import { instanceTemplate } from '../../helpers/subjects/subject';

const queues = fc.record({
  fifo: fc.boolean(),
  given: fc.constantFrom('no', 'no', 'no', 'of the app', 'imported'),
  deadLetters: fc.constantFrom('own', 'own', 'own', 'fitting', 'fitting', 'short', 'other'),
  options: fc.record({
    queueName: mostly(fc.constant('jobs'), fc.string()),
    visibilityTimeout: seconds(3600, 43_200),
    maxReceiveCount: integer(1, 1000),
  }, { requiredKeys: [] }),
});

const scalings = fc.oneof(
  fc.tuple(integer(1, 10_000), fc.record({ messagesAtOnce: integer(1, 10) }, { requiredKeys: [] }))
    .map(([messages, options]) => WorkerScaling.onBacklog(messages, options)),
  fc.record({
    acceptableLatency: seconds(60, 86_400), meanProcessingTime: seconds(1, 60), peakMessagesPerMinute: integer(1, 1e9), startTime: seconds(0, 7200),
  }, { requiredKeys: ['acceptableLatency', 'meanProcessingTime'] }).map(WorkerScaling.onLatency),
).chain(scaling => optional(seconds(60, 86_400, 99)).map(age => age ? scaling.withMaxAge(age) : scaling));

const exists = sns.SubscriptionFilter.existsFilter();
const filters = fc.oneof(
  fc.constant({}),
  fc.record({ filterPolicy: fc.dictionary(fc.string({ minLength: 1 }), fc.constant(exists), { maxKeys: 6 }) }),
  fc.record({
    filterPolicyWithMessageBody: fc.dictionary(fc.string({ minLength: 1 }), fc.constant(sns.FilterOrPolicy.filter(exists)), { maxKeys: 6 }),
  }),
);

const runnerOptions = {
  concurrency: integer(1, 10, 29),
  user: mostly(fc.constantFrom('ec2-user', 'app_1'), fc.string()),
  logOutput: fc.boolean(),
  firstBackoff: seconds(1, 600, 29),
  longestBackoff: seconds(600, 43_200, 29),
};

/** Whatever a shell, a unit of systemd or JSON could take for something of its own. */
const words = fc.oneof(fc.string({ unit: 'binary' }).map(text => text.replaceAll('\0', '')), fc.constantFrom("it's", '"', '\\', '$(id)', '%h', '${Given}', '\n'));
const names = mostly(fc.constantFrom('BUCKET', '_A1', 'Path'), fc.oneof(fc.string(), fc.constantFrom('SQS_X', 'PYTHONPATH')), 29);

const runners: fc.Arbitrary<(given: string) => WorkerRunner> = fc.oneof(
  fc.record({
    program: mostly(fc.constantFrom('/opt/resize', '/usr/bin/env'), fc.string(), 29),
    rest: fc.array(words, { maxLength: 3 }),
    options: fc.record({ ...runnerOptions, environment: fc.dictionary(names, words, { maxKeys: 3, noNullPrototype: true }) }, { requiredKeys: [] }),
  }).map(({ program, rest, options }) => (given: string) => {
    const filled = (text: string) => text.replace('${Given}', given);
    const environment = options.environment && Object.fromEntries(Object.entries(options.environment).map(([name, value]) => [name, filled(value)]));
    return WorkerRunner.command([program, ...rest.map(filled)], { ...options, environment });
  }),
  fc.tuple(
    mostly(fc.constantFrom('http://127.0.0.1:8080/work', 'http://localhost', 'http://localhost/?a=1'), fc.oneof(fc.webUrl(), fc.string()), 29),
    fc.record(runnerOptions, { requiredKeys: [] }),
  ).map(([url, options]) => () => WorkerRunner.http(url, options)),
);

const furtherQueues = fc.uniqueArray(
  fc.record({ name: mostly(fc.constantFrom('Bulk', 'Nightly', 'Rest'), fc.string()), share: integer(1, 33, 99) }),
  { maxLength: 4, selector: ({ name }) => name },
);

const fleets = fc.record({
  network: networks,
  queue: optional(queues),
  runner: optional(runners),
  fixedRegion: fc.boolean(),
  further: optional(furtherQueues),
  topic: optional(fc.record({ fifoAsQueue: mostly(fc.constant(true), fc.constant(false)), filters })),
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

function queueIn(stack: Stack, { fifo, given, deadLetters, options }: typeof queues extends fc.Arbitrary<infer Q> ? Q : never): WorkQueue {
  const fifoOfOther = deadLetters === 'other' ? !fifo : fifo;
  const deadLetterQueue = deadLetters === 'own' ? undefined : new sqs.Queue(stack, 'Failed', {
    fifo: fifoOfOther || undefined, retentionPeriod: deadLetters === 'short' ? undefined : Duration.days(14),
  });
  const { queueName, ...others } = options;
  if (given === 'of the app') {
    return WorkQueue.fromQueue(new sqs.Queue(stack, 'Given', {
      fifo: fifo || undefined,
      visibilityTimeout: Duration.hours(1),
      deadLetterQueue: deadLetterQueue && fifoOfOther === fifo ? { queue: deadLetterQueue, maxReceiveCount: 3 } : undefined,
    }));
  }
  if (given === 'imported') {
    const queue = sqs.Queue.fromQueueArn(stack, 'Given', `arn:aws:sqs:${stack.region}:${stack.account}:jobs${fifo ? '.fifo' : ''}`);
    return WorkQueue.fromQueue(queue, { deadLetterQueue, visibilityTimeout: others.visibilityTimeout });
  }
  return fifo
    ? WorkQueue.fifo({ ...others, queueName: queueName && `${queueName}.fifo`, deadLetterQueue })
    : WorkQueue.standard({ ...others, queueName, deadLetterQueue });
}

test('SqsWorkerFleet synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(fleets, ({ network, queue, runner, fixedRegion, further, topic, told, maxProcessingTime, props }) => isAccepted(stack => {
    const vpc = network(stack);
    const alarmTopic = told ? topicIn(stack) : undefined;
    const given = queue && queueIn(stack, queue);
    const fleet = refusedWhole(stack, 'Fleet', () => new SqsWorkerFleet(stack, 'Fleet', {
      ...props,
      furtherQueues: runner ? further : undefined,
      vpc,
      queue: given,
      runner: runner?.(Fn.importValue('Given')),
      maxProcessingTime,
      alarmTopic,
      instanceTemplate: instanceTemplate(),
    }));
    if (topic) {
      const fifo = fleet.queue.fifo === topic.fifoAsQueue || undefined;
      fleet.subscribeTo(new sns.Topic(stack, 'Topic', { fifo, enforceSSL: true }), topic.filters);
    }
  }, fixedRegion ? { env } : {}));
});
