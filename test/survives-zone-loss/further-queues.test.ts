import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { InstanceTemplate, SqsWorkerFleet, SqsWorkerFleetProps, WorkerRunner, WorkerScaling, WorkQueue } from '../../src';
import { networkOf, shopStack } from '../helpers/network';

/** A fleet whose workers look into a queue of its own, and of 100 times 10 first into that of the bulk. */
function fleetIn({ stack = shopStack(), ...props }: Partial<SqsWorkerFleetProps> & { readonly stack?: Stack } = {}) {
  const fleet = new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkOf(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('c7i.large'),
    }),
    maxProcessingTime: Duration.minutes(2),
    runner: WorkerRunner.command(['/opt/work']),
    furtherQueues: [{ name: 'Bulk', share: 10 }],
    ...props,
  });
  return { stack, fleet, template: () => Template.fromStack(stack) };
}

const QUEUE = 'AWS::SQS::Queue';
const named = (...shares: number[]) => shares.map((share, index) => ({ name: `Q${index}`, share }));
const givenIn = (stack: Stack) => WorkQueue.fromQueue(sqs.Queue.fromQueueArn(stack, 'Jobs', 'arn:aws:sqs:eu-west-1:123456789012:jobs'), {
  deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'Failed', 'arn:aws:sqs:eu-west-1:123456789012:failed'),
});

