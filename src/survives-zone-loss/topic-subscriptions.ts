import { Annotations, Names, RemovalPolicy, Resource, Stack, Token } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterOrPolicy, ITopic, Policy, Subscription } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { TopicSubscriptionOptions } from './topic-subscription-options';
import { createDeadLetterAlarm } from '../shared/alarms';
import { ConfigurationError } from '../shared/configuration-error';
import { LONGEST_RETENTION } from '../shared/sqs-limits';

/** So many attributes or keys SNS takes in a filter. */
const MOST_FILTERED = 5;

/** So many combinations of the values in it. */
const MOST_COMBINATIONS = 150;

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
    const id = Names.nodeUniqueId(topic.node);
    const scope = new Construct(childOf(this.owner, 'Subscriptions'), id);
    // where the subscription is, or the stacks would need each other
    const isHere = Stack.of(this.queue) === Stack.of(this.owner);
    const deadLetterQueue = this.createDeadLetterQueue(isHere ? scope : new Construct(childOf(this.queue, 'Subscriptions'), id), topic);
    const { furtherQueue: _, ...filters } = options;
    const subscription = topic.addSubscription(new SqsSubscription(this.queue, { ...filters, rawMessageDelivery: true, deadLetterQueue }));
    this.arns.push(this.arnOf(topic));
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

  private arnOf(topic: ITopic): string {
    return JSON.stringify(Stack.of(this.owner).resolve(topic.topicArn));
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
    if (this.arns.includes(this.arnOf(topic))) {
      throw new ConfigurationError(scope, `'topic' is ${topic.node.path}, to which the queue is subscribed already`, 'subscribe once, with a filter for all that is to come');
    }
  }
}

function childOf(parent: IConstruct, id: string): Construct {
  return parent.node.tryFindChild(id) ?? new Construct(parent, id);
}

function checkFilters(scope: IConstruct, { filterPolicy, filterPolicyWithMessageBody }: TopicSubscriptionOptions): void {
  if (filterPolicy && filterPolicyWithMessageBody) {
    throw new ConfigurationError(scope, "'filterPolicy' and 'filterPolicyWithMessageBody' are given, and a subscription has one filter", 'leave one of them out');
  }
  checkFilter(scope, 'filterPolicy', filterPolicy ?? {}, ({ conditions }) => conditions.length);
  checkFilter(scope, 'filterPolicyWithMessageBody', filterPolicyWithMessageBody ?? {}, filter => combinationsOf(filter, 1));
}

function checkFilter<F>(scope: IConstruct, prop: string, filters: { [name: string]: F }, combinations: (filter: F) => number): void {
  const names = Object.keys(filters);
  if (names.length > MOST_FILTERED) { throw new ConfigurationError(scope, `'${prop}' has ${names.length} entries`, `give at most ${MOST_FILTERED}`); }
  const count = Object.values(filters).reduce((product, filter) => product * combinations(filter), 1);
  if (count > MOST_COMBINATIONS) {
    throw new ConfigurationError(scope, `'${prop}' has ${count} combinations of values`, `give at most ${MOST_COMBINATIONS}, each level of the message counted by its depth`);
  }
}

/** As SNS counts them: the values on each level times its depth. */
function combinationsOf(filter: FilterOrPolicy, depth: number): number {
  return filter.isFilter()
    ? filter.filterDoc.conditions.length * depth
    : Object.values((filter as Policy).policyDoc).reduce((product, inner) => product * combinationsOf(inner, depth + 1), 1);
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
