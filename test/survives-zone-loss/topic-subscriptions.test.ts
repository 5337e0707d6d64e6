import { Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { FaultDashboard, InstanceTemplate, SqsWorkerFleet, SqsWorkerFleetProps, WorkQueue } from '../../src';
import { alarmsLeftOut } from '../helpers/dashboards';
import { networkOf, shopStack } from '../helpers/network';

function fleetIn(stack: Stack, props: Partial<SqsWorkerFleetProps> = {}): SqsWorkerFleet {
  return new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkOf(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('c7i.large'),
    }),
    maxProcessingTime: Duration.minutes(2),
    ...props,
  });
}

const SUBSCRIPTION = 'AWS::SNS::Subscription';
const fifoTopicIn = (stack: Stack) => new sns.Topic(stack, 'Orders', { fifo: true });
const queueOf = (stack: Stack, subscription: sns.Subscription) => stack.resolve(subscription.deadLetterQueue?.queueArn) as unknown;

describe('a fleet that is subscribed to a topic', () => {
  test('gets what is published as it is, and keeps what could not be delivered', () => {
    const stack = shopStack();
    const [topic, fleet] = [new sns.Topic(stack, 'Orders'), fleetIn(stack)];
    const subscription = fleet.subscribeTo(topic);
    const template = Template.fromStack(stack);
    template.hasResourceProperties(SUBSCRIPTION, {
      TopicArn: stack.resolve(topic.topicArn),
      Protocol: 'sqs',
      Endpoint: stack.resolve(fleet.queue.queueArn),
      RawMessageDelivery: true,
      FilterPolicy: Match.absent(),
      RedrivePolicy: { deadLetterTargetArn: queueOf(stack, subscription) },
    });
  });

  test('shows the new alarm on the dashboard that it is on', () => {
    const stack = shopStack();
    const fleet = fleetIn(stack);
    new FaultDashboard(stack, 'Dashboard', { constructs: [fleet] });
    fleet.subscribeTo(new sns.Topic(stack, 'Orders'));
    expect(alarmsLeftOut(Template.fromStack(stack))).toEqual([]);
  });

  test('keeps it encrypted, for 14 days, whether the fleet is there or not', () => {
    const stack = shopStack();
    fleetIn(stack).subscribeTo(new sns.Topic(stack, 'Orders'));
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SQS::Queue', 3);
    template.allResources('AWS::SQS::Queue', {
      Properties: { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 86_400, FifoQueue: Match.absent() }, DeletionPolicy: 'Retain',
    });
  });

  test('lets that one topic send to both queues, and nobody without TLS', () => {
    const stack = shopStack();
    const [topic, fleet] = [new sns.Topic(stack, 'Orders'), fleetIn(stack)];
    const { deadLetterQueue } = fleet.subscribeTo(topic);
    for (const queue of [fleet.queue, deadLetterQueue as sqs.IQueue]) {
      Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
        Queues: [stack.resolve(queue.queueUrl)],
        PolicyDocument: {
          Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }), {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'sns.amazonaws.com' },
            Resource: stack.resolve(queue.queueArn),
            Condition: { ArnEquals: { 'aws:SourceArn': stack.resolve(topic.topicArn) } },
          }],
        },
      });
    }
  });

  test('has an alarm on what could not be delivered, which tells the topic of its alarms', () => {
    const stack = shopStack();
    const alarmTopic = new sns.Topic(stack, 'Alarms');
    const fleet = fleetIn(stack, { alarmTopic });
    const { deadLetterQueue } = fleet.subscribeTo(new sns.Topic(stack, 'Orders'));
    expect(fleet.alarms.map(({ node }) => node.id)).toEqual(['DeadLetters', 'OldestMessage', 'FailingMessages', 'CapacityBelowNeed', 'Undelivered']);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(deadLetterQueue?.queueName) }],
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [stack.resolve(alarmTopic.topicArn)],
    });
  });

  test('takes only what a filter lets through, of attributes or of what is in the message', () => {
    const stack = shopStack();
    const fleet = fleetIn(stack);
    fleet.subscribeTo(new sns.Topic(stack, 'Orders'), { filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: ['image'] }) } });
    fleet.subscribeTo(new sns.Topic(stack, 'Uploads'), {
      filterPolicyWithMessageBody: { size: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.numericFilter({ greaterThan: 9 })) },
    });
    Template.fromStack(stack).hasResourceProperties(SUBSCRIPTION, { FilterPolicy: { kind: ['image'] }, FilterPolicyScope: Match.absent() });
    Template.fromStack(stack).hasResourceProperties(SUBSCRIPTION, { FilterPolicy: { size: [{ numeric: ['>', 9] }] }, FilterPolicyScope: 'MessageBody' });
  });

  test.each<[string, SqsWorkerFleetProps['queue']]>([['standard', undefined], ['FIFO', WorkQueue.fifo()]])('of a %s queue takes a FIFO topic, and keeps its order', (_, queue) => {
    const stack = shopStack();
    const { deadLetterQueue } = fleetIn(stack, { queue }).subscribeTo(fifoTopicIn(stack));
    expect(deadLetterQueue?.fifo).toBe(true);
    Template.fromStack(stack).resourceCountIs(SUBSCRIPTION, 1);
  });

  test('lets go of what is left over where the fleet does', () => {
    const stack = shopStack();
    fleetIn(stack, { removalPolicy: RemovalPolicy.DESTROY }).subscribeTo(new sns.Topic(stack, 'Orders'));
    Template.fromStack(stack).allResources('AWS::SQS::Queue', { DeletionPolicy: 'Delete' });
  });

  test.each<[string, (stack: Stack) => sns.ITopic]>([
    ['with a key', stack => new sns.Topic(stack, 'Orders', { masterKey: new kms.Key(stack, 'Key') })],
    ['of another account', stack => sns.Topic.fromTopicArn(stack, 'Orders', 'arn:aws:sns:eu-west-1:210987654321:orders')],
    ['whose ARN is known at deployment only', stack => sns.Topic.fromTopicArn(stack, 'Orders', Fn.importValue('Orders'))],
  ])('takes a topic %s', (_, topic) => {
    const stack = shopStack();
    fleetIn(stack).subscribeTo(topic(stack));
    Template.fromStack(stack).resourceCountIs(SUBSCRIPTION, 1);
  });

  test('asks no topic for a type that is known at deployment only', () => {
    const stack = shopStack();
    fleetIn(stack, { queue: WorkQueue.fifo() }).subscribeTo(sns.Topic.fromTopicArn(stack, 'Orders', Fn.importValue('Orders')));
    Template.fromStack(stack).resourceCountIs(SUBSCRIPTION, 1);
  });

  test('says that the policy of an imported queue is its owner\'s', () => {
    const stack = shopStack();
    const imported = (id: string) => sqs.Queue.fromQueueArn(stack, id, `arn:aws:sqs:eu-west-1:123456789012:${id}`);
    fleetIn(stack, { queue: WorkQueue.fromQueue(imported('Jobs'), { deadLetterQueue: imported('Failed') }) }).subscribeTo(new sns.Topic(stack, 'Orders'));
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data)).toEqual([
      "'queue' is imported, so that its policy stays as it is: SNS delivers nothing of Shop/Orders unless that lets sns.amazonaws.com sqs:SendMessage from the topic "
      + "('aws:SourceArn') [ack: cdk-fault-tolerance:queuePolicyOfOwner]",
    ]);
  });

  const kind = sns.SubscriptionFilter.existsFilter();
  const six = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map(name => [name, kind]));
  test.each<[string, (stack: Stack) => void, string]>([
    ['a standard topic for a FIFO queue', stack => fleetIn(stack, { queue: WorkQueue.fifo() }).subscribeTo(new sns.Topic(stack, 'Orders')),
      "'topic' is Shop/Orders, a standard topic, which takes no FIFO queue; give a FIFO topic, or the fleet a standard queue [SqsWorkerFleet at 'Shop/Fleet']"],
    ['an imported one', stack => fleetIn(stack, { queue: WorkQueue.fifo() })
      .subscribeTo(sns.Topic.fromTopicArn(stack, 'Orders', 'arn:aws:sns:eu-west-1:123456789012:orders')), "'topic' is Shop/Orders, a standard topic"],
    ['a topic of another Region', stack => fleetIn(stack).subscribeTo(sns.Topic.fromTopicArn(stack, 'Orders', 'arn:aws:sns:us-east-1:123456789012:orders')),
      "'topic' is Shop/Orders of us-east-1, and what SNS cannot deliver it puts into a queue of its own Region only; give a topic of eu-west-1 "
      + "[SqsWorkerFleet at 'Shop/Fleet']"],
    ['two filters', stack => fleetIn(stack).subscribeTo(new sns.Topic(stack, 'Orders'), {
      filterPolicy: { kind }, filterPolicyWithMessageBody: { kind: sns.FilterOrPolicy.filter(kind) },
    }), "'filterPolicy' and 'filterPolicyWithMessageBody' are given, and a subscription has one filter; leave one of them out"],
    ['a filter of too many values', stack => fleetIn(stack).subscribeTo(new sns.Topic(stack, 'Orders'), {
      filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: Array.from({ length: 151 }, (_, index) => `${index}`) }) },
    }), "'filterPolicy' has 151 combinations of values; give at most 150"],
    ['a filter of the body of too many values', stack => fleetIn(stack).subscribeTo(new sns.Topic(stack, 'Orders'), {
      filterPolicyWithMessageBody: {
        order: sns.FilterOrPolicy.policy({
          kind: sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: Array.from({ length: 76 }, (_, index) => `${index}`) })),
        }),
      },
    }), "'filterPolicyWithMessageBody' has 152 combinations of values; give at most 150"],
    ['a filter that is too long', stack => fleetIn(stack).subscribeTo(new sns.Topic(stack, 'Orders'), { filterPolicy: six }),
      "'filterPolicy' has 6 entries; give at most 5"],
    ['a queue with the key of SQS', stack => fleetIn(stack, {
      queue: WorkQueue.fromQueue(new sqs.Queue(stack, 'Jobs', {
        encryption: sqs.QueueEncryption.KMS_MANAGED,
        visibilityTimeout: Duration.minutes(4),
        deadLetterQueue: { queue: new sqs.Queue(stack, 'Failed'), maxReceiveCount: 3 },
      })),
    }).subscribeTo(new sns.Topic(stack, 'Orders')),
    "'queue' is encrypted with the key that AWS manages for SQS, which SNS may not use; give it a key of your own, or QueueEncryption.SQS_MANAGED"],
  ])('refuses %s, before anything is made', (_, subscribe, message) => {
    const stack = shopStack();
    expect(() => subscribe(stack)).toThrow(message);
    expect(stack.node.findChild('Fleet').node.tryFindChild('Subscriptions')).toBeUndefined();
    Template.fromStack(stack).resourceCountIs(SUBSCRIPTION, 0);
  });

  test('refuses a topic for the second time, also under another name', () => {
    const stack = shopStack();
    const fleet = fleetIn(stack);
    const imported = (id: string) => sns.Topic.fromTopicArn(stack, id, 'arn:aws:sns:eu-west-1:123456789012:orders');
    fleet.subscribeTo(imported('Orders'));
    expect(() => fleet.subscribeTo(imported('Again'))).toThrow(
      "'topic' is Shop/Again, to which the queue is subscribed already; subscribe once, with a filter for all that is to come [SqsWorkerFleet at 'Shop/Fleet']");
    fleet.subscribeTo(new sns.Topic(stack, 'Others'));
    expect(() => fleet.subscribeTo(stack.node.findChild('Others') as sns.Topic)).toThrow("'topic' is Shop/Others, to which the queue is subscribed already");
  });

  test('is made as a whole or not at all, and can be tried again', () => {
    const stack = shopStack();
    const [topic, fleet] = [new sns.Topic(stack, 'Orders'), fleetIn(stack)];
    const before = stack.node.findAll().length;
    expect(() => fleet.subscribeTo(topic, { filterPolicy: six })).toThrow("'filterPolicy' has 6 entries");
    expect(stack.node.findAll()).toHaveLength(before);
    expect(() => fleet.subscribeTo(topic)).not.toThrow();
  });

  test('of a queue in another stack has its dead letters there, so that the stacks do not need each other', () => {
    const stack = shopStack();
    const messages = new Stack(stack.node.root, 'Messages', { env: { account: stack.account, region: stack.region } });
    const queue = new sqs.Queue(messages, 'Jobs', {
      deadLetterQueue: { queue: new sqs.Queue(messages, 'Failed', { retentionPeriod: Duration.days(14) }), maxReceiveCount: 3 },
      retentionPeriod: Duration.days(14),
      visibilityTimeout: Duration.minutes(5),
    });
    const fleet = fleetIn(stack, { queue: WorkQueue.fromQueue(queue) });
    fleet.subscribeTo(new sns.Topic(messages, 'Orders'));
    expect(Template.fromStack(messages).findResources(SUBSCRIPTION)).not.toEqual({});
    Template.fromStack(messages).resourceCountIs('AWS::SQS::Queue', 3);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 0);
    expect(messages.dependencies).toEqual([]);
  });
});
