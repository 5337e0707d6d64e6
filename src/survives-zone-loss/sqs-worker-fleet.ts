import { ArnFormat, Duration, Names, Resource, Stack, Tags } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ITopic, Subscription } from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createFurtherQueues, NamedQueue } from './further-queues';
import { InstanceFleet } from './instance-fleet';
import { SqsWorkerFleetProps } from './sqs-worker-fleet-props';
import { TopicSubscriptionOptions } from './topic-subscription-options';
import { TopicSubscriptions } from './topic-subscriptions';
import { FleetQueue } from './work-queue-options';
import { createWorkerFleetAlarms } from './worker-fleet-alarms';
import { planWorkerFleet, WorkerFleetPlan } from './worker-fleet-plan';
import { backlogPerInstance, Scaled, scaleFromAndToZero } from './worker-fleet-scaling';
import { protectsItself, RUNNER_NAMESPACE } from './worker-runner-configuration';
import { runnerAtStart } from './worker-runner-in-fleet';
import { runnerMetric } from './worker-runner-metrics';
import { IMonitored } from '../monitoring/monitored';
import { ConfigurationError } from '../shared/configuration-error';
import { createGroup, DrainHook } from '../shared/fleet';

/** What EC2 Auto Scaling takes as the time-out of a lifecycle hook, in seconds. */
const HOOK_TIMEOUT = { from: 30, to: 7200 };

/** The name of the hook; a worker that ends early completes it by this name. */
const DRAIN_HOOK = 'drain';

/** By this tag of the group its workers may complete the hook. */
const FLEET_TAG = 'cdk-fault-tolerance:worker-fleet';

/**
 * Workers in every zone that take their messages from a queue: when a worker or a zone is lost, the messages that it had
 * come back to the queue, and the others do them; when all are lost, messages wait.
 *
 * **Survives**: the loss of a worker and of a zone (their messages come back after the visibility timeout; the needed workers
 * stand without any new launch), the loss of all workers for less than 14 days (work is late, not lost), a message that
 * makes every worker fail (it goes to the dead-letter queue, and an alarm says so).
 *
 * **Does not survive**: the loss of the Region; a bad image or version on all workers, for longer than 14 days; a standard queue
 * may hand out a message twice, so work that must not be done twice has to find out by itself.
 *
 * @example
 * declare const vpc: ec2.Vpc;
 * declare const machineImage: ec2.IMachineImage;
 *
 * new SqsWorkerFleet(this, 'Resizing', {
 *   vpc,
 *   instanceTemplate: InstanceTemplate.fromMachineImage({
 *     machineImage,
 *     instanceType: ec2.InstanceType.of(ec2.InstanceClass.C7I, ec2.InstanceSize.LARGE),
 *   }),
 *   runner: WorkerRunner.command(['/opt/resize'], { concurrency: 4 }),
 *   maxProcessingTime: Duration.minutes(2),
 *   neededCapacity: 4,
 * });
 */
export class SqsWorkerFleet extends Construct implements ec2.IConnectable, iam.IGrantable, IMonitored {
  /** How many workers run at least: what the need takes over these zones. */
  public readonly minCapacity: number;

  /** What the workers take their messages from. */
  public readonly queue: sqs.IQueue;

  /** Where messages end that failed again and again. */
  public readonly deadLetterQueue: sqs.IQueue;

  /** For so long a message is hidden from other workers; a worker that dies keeps it for no longer. */
  public readonly visibilityTimeout: Duration;

  /** What the workers are made from. */
  public readonly launchTemplate: ec2.LaunchTemplate;

  /** The workers. */
  public readonly autoScalingGroup: autoscaling.AutoScalingGroup;

  /** Messages that failed; messages that wait for too long; fewer workers than needed; a `runner` that cannot work. */
  public readonly alarms: cloudwatch.Alarm[];

  /** The network connections of the workers. */
  public readonly connections: ec2.Connections;

  /** The role of the workers. */
  public readonly grantPrincipal: iam.IPrincipal;

  private readonly subscriptions: ReadonlyMap<string | undefined, TopicSubscriptions>;
  private readonly further: readonly NamedQueue[];

  constructor(scope: Construct, id: string, private readonly props: SqsWorkerFleetProps) {
    super(scope, id);

    const plan = planWorkerFleet(this, props);
    this.minCapacity = plan.sizes.min;
    this.visibilityTimeout = plan.visibilityTimeout;

    const { queue, deadLetterQueue } = plan.queue._create(this, plan.work, plan.removalPolicy);
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;

    this.further = createFurtherQueues(this, plan);

    const hook = { name: DRAIN_HOOK, timeoutSeconds: drainSeconds(plan.maxProcessingTime) };
    const queues = { first: queue, further: this.further };
    this.launchTemplate = plan.instanceTemplate._createLaunchTemplate(this, plan.vpc, runnerAtStart(this, plan, queues, hook));
    this.autoScalingGroup = this.createGroup(plan, hook);
    this.connections = this.autoScalingGroup.connections;
    this.grantPrincipal = this.autoScalingGroup.grantPrincipal;
    this.grantWork(plan);

    const scaled = this.scaled();
    plan.scaling._addTo(this, scaled, plan.sizes, plan.concurrency, plan.runner && this.metricProcessingTime());
    if (plan.sizes.min === 0) { scaleFromAndToZero(this, scaled); }
    this.alarms = createWorkerFleetAlarms(this, plan, this.further, scaled);
    this.subscriptions = new Map([
      [undefined, new TopicSubscriptions(this, queue, plan)],
      ...this.further.map(({ name, scope: home, queue: one }): [string, TopicSubscriptions] => [name, new TopicSubscriptions(home, one, plan)]),
    ]);
    this.node.defaultChild = Resource.isOwnedResource(queue) ? queue : this.autoScalingGroup;
  }

