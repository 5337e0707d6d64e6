import { AutoScalingClient, DescribeAutoScalingGroupsCommand, DescribeLifecycleHooksCommand, DescribePoliciesCommand } from '@aws-sdk/client-auto-scaling';
import { GetSubscriptionAttributesCommand, ListSubscriptionsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  ChangeMessageVisibilityCommand, DeleteMessageCommand, GetQueueAttributesCommand, Message, ReceiveMessageCommand, SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { emulatorOfTests, physicalId, SubjectDeployment } from './subject-deployment';
import { SqsWorkerFleet } from '../../../src';
import { env, zoneNames } from '../../helpers/network';

const { current, deployed } = emulatorOfTests();
const config = () => current().clientConfig(env.region);

const STANDARD = 'SqsWorkerFleet';
const FIFO = 'SqsWorkerFleet that goes to nothing, on a FIFO queue, with all options';

const SUBSCRIBED = 'SqsWorkerFleet that is subscribed to a topic';

const fleetOf = ({ stack }: SubjectDeployment) => stack.node.findChild('Resizing') as SqsWorkerFleet;

/** The two queues of a fleet, as their users reach them. */
async function queuesOf(name: string) {
  const made = await deployed(name);
  const fleet = fleetOf(made);
  const sqs = new SQSClient(config());
  const urls = { queue: physicalId(made, fleet.queue), deadLetters: physicalId(made, fleet.deadLetterQueue) };
  return {
    attributes: async (queue: keyof typeof urls) =>
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: urls[queue], AttributeNames: ['All'] }))).Attributes ?? {},
    send: (MessageBody: string, group?: string) => sqs.send(new SendMessageCommand({
      QueueUrl: urls.queue, MessageBody, MessageGroupId: group, MessageDeduplicationId: group && MessageBody,
    })),
    receive: async (queue: keyof typeof urls = 'queue'): Promise<Message | undefined> =>
      (await sqs.send(new ReceiveMessageCommand({ QueueUrl: urls[queue] }))).Messages?.[0],
    /** As if the worker had died and the visibility timeout passed. */
    giveBack: ({ ReceiptHandle }: Message) => sqs.send(new ChangeMessageVisibilityCommand({
      QueueUrl: urls.queue, ReceiptHandle, VisibilityTimeout: 0,
    })),
    done: ({ ReceiptHandle }: Message) => sqs.send(new DeleteMessageCommand({ QueueUrl: urls.queue, ReceiptHandle })),
  };
}

function received(message: Message | undefined): Message {
  if (!message) { throw new Error('no message was received'); }
  return message;
}

