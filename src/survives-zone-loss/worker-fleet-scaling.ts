import { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { inServiceInstances } from '../shared/fleet';
import { addStep, addTracking } from '../shared/scaling';

const PERIOD = Duration.minutes(1);

/** Nothing to do for so long, and a fleet that may goes to nothing: as long as target tracking waits before it scales in. */
const IDLE_MINUTES = 15;

/** The figures from which a fleet is scaled, by the names that they have in the expressions. */
function figures(queue: IQueue, group: autoscaling.AutoScalingGroup): Record<'visible' | 'inFlight' | 'workers', cloudwatch.Metric> {
  return {
    visible: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: 'Maximum' }),
    inFlight: queue.metricApproximateNumberOfMessagesNotVisible({ period: PERIOD, statistic: 'Maximum' }),
    workers: inServiceInstances(group, { period: PERIOD, statistic: 'Average' }),
  };
}

/**
 * Messages, waiting and in work.
 *
 * SQS reports those in flight only while there are some, so that a missing figure means none ("Available CloudWatch metrics for
 * Amazon SQS"). Those that wait it reports for as long as the queue is active: without that figure there is no result.
 */
const MESSAGES = '(visible + FILL(inFlight, 0))';

/**
 * Messages, waiting and in work, for each instance.
 *
 * Without an instance all of them count as one instance's, so that the figure is there also then and says that there is work.
 * The figures of the messages that wait and of the workers are not filled in: without one of them nothing is scaled on a guess.
 */
const BACKLOG = `IF(workers > 0, ${MESSAGES} / workers, ${MESSAGES})`;

/** 1 while messages wait and nobody is there for them. */
const FORSAKEN = 'IF(visible > 0 AND workers < 1, 1, 0)';

/** Messages, waiting and in work, for each instance in service. */
export function backlogPerInstance(
  queue: IQueue, group: autoscaling.AutoScalingGroup, options?: cloudwatch.MathExpressionOptions,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    label: 'Messages per instance', expression: BACKLOG, usingMetrics: figures(queue, group), period: PERIOD, ...options,
  });
}

/** 1 while messages wait and no instance is in service. */
export function messagesWithoutWorkers(queue: IQueue, group: autoscaling.AutoScalingGroup): cloudwatch.MathExpression {
  const { visible, workers } = figures(queue, group);
  return new cloudwatch.MathExpression({ expression: FORSAKEN, usingMetrics: { visible, workers }, period: PERIOD });
}

/**
 * How busy the workers of a fleet are, as a share of their time or of their number.
 *
 * As many as the work alone takes (λ · p workers for λ messages a second of p seconds) would have a queue that grows without end in the
 * mean: a fifth of spare makes the wait short. Below `shrink` a fleet gives workers away, and as the figure is never less than that,
 * two in ten at a time: a minute's figure is a draw by chance, and a size that follows it all the way falls below what the work takes.
 * In between the figure is the target, and nothing happens; without that gap a fleet would follow chance up and down.
 *
 * Found by `npm run bench:queue-scaling`.
 */
const BUSY = { target: 0.8, shrink: 0.65 };

/** Keeps the backlog of each instance at about `target`. */
export function trackBacklog(scope: Construct, queue: IQueue, group: autoscaling.AutoScalingGroup, target: number): void {
  addTracking(scope, 'BacklogScaling', group, backlogPerInstance(queue, group), target);
}

/**
 * Keeps enough workers for the messages that come in, before any of them waits, and lets none go that these and those that wait take.
 *
 * The backlog alone says nothing of that: in a fleet that is large enough nothing waits, so that it looks as if a tenth of it would do.
 */
export function trackLoad(scope: Construct, queue: IQueue, group: autoscaling.AutoScalingGroup, meanProcessingTime: Duration): void {
  const { visible, workers } = figures(queue, group);
  const sent = queue.metricNumberOfMessagesSent({ period: PERIOD, statistic: 'Sum' });
  const perWorker = `* ${meanProcessingTime.toMilliseconds() / 1000} / ${PERIOD.toSeconds()} / workers`;
  const load = new cloudwatch.MathExpression({ expression: `FILL(sent, 0) ${perWorker}`, usingMetrics: { sent, workers }, period: PERIOD });
  const withBacklog = new cloudwatch.MathExpression({
    expression: `(FILL(sent, 0) + visible) ${perWorker}`, usingMetrics: { sent, visible, workers }, period: PERIOD,
  });
  addTracking(scope, 'LoadScaling', group, new cloudwatch.MathExpression({
    label: 'Share of the time of the workers that the messages take',
    expression: `IF(withBacklog < ${BUSY.shrink}, ${BUSY.shrink}, IF(load > ${BUSY.target}, load, ${BUSY.target}))`,
    usingMetrics: { withBacklog, load },
    period: PERIOD,
  }), BUSY.target);
}

/**
 * Lets no worker go while those that are there are busy; it starts none, as its figure never exceeds its target.
 *
 * A group under several policies of this kind shrinks only if all of them would have it, and to the largest of their sizes.
 */
export function keepBusyWorkers(scope: Construct, queue: IQueue, group: autoscaling.AutoScalingGroup, messagesAtOnce: number): void {
  const { inFlight, workers } = figures(queue, group);
  addTracking(scope, 'BusyWorkers', group, new cloudwatch.MathExpression({
    label: 'Whether the workers are busy',
    expression: `IF(FILL(inFlight, 0) / ${messagesAtOnce} < ${BUSY.shrink} * workers, ${BUSY.shrink}, ${BUSY.target})`,
    usingMetrics: { inFlight, workers },
    period: PERIOD,
  }), BUSY.target);
}

/**
 * Takes a fleet from nothing to one instance when a message waits, and back to nothing when there has been none for a while.
 *
 * Target tracking alone multiplies the capacity that there is, and nothing times anything is nothing.
 */
export function scaleFromAndToZero(scope: Construct, queue: IQueue, group: autoscaling.AutoScalingGroup): void {
  addStep(scope, 'FromZero', group, { adjustmentType: autoscaling.AdjustmentType.CHANGE_IN_CAPACITY, change: 1 }, {
    alarmDescription: 'Messages wait and no worker is in service: starts the first one.',
    metric: messagesWithoutWorkers(queue, group),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 1,
  });
  const { visible, inFlight } = figures(queue, group);
  addStep(scope, 'ToZero', group, { adjustmentType: autoscaling.AdjustmentType.EXACT_CAPACITY, change: 0 }, {
    alarmDescription: `No message waited or was in work for ${IDLE_MINUTES} minutes: lets all workers go.`,
    metric: new cloudwatch.MathExpression({ expression: MESSAGES, usingMetrics: { visible, inFlight }, period: PERIOD }),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 0,
    evaluationPeriods: IDLE_MINUTES,
  });
}