  /**
   * One of the `furtherQueues`, with where its messages end that fail. Who sends there is let by its `queue.grantSendMessages`.
   *
   * @throws ConfigurationError if none has this name
   */
  public furtherQueue(name: string): FleetQueue {
    const found = this.further.find(queue => queue.name === name);
    if (!found) { throw this.noSuchQueue(name); }
    return found;
  }

  /**
   * Lets somebody send messages to the queue.
   */
  public grantSendMessages(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantSendMessages(grantee);
  }

  /**
   * Lets somebody throw away all that is in the queue.
   */
  public grantPurge(grantee: iam.IGrantable): iam.Grant {
    return this.queue.grantPurge(grantee);
  }

  /**
   * Puts what is published to a topic into the queue, or into one of the `furtherQueues`, as it is: the body is the message alone, its
   * attributes are those of the message, of which there may be ten.
   *
   * What SNS cannot deliver it keeps for 14 days in a queue of its own, and an alarm, one more of `alarms`, says so.
   *
   * @throws ConfigurationError if the topic takes no such queue, and if the queue is subscribed to it already
   */
  public subscribeTo(topic: ITopic, options: TopicSubscriptionOptions = {}): Subscription {
    const subscriptions = this.subscriptions.get(options.furtherQueue);
    if (!subscriptions) { throw this.noSuchQueue(`${options.furtherQueue}`); }
    const { subscription, alarm } = subscriptions.add(topic, options);
    this.alarms.push(alarm);
    return subscription;
  }

  /**
   * Messages of all queues, waiting and in work, for each worker in service; by default each minute. It is what the fleet is scaled on.
   */
  public metricBacklogPerInstance(options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
    return backlogPerInstance(this.scaled(), options);
  }

  /**
   * How many seconds the work for a message takes that is done, without the wait before it; by default, for each minute, the mean of what the
   * workers tell, each of which tells the mean of its own messages.
   *
   * @throws ConfigurationError without a `runner`, which measures it
   */
  public metricProcessingTime(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (!this.props.runner) {
      throw new ConfigurationError(this, "there is no 'runner', which measures how long the work takes", "give a 'runner', or take a metric of your workers");
    }
    return runnerMetric(this, 'ProcessingTime', { statistic: 'Average', label: 'Processing time (s)', ...options });
  }

  private noSuchQueue(name: string): ConfigurationError {
    const names = this.further.map(queue => `'${queue.name}'`).join(', ');
    return new ConfigurationError(this, `none of 'furtherQueues' has the name '${name}'`, names ? `ask for one of ${names}` : "give 'furtherQueues'");
  }

  private scaled(): Scaled {
    return { queues: [this.queue, ...this.further.map(({ queue }) => queue)], group: this.autoScalingGroup };
  }

  private createGroup(plan: WorkerFleetPlan, drainHook: DrainHook): autoscaling.AutoScalingGroup {
    return createGroup(this, 'Workers', {
      ...InstanceFleet.overAllZones()._groupProps([], protectsItself(plan)),
      vpc: plan.vpc,
      subnets: plan.subnets,
      launchTemplate: this.launchTemplate,
      instanceTypes: plan.instanceTemplate._instanceTypes(),
      spotPercentAboveMinimum: plan.instanceTemplate._spotPercentAboveMinimum(),
      sizes: plan.sizes,
      need: plan.sizes.need,
      healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
        additionalTypes: [autoscaling.AdditionalHealthCheckType.EBS],
        gracePeriod: Duration.minutes(5),
      }),
      drainHook,
      removalPolicy: plan.removalPolicy,
    });
  }

  /**
   * What a worker does: take messages, and say that it is done when it is to go. User data cannot name the group that is made from them, so a
   * worker asks for it.
   *
   * By the tag of the group, not by its name: what names the group is deleted before it, and its last workers could neither be let go nor
   * give up their protection.
   */
  private grantWork(plan: WorkerFleetPlan): void {
    this.scaled().queues.forEach(queue => queue.grantConsumeMessages(this));
    const name = `${Stack.of(this).stackName}/${Names.uniqueResourceName(this, { maxLength: 120 })}`;
    Tags.of(this.autoScalingGroup).add(FLEET_TAG, name, { applyToLaunchedInstances: false });
    const allow = (actions: string[], resource: string, only?: Record<string, string>) =>
      this.grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({
        actions, resources: [resource], conditions: only && { StringEquals: only },
      }));
    allow([
      'autoscaling:CompleteLifecycleAction',
      'autoscaling:RecordLifecycleActionHeartbeat',
      ...protectsItself(plan) ? ['autoscaling:SetInstanceProtection'] : [],
    ], Stack.of(this).formatArn({
      service: 'autoscaling', resource: 'autoScalingGroup', resourceName: '*:autoScalingGroupName/*', arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }), { [`autoscaling:ResourceTag/${FLEET_TAG}`]: name });
    // these know no narrower permission
    allow(['autoscaling:DescribeAutoScalingInstances'], '*');
    if (plan.runner) { allow(['cloudwatch:PutMetricData'], '*', { 'cloudwatch:namespace': RUNNER_NAMESPACE }); }
  }
}

/** So long a worker that is to go may finish what it has; one that takes longer records a heartbeat. */
function drainSeconds(maxProcessingTime: Duration): number {
  if (maxProcessingTime.isUnresolved()) { return HOOK_TIMEOUT.to; }
  return Math.min(Math.max(maxProcessingTime.toSeconds(), HOOK_TIMEOUT.from), HOOK_TIMEOUT.to);
}
