import { CfnParameter, Duration, Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { InstanceTemplate, SqsWorkerFleet, WorkQueue } from '../../src';
import { networkOf, shopStack } from '../helpers/network';

const QUEUE = 'AWS::SQS::Queue';
const FORTNIGHT = Duration.days(14);
const importedIn = (stack: Stack, name = 'jobs', id = 'Jobs') => sqs.Queue.fromQueueArn(stack, id, `arn:aws:sqs:eu-west-1:123456789012:${name}`);

/** A fleet that takes at most two minutes for a message, on a queue made or given. */
function fleetOn(queue: (stack: Stack) => WorkQueue, maxProcessingTime = Duration.minutes(2)) {
  const stack = shopStack();
  const fleet = new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkOf(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('c7i.large'),
    }),
    maxProcessingTime,
    queue: queue(stack),
  });
  return { stack, fleet, template: () => Template.fromStack(stack) };
}

/** A queue of the app that fits, but for what is told. */
function queueIn(stack: Stack, props: sqs.QueueProps = {}): sqs.Queue {
  return new sqs.Queue(stack, 'Jobs', {
    visibilityTimeout: Duration.minutes(3),
    deadLetterQueue: { queue: new sqs.Queue(stack, 'Failed', { retentionPeriod: FORTNIGHT, fifo: props.fifo }), maxReceiveCount: 7 },
    ...props,
  });
}

describe('a queue of the app', () => {
  test('is taken as it is, with its dead letters, and nothing is made beside it', () => {
    const { stack, fleet, template } = fleetOn(scope => WorkQueue.fromQueue(queueIn(scope)));
    expect(fleet.queue).toBe(stack.node.findChild('Jobs'));
    expect(fleet.deadLetterQueue).toBe(stack.node.findChild('Failed'));
    expect(fleet.visibilityTimeout.toSeconds()).toBe(180);
    expect(fleet.node.defaultChild === fleet.queue).toBe(true);
    template().resourceCountIs(QUEUE, 2);
    template().allResources(QUEUE, { DeletionPolicy: 'Delete' }); // as they were made, although the fleet retains what is its own
  });

  test('is what workers read, alarms watch and the fleet is scaled on', () => {
    const { stack, fleet, template } = fleetOn(scope => WorkQueue.fromQueue(queueIn(scope)));
    const dimensions = [{ Name: 'QueueName', Value: stack.resolve(fleet.queue.queueName) }];
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage']), Resource: stack.resolve(fleet.queue.queueArn) })]) },
    });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: dimensions });
    expect(JSON.stringify(template().findResources('AWS::AutoScaling::ScalingPolicy'))).toContain(JSON.stringify(dimensions));
  });

  test('may say in its L1 alone where its dead letters are, if it is told which queue that is', () => {
    const { stack, fleet } = fleetOn(scope => {
      const queue = queueIn(scope, { deadLetterQueue: undefined });
      const deadLetterQueue = new sqs.Queue(scope, 'Other', { retentionPeriod: FORTNIGHT });
      (queue.node.defaultChild as sqs.CfnQueue).redrivePolicy = { deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount: 3 };
      return WorkQueue.fromQueue(queue, { deadLetterQueue });
    });
    expect(fleet.deadLetterQueue).toBe(stack.node.findChild('Other'));
  });

  test('may be FIFO', () => {
    const { fleet } = fleetOn(scope => WorkQueue.fromQueue(queueIn(scope, { fifo: true })));
    expect(fleet.queue.fifo).toBe(true);
  });

  test('brings its key, with which workers may decrypt', () => {
    const { stack, template } = fleetOn(scope => WorkQueue.fromQueue(queueIn(scope, { encryptionMasterKey: new kms.Key(scope, 'Key') })));
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: 'kms:Decrypt', Resource: stack.resolve((stack.node.findChild('Key') as kms.Key).keyArn) })]) },
    });
  });

  test('is not looked into where its timeout is known at deployment only', () => {
    const { fleet } = fleetOn(scope => {
      const parameter = new CfnParameter(scope, 'Timeout', { type: 'Number' }).valueAsNumber;
      return WorkQueue.fromQueue(queueIn(scope, { visibilityTimeout: Duration.seconds(parameter) }));
    });
    expect(fleet.visibilityTimeout.toSeconds()).toBe(240);
  });

  test.each<[string, (stack: Stack) => WorkQueue, string]>([
    ['that hides a message for less than it takes', stack => WorkQueue.fromQueue(queueIn(stack, { visibilityTimeout: Duration.seconds(119) })),
      "'queue: visibilityTimeout of Shop/Jobs' (119 seconds) is below 'maxProcessingTime' (120 seconds), so a message would be given to a second worker while "
      + "the first is at it; give the queue a longer one, best twice 'maxProcessingTime' [SqsWorkerFleet at 'Shop/Fleet']"],
    ['that hides it for as long as SQS has it', stack => WorkQueue.fromQueue(queueIn(stack, { visibilityTimeout: undefined })),
      "'queue: visibilityTimeout of Shop/Jobs' (30 seconds) is below 'maxProcessingTime' (120 seconds)"],
    ['without dead letters', stack => WorkQueue.fromQueue(queueIn(stack, { deadLetterQueue: undefined })),
      "'queue' is Shop/Jobs, which has no dead-letter queue, so that a message which fails comes back until its time is over; "
      + "give the queue a 'deadLetterQueue' [SqsWorkerFleet at 'Shop/Fleet']"],
    ['without dead letters, although some are told', stack => WorkQueue.fromQueue(queueIn(stack, { deadLetterQueue: undefined }), {
      deadLetterQueue: new sqs.Queue(stack, 'Other', { retentionPeriod: FORTNIGHT }),
    }), "'queue' is Shop/Jobs, which has no dead-letter queue, so that a message which fails comes back until its time is over"],
    ['of which something else is said', stack => WorkQueue.fromQueue(queueIn(stack), { deadLetterQueue: new sqs.Queue(stack, 'Other') }),
      "'queue.deadLetterQueue' is Shop/Other, but the queue sends what fails to Shop/Failed; leave it out [SqsWorkerFleet at 'Shop/Fleet']"],
    ['whose timeout is told twice', stack => WorkQueue.fromQueue(queueIn(stack), { visibilityTimeout: Duration.minutes(5) }),
      "'queue.visibilityTimeout' is given, but the queue says it itself; leave it out [SqsWorkerFleet at 'Shop/Fleet']"],
    ['whose dead letters may be gone at once', stack => WorkQueue.fromQueue(queueIn(stack, {
      retentionPeriod: Duration.days(7), deadLetterQueue: { queue: new sqs.Queue(stack, 'Short'), maxReceiveCount: 3 },
    })), "'queue.deadLetterQueue' keeps messages for 4 days, less than the 7 days of 'queue', and their age counts from when they were first sent, "
      + "so that one may be gone as soon as it gets there; give it a 'retentionPeriod' of 7 days [SqsWorkerFleet at 'Shop/Fleet']"],
  ])('is refused %s', (_, queue, message) => {
    expect(() => fleetOn(queue)).toThrow(message);
  });
});

