import { Annotations, Names, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic, Subscription } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { TopicSubscriptionOptions } from './topic-subscription-options';
import { createDeadLetterAlarm } from '../shared/alarms';
import { ConfigurationError } from '../shared/configuration-error';
import { LONGEST_RETENTION } from '../shared/sqs-limits';

/** So many attributes or keys SNS takes in a filter. */
const MOST_FILTERED = 5;

/** Who takes what SNS could not deliver, and who is told of it. */
export interface SubscriberProps {
  readonly alarmTopic?: ITopic;
  readonly removalPolicy: RemovalPolicy;
}

/** The topics that a queue is subscribed to. Part of `SqsWorkerFleet`, not exported. */
export class TopicSubscriptions {
  private readonly arns: string[] = [];

  constructor(private readonly owner: Construct, private readonly queue: sqs.IQueue, private readonly props: SubscriberProps) {
  }

  public add(topic: ITopic, options: TopicSubscriptionOptions): { readonly subscription: Subscription; readonly alarm: Alarm } {
    this.check(topic, options);
    const all = this.owner.node.tryFindChild('Subscriptions') ?? new Construct(this.owner, 'Subscriptions');
    const scope = new Construct(all, Names.nodeUniqueId(topic.node));
    const deadLetterQueue = this.createDeadLetterQueue(scope, topic);
    const { furtherQueue: _, ...filters } = options;
    const subscription = topic.addSubscription(new SqsSubscription(this.queue, { ...filters, rawMessageDelivery: true, deadLetterQueue }));
    if (!Resource.isOwnedResource(this.queue)) { warnOfPolicy(this.owner, topic); }
    const alarm = createDeadLetterAlarm(scope, 'Undelivered', this.props.alarmTopic, deadLetterQueue,
      'SNS could not deliver messages to the queue, and they wait in a queue of their own for somebody to look into them.');
    return { subscription, alarm };
  }

  /** Of the type of the topic, not of the queue: a FIFO topic takes no other, and a standard one no FIFO queue. */
  private createDeadLetterQueue(scope: Construct, topic: ITopic): sqs.Queue {
    return new sqs.Queue(scope, 'DeadLetterQueue', {
      fifo: topic.fifo || undefined,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
      removalPolicy: this.props.removalPolicy,
    });
  }

  private check(topic: ITopic, options: TopicSubscriptionOptions): void {
    const scope = this.owner;
    if (this.queue.fifo && !topic.fifo && isTopicTypeKnown(topic)) {
      throw new ConfigurationError(scope, `'topic' is ${topic.node.path}, a standard topic, which takes no FIFO queue`,
        'give a FIFO topic, or the fleet a standard queue');
    }
    const { region } = Stack.of(scope);
    if (topic.env.region !== region && !Token.isUnresolved(topic.env.region) && !Token.isUnresolved(region)) {
      throw new ConfigurationError(scope, `'topic' is ${topic.node.path} of ${topic.env.region}, and what SNS cannot deliver it puts into a queue of its own Region only`,
        `give a topic of ${region}`);
    }
    if ((this.queue as sqs.Queue).encryptionType === sqs.QueueEncryption.KMS_MANAGED) {
      throw new ConfigurationError(scope, "'queue' is encrypted with the key that AWS manages for SQS, which SNS may not use",
        'give it a key of your own, or QueueEncryption.SQS_MANAGED');
    }
    checkFilters(scope, options);
    const arn = JSON.stringify(Stack.of(scope).resolve(topic.topicArn));
    if (this.arns.includes(arn)) {
      throw new ConfigurationError(scope, `'topic' is ${topic.node.path}, to which the queue is subscribed already`, 'subscribe once, with a filter for all that is to come');
    }
    this.arns.push(arn);
  }
}

function checkFilters(scope: IConstruct, { filterPolicy, filterPolicyWithMessageBody }: TopicSubscriptionOptions): void {
  if (filterPolicy && filterPolicyWithMessageBody) {
    throw new ConfigurationError(scope, "'filterPolicy' and 'filterPolicyWithMessageBody' are given, and a subscription has one filter", 'leave one of them out');
  }
  for (const [name, filter] of Object.entries({ filterPolicy, filterPolicyWithMessageBody })) {
    const count = Object.keys(filter ?? {}).length;
    if (count > MOST_FILTERED) { throw new ConfigurationError(scope, `'${name}' has ${count} entries`, `give at most ${MOST_FILTERED}`); }
  }
}

/** The policy of an imported queue is its owner's to change. */
function warnOfPolicy(scope: IConstruct, topic: ITopic): void {
  Annotations.of(scope).addWarningV2('cdk-fault-tolerance:queuePolicyOfOwner',
    `'queue' is imported, so that its policy stays as it is: SNS delivers nothing of ${topic.node.path} unless that lets sns.amazonaws.com `
    + "sqs:SendMessage from the topic ('aws:SourceArn')");
}

/** A topic that is imported by an ARN known at deployment only says that it is standard, whatever it is. */
function isTopicTypeKnown(topic: ITopic): boolean {
  return Resource.isOwnedResource(topic) || !Token.isUnresolved(topic.topicArn);
}