describe('further queues of a fleet', () => {
  test('are made as its own, each with its dead letters', () => {
    const { stack, fleet, template } = fleetIn();
    const { queue, deadLetterQueue, visibilityTimeout } = fleet.furtherQueue('Bulk');
    expect([queue.node.path, deadLetterQueue.node.path]).toEqual(['Shop/Fleet/FurtherQueues/Bulk/Queue', 'Shop/Fleet/FurtherQueues/Bulk/DeadLetterQueue']);
    expect(visibilityTimeout.toSeconds()).toBe(60);
    template().resourceCountIs(QUEUE, 4);
    template().allResources(QUEUE, { Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400 }, DeletionPolicy: 'Retain' });
    template().hasResourceProperties(QUEUE, { RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: stack.resolve(deadLetterQueue.queueArn) } });
  });

  test('are subscribed to topics by their names, beside the queue of the fleet', () => {
    const { stack, fleet, template } = fleetIn();
    const topic = new sns.Topic(stack, 'Jobs');
    fleet.subscribeTo(topic);
    const { deadLetterQueue } = fleet.subscribeTo(topic, { furtherQueue: 'Bulk', filterPolicy: { size: sns.SubscriptionFilter.stringFilter({ allowlist: ['large'] }) } });
    template().hasResourceProperties('AWS::SNS::Subscription', { Endpoint: stack.resolve(fleet.queue.queueArn), FilterPolicy: Match.absent() });
    template().hasResourceProperties('AWS::SNS::Subscription', {
      Endpoint: stack.resolve(fleet.furtherQueue('Bulk').queue.queueArn), FilterPolicy: { size: ['large'] }, RawMessageDelivery: true,
    });
    expect(deadLetterQueue?.node.path).toContain('Fleet/FurtherQueues/Bulk/');
    expect(fleet.alarms.filter(alarm => alarm.node.id === 'Undelivered')).toHaveLength(2);
    expect(() => fleet.subscribeTo(topic, { furtherQueue: 'Bulk' })).toThrow("'topic' is Shop/Jobs, to which the queue is subscribed already");
    expect(() => fleet.subscribeTo(topic, { furtherQueue: 'Tiny' })).toThrow(
      "none of 'furtherQueues' has the name 'Tiny'; ask for one of 'Bulk' [SqsWorkerFleet at 'Shop/Fleet']");
  });

  test('hide their messages for as long as the runner does, which is that of the first queue', () => {
    const { stack, fleet, template } = fleetIn({ queue: WorkQueue.standard({ visibilityTimeout: Duration.minutes(4) }) });
    const { queue, visibilityTimeout } = fleet.furtherQueue('Bulk');
    expect(visibilityTimeout.toSeconds()).toBe(240);
    expect(template().findResources(QUEUE)[stack.getLogicalId(queue.node.defaultChild as sqs.CfnQueue)].Properties.VisibilityTimeout).toBe(240);
  });

  test('leave the queue of the fleet what it is', () => {
    const { fleet } = fleetIn();
    expect(fleet.queue.node.path).toBe('Shop/Fleet/Queue');
    expect(fleet.node.defaultChild).toBe(fleet.queue);
  });

  test('are FIFO where that of the fleet is, and what they are told to be', () => {
    fleetIn({ queue: WorkQueue.fifo() }).template().allResourcesProperties(QUEUE, { FifoQueue: true });
    const { template } = fleetIn({ furtherQueues: [{ name: 'Bulk', share: 10, queue: WorkQueue.standard({ maxReceiveCount: 9 }) }] });
    template().hasResourceProperties(QUEUE, { RedrivePolicy: Match.objectLike({ maxReceiveCount: 9 }) });
  });

  test('are read by the workers, who may take messages from each', () => {
    const { stack, fleet, template } = fleetIn();
    for (const queue of [fleet.queue, fleet.furtherQueue('Bulk').queue]) {
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['sqs:ReceiveMessage']), Resource: stack.resolve(queue.queueArn) })]),
        },
      });
    }
  });

  test('are told to the runner, with their shares', () => {
    const { stack, fleet, template } = fleetIn({ furtherQueues: [{ name: 'Bulk', share: 10 }, { name: 'Nightly', share: 1 }] });
    const [launchTemplate] = Object.values(template().findResources('AWS::EC2::LaunchTemplate'));
    const userData = JSON.stringify(launchTemplate.Properties.LaunchTemplateData.UserData);
    const url = (name: string) => JSON.stringify(stack.resolve(fleet.furtherQueue(name).queue.queueUrl));
    const [before, bulk, nightly] = ['furtherQueues', url('Bulk'), url('Nightly')].map(part => userData.indexOf(part));
    expect(before).toBeGreaterThan(0);
    expect(bulk).toBeGreaterThan(before);
    expect(nightly).toBeGreaterThan(bulk);
    expect(userData.slice(bulk, nightly)).toMatch(/share[\\":]+10\b/);
    expect(userData.slice(nightly)).toMatch(/share[\\":]+1\b/);
  });

  test('have alarms of their own on what fails and waits', () => {
    const { stack, fleet, template } = fleetIn();
    expect(fleet.alarms.map(({ node }) => node.path.replace('Shop/Fleet/', ''))).toEqual([
      'DeadLetters', 'OldestMessage', 'FailingMessages',
      'FurtherQueues/Bulk/DeadLetters', 'FurtherQueues/Bulk/OldestMessage', 'FurtherQueues/Bulk/FailingMessages',
      'CapacityBelowNeed', 'RunnerMisconfigured',
    ]);
    const { queue, deadLetterQueue } = fleet.furtherQueue('Bulk');
    const of = ({ queueName }: sqs.IQueue) => [{ Name: 'QueueName', Value: stack.resolve(queueName) }];
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ApproximateNumberOfMessagesVisible', Dimensions: of(deadLetterQueue) });
    template().hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: of(queue) });
  });

  test('count in all that the fleet is scaled on', () => {
    const messages = '(visible + FILL(visible1, 0) + FILL(inFlight, 0) + FILL(inFlight1, 0))';
    const { stack, fleet, template } = fleetIn({ neededCapacity: 0, scaling: WorkerScaling.onBacklog(10).withMaxAge(Duration.minutes(5)) });
    const name = stack.resolve(fleet.furtherQueue('Bulk').queue.queueName) as unknown;
    expect(fleet.metricBacklogPerInstance().expression).toBe(`IF(workers > 0, ${messages} / workers, ${messages})`);
    const all = JSON.stringify([template().findResources('AWS::AutoScaling::ScalingPolicy'), template().findResources('AWS::CloudWatch::Alarm')]);
    for (const expression of [
      `IF(workers > 0, ${messages} / workers, ${messages})`,
      'IF((FILL(inFlight, 0) + FILL(inFlight1, 0)) / 1 < 0.65 * workers, 0.65, 0.8)',
      'IF((FILL(visible, 0) + FILL(visible1, 0)) > 0 AND workers < 1, 1, 0)',
      'MAX([IF(FILL(visible, 0) > 0, FILL(oldest, 0), 0), IF(FILL(visible1, 0) > 0, FILL(oldest1, 0), 0)])',
      messages,
    ]) {
      expect(all).toContain(`"Expression":${JSON.stringify(expression)}`);
    }
    template().hasResourceProperties('AWS::AutoScaling::ScalingPolicy', {
      TargetTrackingConfiguration: {
        CustomizedMetricSpecification: {
          Metrics: Match.arrayWith([Match.objectLike({
            Id: 'visible1', MetricStat: Match.objectLike({ Metric: Match.objectLike({ Dimensions: [{ Name: 'QueueName', Value: name }] }) }),
          })]),
        },
      },
    });
  });

  test('are so few that no more than ten metrics are asked', () => {
    const scaling = WorkerScaling.onLatency({ acceptableLatency: Duration.hours(1), meanProcessingTime: Duration.seconds(2) });
    const { template } = fleetIn({ scaling, furtherQueues: named(1, 1, 1) });
    const policies = Object.values(template().findResources('AWS::AutoScaling::ScalingPolicy'));
    const asked = policies.map(({ Properties: { TargetTrackingConfiguration: { CustomizedMetricSpecification } } }) =>
      CustomizedMetricSpecification.Metrics as { MetricStat?: object }[]);
    expect(asked.map(metrics => metrics.filter(({ MetricStat }) => MetricStat).length)).toEqual([10, 5]);
  });

  test.each<[string, (stack: Stack) => Partial<SqsWorkerFleetProps>, string]>([
    ['without a runner', () => ({ runner: undefined }),
      "'furtherQueues' are given, but no 'runner', which is what takes messages from several queues; give a 'runner', or a fleet of its own to each queue "
      + "[SqsWorkerFleet at 'Shop/Fleet']"],
    ['that are four', () => ({ furtherQueues: named(1, 1, 1, 1) }),
      "'furtherQueues' has 4 entries; give at most 3, as CloudWatch computes what a fleet is scaled on from ten metrics [SqsWorkerFleet at 'Shop/Fleet']"],
    ['that leave nothing to the first', () => ({ furtherQueues: named(50, 50) }),
      "'furtherQueues' have shares of 100 of 100, which leaves nothing to the queue of the fleet; lower them to 99 or less [SqsWorkerFleet at 'Shop/Fleet']"],
    ['without a share', () => ({ furtherQueues: named(0) }), "'furtherQueues.Q0.share' is 0; give a whole number from 1 to 99"],
    ['with half a share', () => ({ furtherQueues: named(1.5) }), "'furtherQueues.Q0.share' is 1.5; give a whole number from 1 to 99"],
    ['of one name', () => ({ furtherQueues: [...named(1), ...named(2)] }), "'furtherQueues' has two of the name 'Q0'; give each its own"],
    ['of a name that is no name', () => ({ furtherQueues: [{ name: 'a/b', share: 1 }] }),
      "'furtherQueues' has one of the name 'a/b'; give letters and digits, a letter first, such as 'Bulk'"],
    ['of another type', () => ({ furtherQueues: [{ name: 'Bulk', share: 1, queue: WorkQueue.fifo() }] }),
      "'queue' is standard, but 'furtherQueues.Bulk' is FIFO; give queues of one type, as what is done in order is received in another way"],
    ['that hide messages for another time', () => ({ furtherQueues: [{ name: 'Bulk', share: 1, queue: WorkQueue.standard({ visibilityTimeout: Duration.minutes(5) }) }] }),
      "'furtherQueues.Bulk.visibilityTimeout' is given, but the runner hides the messages of all queues for as long as those of 'queue'; give it to 'queue', or "
      + "leave it out [SqsWorkerFleet at 'Shop/Fleet']"],
    ['of which one is imported again', stack => {
      const again = WorkQueue.fromQueue(sqs.Queue.fromQueueArn(stack, 'Again', 'arn:aws:sqs:eu-west-1:123456789012:jobs'), {
        deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'FailedAgain', 'arn:aws:sqs:eu-west-1:123456789012:failed'),
      });
      return { queue: givenIn(stack), furtherQueues: [{ name: 'Bulk', share: 1, queue: again }] };
    }, "'furtherQueues' has Shop/Again, which is taken already; give each queue once"],
    ['of which one is the first', stack => {
      const queue = givenIn(stack);
      return { queue, furtherQueues: [{ name: 'Bulk', share: 1, queue }] };
    }, "'furtherQueues' has Shop/Jobs, which is taken already; give each queue once"],
  ])('are refused %s', (_, props, message) => {
    const stack = shopStack();
    expect(() => fleetIn({ stack, ...props(stack) })).toThrow(message);
    expect(stack.node.findChild('Fleet').node.children).toEqual([]);
  });

  test('are asked for by their names', () => {
    expect(() => fleetIn().fleet.furtherQueue('bulk')).toThrow("none of 'furtherQueues' has the name 'bulk'; ask for one of 'Bulk' [SqsWorkerFleet at 'Shop/Fleet']");
    expect(() => fleetIn({ furtherQueues: [] }).fleet.furtherQueue('Bulk')).toThrow("none of 'furtherQueues' has the name 'Bulk'; give 'furtherQueues'");
  });
});