describe('an imported queue', () => {
  test('is taken with the dead letters that are told', () => {
    const { stack, fleet, template } = fleetOn(scope => WorkQueue.fromQueue(importedIn(scope), { deadLetterQueue: importedIn(scope, 'failed', 'Failed') }));
    expect([fleet.queue, fleet.deadLetterQueue]).toEqual([stack.node.findChild('Jobs'), stack.node.findChild('Failed')]);
    expect(fleet.visibilityTimeout.toSeconds()).toBe(240);
    template().resourceCountIs(QUEUE, 0);
  });

  test('says what its timeout is where it is told', () => {
    const { fleet } = fleetOn(scope => WorkQueue.fromQueue(importedIn(scope), {
      deadLetterQueue: importedIn(scope, 'failed', 'Failed'), visibilityTimeout: Duration.minutes(9),
    }));
    expect(fleet.visibilityTimeout.toMinutes()).toBe(9);
  });

  test('is not asked for a type that is known at deployment only', () => {
    const { fleet } = fleetOn(scope => WorkQueue.fromQueue(sqs.Queue.fromQueueArn(scope, 'Jobs', Fn.importValue('Jobs')), {
      deadLetterQueue: importedIn(scope, 'failed.fifo', 'Failed'),
    }));
    expect(fleet.deadLetterQueue.fifo).toBe(true);
  });

  const other = (stack: Stack) => importedIn(stack, 'failed', 'Failed');
  test.each<[string, (stack: Stack) => WorkQueue, string]>([
    ['without its dead letters', stack => WorkQueue.fromQueue(importedIn(stack)),
      "'queue' is imported, and does not say where it sends what fails again and again; give that queue as 'deadLetterQueue' of WorkQueue.fromQueue "
      + "[SqsWorkerFleet at 'Shop/Fleet']"],
    ['with dead letters of the other type', stack => WorkQueue.fromQueue(importedIn(stack, 'jobs.fifo'), { deadLetterQueue: other(stack) }),
      "'queue' is FIFO, but 'queue.deadLetterQueue' is standard; give one of the same type, which is the only kind that SQS takes"],
    ['with a timeout that is too short', stack => WorkQueue.fromQueue(importedIn(stack), { deadLetterQueue: other(stack), visibilityTimeout: Duration.seconds(30) }),
      "'queue.visibilityTimeout' (30 seconds) is below 'maxProcessingTime' (120 seconds), so a message would be given to a second worker while the first is at it; "
      + 'lengthen that of the queue'],
    ['of another Region', stack => WorkQueue.fromQueue(sqs.Queue.fromQueueArn(stack, 'Jobs', 'arn:aws:sqs:eu-central-1:123456789012:jobs'), {
      deadLetterQueue: other(stack),
    }), "'queue' is a queue of eu-central-1, and a fleet is scaled on figures of its own account and Region only; give a queue of the stack itself"],
    ['of another account', stack => WorkQueue.fromQueue(sqs.Queue.fromQueueArn(stack, 'Jobs', 'arn:aws:sqs:eu-west-1:210987654321:jobs'), {
      deadLetterQueue: other(stack),
    }), "'queue' is a queue of 210987654321, and a fleet is scaled on figures of its own account and Region only; give a queue of the stack itself"],
  ])('is refused %s', (_, queue, message) => {
    expect(() => fleetOn(queue)).toThrow(message);
  });
});

