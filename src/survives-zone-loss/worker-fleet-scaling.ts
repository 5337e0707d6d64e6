import { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { figuresOf, oldestWaiting, PERIOD, sumOf, visibleIn, workersOf } from './queue-figures';
import { inSeconds } from '../shared/numbers';
import { addStep, addTracking } from '../shared/scaling';

/** Nothing to do for so long, and a fleet that may goes to nothing: as long as target tracking waits before it scales in. */
const IDLE_MINUTES = 15;

/** What a fleet is scaled by: the queues that its workers take their messages from, the most important one first, and the workers. */
export interface Scaled {
  readonly queues: readonly IQueue[];
  readonly group: autoscaling.AutoScalingGroup;
}

/** How long a message takes where that is measured. */
export interface MeasuredTime {
  /** For one message, in seconds, the mean of each minute. */
  readonly processingTime: cloudwatch.IMetric;
  /** So many an instance works on at once. */
  readonly messagesAtOnce: number;
  /** So long an instance takes for one, in the mean, while nothing is measured. */
  readonly meanProcessingTime: Duration;
}

/**
 * Messages, waiting and in work, for each instance.
 *
 * Without an instance all of them count as one instance's, so that the figure is there also then and says that there is work.
 * The figures of the messages that wait and of the workers are not filled in: without one of them nothing is scaled on a guess.
 */
function backlog(queues: readonly IQueue[]): string {
  const messages = sumOf(queues, 'visible', 'inFlight');
  return `IF(workers > 0, ${messages} / workers, ${messages})`;
}

/** Messages, waiting and in work, for each instance in service. */
export function backlogPerInstance({ queues, group }: Scaled, options?: cloudwatch.MathExpressionOptions): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    label: 'Messages per instance',
    expression: backlog(queues),
    usingMetrics: { ...figuresOf(queues, 'visible', 'inFlight'), ...workersOf(group) },
    period: PERIOD,
    ...options,
  });
}

/** 1 while messages wait and no instance is in service. */
export function messagesWithoutWorkers({ queues, group }: Scaled): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({
    expression: `IF(${visibleIn(queues)} > 0 AND workers < 1, 1, 0)`,
    usingMetrics: { ...figuresOf(queues, 'visible'), ...workersOf(group) },
    period: PERIOD,
  });
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

/** Keeps the backlog of each instance at about `target` messages. */
export function trackBacklog(scope: Construct, scaled: Scaled, target: number): void {
  addTracking(scope, 'BacklogScaling', scaled.group, backlogPerInstance(scaled), target);
}

/** Keeps the work, waiting and begun, for each instance at about what it does within `time`. */
export function trackWork(
  scope: Construct, { queues, group }: Scaled, { processingTime, messagesAtOnce, meanProcessingTime }: MeasuredTime, time: Duration,
): void {
  const stated = inSeconds(meanProcessingTime) * messagesAtOnce;
  addTracking(scope, 'BacklogScaling', group, new cloudwatch.MathExpression({
    label: 'Seconds of work per instance',
    expression: `${backlog(queues)} * FILL(processingTime, ${stated}) / ${messagesAtOnce}`,
    usingMetrics: { ...figuresOf(queues, 'visible', 'inFlight'), ...workersOf(group), processingTime },
    period: PERIOD,
  }), inSeconds(time));
}

/**
 * Keeps enough workers for the messages that come in, before any of them waits, and lets none go that these and those that wait take.
 *
 * The backlog alone says nothing of that: in a fleet that is large enough nothing waits, so that it looks as if a tenth of it would do.
 */
export function trackLoad(scope: Construct, { queues, group }: Scaled, meanProcessingTime: Duration): void {
  const perWorker = `* ${inSeconds(meanProcessingTime)} / ${PERIOD.toSeconds()} / workers`;
  const load = new cloudwatch.MathExpression({
    expression: `${sumOf(queues, 'sent')} ${perWorker}`, usingMetrics: { ...figuresOf(queues, 'sent'), ...workersOf(group) }, period: PERIOD,
  });
  const withBacklog = new cloudwatch.MathExpression({
    expression: `${sumOf(queues, 'sent', 'visible')} ${perWorker}`,
    usingMetrics: { ...figuresOf(queues, 'sent', 'visible'), ...workersOf(group) },
    period: PERIOD,
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
export function keepBusyWorkers(scope: Construct, { queues, group }: Scaled, messagesAtOnce: number): void {
  addTracking(scope, 'BusyWorkers', group, new cloudwatch.MathExpression({
    label: 'Whether the workers are busy',
    expression: `IF(${sumOf(queues, 'inFlight')} / ${messagesAtOnce} < ${BUSY.shrink} * workers, ${BUSY.shrink}, ${BUSY.target})`,
    usingMetrics: { ...figuresOf(queues, 'inFlight'), ...workersOf(group) },
    period: PERIOD,
  }), BUSY.target);
}

/**
 * Adds a fifth of the workers for each minute by which the oldest message that waits is older than `maxAge`; it takes none away.
 *
 * Of a policy of steps only what goes beyond what is on its way already is launched, so that five minutes of it make a fleet twice as large.
 */
export function limitAge(scope: Construct, { queues, group }: Scaled, maxAge: Duration): void {
  addStep(scope, 'MaxAge', group, {
    adjustmentType: autoscaling.AdjustmentType.PERCENT_CHANGE_IN_CAPACITY, change: 20, minAdjustmentMagnitude: 1, grows: { by: 60, times: 5 },
  }, {
    alarmDescription: `A message waits that is older than ${maxAge.toHumanString()}: starts further workers.`,
    metric: new cloudwatch.MathExpression({
      label: 'Age of the oldest message that waits (s)',
      expression: oldestWaiting(queues),
      usingMetrics: figuresOf(queues, 'visible', 'oldest'),
      period: PERIOD,
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: maxAge.toSeconds(),
    evaluationPeriods: 1,
  });
}

/**
 * Takes a fleet from nothing to one instance when a message waits, and back to nothing when there has been none for a while.
 *
 * Target tracking alone multiplies the capacity that there is, and nothing times anything is nothing.
 */
export function scaleFromAndToZero(scope: Construct, scaled: Scaled): void {
  const { queues, group } = scaled;
  addStep(scope, 'FromZero', group, { adjustmentType: autoscaling.AdjustmentType.CHANGE_IN_CAPACITY, change: 1 }, {
    alarmDescription: 'Messages wait and no worker is in service: starts the first one.',
    metric: messagesWithoutWorkers(scaled),
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 1,
  });
  addStep(scope, 'ToZero', group, { adjustmentType: autoscaling.AdjustmentType.EXACT_CAPACITY, change: 0 }, {
    alarmDescription: `No message waited or was in work for ${IDLE_MINUTES} minutes: lets all workers go.`,
    metric: new cloudwatch.MathExpression({
      expression: sumOf(queues, 'visible', 'inFlight'), usingMetrics: figuresOf(queues, 'visible', 'inFlight'), period: PERIOD,
    }),
    comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 0,
    evaluationPeriods: IDLE_MINUTES,
  });
}