describe('SqsWorkerFleet', () => {
  test('has its workers in all three zones', async () => {
    await deployed(STANDARD);
    const { AutoScalingGroups: [group] = [] } = await new AutoScalingClient(config()).send(new DescribeAutoScalingGroupsCommand({}));
    const zones = group.Instances?.map(({ AvailabilityZone }) => AvailabilityZone).sort();
    expect(zones).toEqual([...zoneNames, ...zoneNames].sort());
  });

  test('holds back an instance that is to go, from the first one on', async () => {
    const made = await deployed(STANDARD);
    const { LifecycleHooks: hooks } = await new AutoScalingClient(config()).send(new DescribeLifecycleHooksCommand({
      AutoScalingGroupName: physicalId(made, fleetOf(made).autoScalingGroup),
    }));
    expect(hooks).toMatchObject([{ LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', HeartbeatTimeout: 120, DefaultResult: 'CONTINUE' }]);
  });

  test('is scaled on messages for each instance', async () => {
    await deployed(STANDARD);
    const { ScalingPolicies: policies = [] } = await new AutoScalingClient(config()).send(new DescribePoliciesCommand({}));
    const tracked = policies.map(({ TargetTrackingConfiguration: tracking }) =>
      [tracking?.TargetValue, tracking?.CustomizedMetricSpecification?.Metrics?.find(({ ReturnData }) => ReturnData)?.Expression]);
    expect(tracked).toHaveLength(2);
    expect(tracked).toEqual(expect.arrayContaining([
      [10, 'IF(workers > 0, (visible + FILL(inFlight, 0)) / workers, (visible + FILL(inFlight, 0)))'],
      [0.8, 'IF(FILL(inFlight, 0) / 1 < 0.65 * workers, 0.65, 0.8)'],
    ]));
  });

  test('starts from nothing and goes back to it where nothing is needed', async () => {
    await deployed(FIFO);
    const autoscaling = new AutoScalingClient(config());
    const { AutoScalingGroups: [group] = [] } = await autoscaling.send(new DescribeAutoScalingGroupsCommand({}));
    expect([group.MinSize, group.MaxSize, group.Instances?.length]).toEqual([0, 30, 0]);
    const { ScalingPolicies: policies = [] } = await autoscaling.send(new DescribePoliciesCommand({ PolicyTypes: ['StepScaling'] }));
    expect(policies.map(({ AdjustmentType, StepAdjustments }) => [AdjustmentType, StepAdjustments?.[0].ScalingAdjustment]).sort())
      .toEqual([['ChangeInCapacity', 1], ['ExactCapacity', 0]]);
  });
});

describe('the queue of SqsWorkerFleet', () => {
  test('is encrypted, keeps messages for 14 days, and hands them out three times', async () => {
    const { attributes } = await queuesOf(STANDARD);
    const { QueueArn } = await attributes('deadLetters');
    const queue = await attributes('queue');
    expect(queue).toMatchObject({ VisibilityTimeout: '240', MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true' });
    expect(JSON.parse(queue.RedrivePolicy ?? '')).toMatchObject({ deadLetterTargetArn: QueueArn, maxReceiveCount: 3 });
    expect(await attributes('deadLetters')).toMatchObject({ MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true' });
  });

  test('hands a message to one worker only, which takes it out when it is done', async () => {
    const { attributes, send, receive, done } = await queuesOf(STANDARD);
    await send('picture-1');
    const message = received(await receive());
    expect(message.Body).toBe('picture-1');
    expect(await receive()).toBeUndefined();
    expect(await attributes('queue')).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '1' });
    await done(message);
    expect(await attributes('queue')).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
  });

  test('gives a message that was not done to the next worker, and after three times to the dead letters', async () => {
    const { send, receive, giveBack } = await queuesOf(STANDARD);
    await send('poison');
    for (let time = 1; time <= 3; time++) { await giveBack(received(await receive())); }
    expect(await receive()).toBeUndefined();
    expect(received(await receive('deadLetters')).Body).toBe('poison');
  });

  test('keeps the order of a message group where it is FIFO', async () => {
    const { send, receive, done } = await queuesOf(FIFO);
    for (const body of ['first', 'second', 'third']) { await send(body, 'group'); }
    const bodies: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      const message = received(await receive());
      bodies.push(message.Body);
      await done(message);
    }
    expect(bodies).toEqual(['first', 'second', 'third']);
  });
});

describe('the queue of SqsWorkerFleet that is subscribed to a topic', () => {
  test('gets the messages alone that its filter lets through, as they were published', async () => {
    const made = await deployed(SUBSCRIBED);
    const topic = physicalId(made, made.stack.node.findChild('Uploads'));
    const [client, queues] = [new SNSClient(config()), new SQSClient(config())];
    const publish = (body: string, kind: string) => client.send(new PublishCommand({
      TopicArn: topic, Message: body, MessageAttributes: { kind: { DataType: 'String', StringValue: kind } },
    }));
    await publish('a video', 'video');
    await publish('a picture', 'image');
    const { Messages: messages = [] } = await queues.send(new ReceiveMessageCommand({
      QueueUrl: physicalId(made, fleetOf(made).queue), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'],
    }));
    expect(messages.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.kind.StringValue])).toEqual([['a picture', 'image']]);
  });

  test('has a queue beside it for what could not be delivered', async () => {
    const made = await deployed(SUBSCRIBED);
    const [client, queues] = [new SNSClient(config()), new SQSClient(config())];
    const { Subscriptions: [subscription] = [] } = await client.send(new ListSubscriptionsCommand({}));
    const { Attributes: attributes } = await client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: subscription.SubscriptionArn }));
    const [beside] = fleetOf(made).node.findChild('Subscriptions').node.children;
    const deadLetterQueue = beside.node.findChild('DeadLetterQueue') as Queue;
    const { Attributes: target } = await queues.send(new GetQueueAttributesCommand({
      QueueUrl: physicalId(made, deadLetterQueue), AttributeNames: ['All'],
    }));
    expect(attributes).toMatchObject({ RawMessageDelivery: 'true', RedrivePolicy: expect.stringContaining(`"${target?.QueueArn}"`) as string });
    expect(target).toMatchObject({ MessageRetentionPeriod: '1209600', SqsManagedSseEnabled: 'true' });
  });
});