describe('a queue with a name', () => {
  test.each([
    ['jobs', WorkQueue.standard({ queueName: 'jobs' })],
    ['jobs.fifo', WorkQueue.fifo({ queueName: 'jobs.fifo' })],
    [`${'a'.repeat(75)}.fifo`, WorkQueue.fifo({ queueName: `${'a'.repeat(75)}.fifo` })],
    ['a_B-9', WorkQueue.standard({ queueName: 'a_B-9' })],
  ])('%s has it, and its dead letters have none', (name, queue) => {
    const { stack, fleet, template } = fleetOn(() => queue);
    const named = Object.values(template().findResources(QUEUE)).map(({ Properties }) => Properties.QueueName as unknown);
    expect(named).toEqual([undefined, name]);
    expect(stack.resolve(fleet.deadLetterQueue.queueName)).toEqual({ 'Fn::GetAtt': [expect.any(String), 'QueueName'] });
  });

  test('that is known at deployment only is taken', () => {
    const { template } = fleetOn(() => WorkQueue.standard({ queueName: Lazy.string({ produce: () => 'jobs' }) }));
    template().hasResourceProperties(QUEUE, { QueueName: 'jobs' });
  });

  const form = "give 1 to 80 letters, digits, '-' and '_'";
  test.each([
    [WorkQueue.standard({ queueName: 'jobs.fifo' }),
      "'queue.queueName' is 'jobs.fifo', which is the name of a FIFO queue; leave .fifo out, or give WorkQueue.fifo [SqsWorkerFleet at 'Shop/Fleet']"],
    [WorkQueue.fifo({ queueName: 'jobs' }),
      "'queue.queueName' is 'jobs', but the name of a FIFO queue ends in .fifo; write 'jobs.fifo'"],
    [WorkQueue.standard({ queueName: '' }), `'queue.queueName' is ''; ${form}`],
    [WorkQueue.fifo({ queueName: '.fifo' }), `'queue.queueName' is '.fifo'; ${form}, of which the last are '.fifo'`],
    [WorkQueue.standard({ queueName: 'a.b' }), `'queue.queueName' is 'a.b'; ${form}`],
    [WorkQueue.standard({ queueName: 'a'.repeat(81) }), `'queue.queueName' is '${'a'.repeat(81)}'; ${form}`],
    [WorkQueue.fifo({ queueName: `${'a'.repeat(76)}.fifo` }), `is '${'a'.repeat(76)}.fifo'; ${form}`],
  ])('is refused if SQS would not take it (%#)', (queue, message) => {
    expect(() => fleetOn(() => queue)).toThrow(message);
  });
});

describe('a queue for dead letters', () => {
  const short = (stack: Stack, props: sqs.QueueProps = {}) => new sqs.Queue(stack, 'Failed', props);

  test('of a standard queue that keeps them for less is refused', () => {
    expect(() => fleetOn(stack => WorkQueue.standard({ deadLetterQueue: short(stack) }))).toThrow(
      "'queue.deadLetterQueue' keeps messages for 4 days, less than the 14 days of 'queue', and their age counts from when they were first sent, "
      + "so that one may be gone as soon as it gets there; give it a 'retentionPeriod' of 14 days [SqsWorkerFleet at 'Shop/Fleet']");
    const almost = { retentionPeriod: Duration.seconds(14 * 86_400 - 1) };
    expect(() => fleetOn(stack => WorkQueue.standard({ deadLetterQueue: short(stack, almost) }))).toThrow('less than the 14 days');
  });

  test('of a FIFO queue that keeps them for less is warned of', () => {
    const { stack } = fleetOn(scope => WorkQueue.fifo({ deadLetterQueue: short(scope, { fifo: true }) }));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      "'queue.deadLetterQueue' keeps messages for 4 days, less than the 14 days of 'queue': what fails has to be looked into within that time. "
      + "Give it a 'retentionPeriod' of 14 days [ack: cdk-fault-tolerance:deadLettersKeptShorter]",
    ]);
  });

  test.each<[string, (stack: Stack) => WorkQueue]>([
    ['that keeps them for as long', stack => WorkQueue.fifo({ deadLetterQueue: short(stack, { fifo: true, retentionPeriod: FORTNIGHT }) })],
    ['that is imported', stack => WorkQueue.standard({ deadLetterQueue: importedIn(stack, 'failed') })],
    ['of which it is known at deployment only', stack => WorkQueue.standard({
      deadLetterQueue: short(stack, { retentionPeriod: Duration.seconds(Token.asNumber(new CfnParameter(stack, 'Time', { type: 'Number' }))) }),
    })],
  ])('%s is taken without a word', (_, queue) => {
    const { stack } = fleetOn(queue);
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });
});
