import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { NamedQueue } from './further-queues';
import { SqsWorkerFleet } from './sqs-worker-fleet';
import { FleetQueue } from './work-queue-options';
import { WorkerFleetPlan } from './worker-fleet-plan';
import { messagesWithoutWorkers, Scaled } from './worker-fleet-scaling';
import { runnerMetric } from './worker-runner-metrics';
import { createAlarm, createDeadLetterAlarm } from '../shared/alarms';
import { createCapacityAlarm, inServiceInstances } from '../shared/fleet';
import { LONGEST_VISIBILITY_TIMEOUT } from '../shared/sqs-limits';

const PERIOD = Duration.minutes(1);

/**
 * When work fails on a large scale: of at least so many messages that were received, more than that share was not deleted.
 *
 * A bad message is received three times and never deleted, so that this is one bad message of four (of six, where a runner has it received
 * five times): no stray one, but a version or something that the work needs. What fails more seldom the dead letters tell. A lost zone of
 * three takes a third of the receives along, and once only.
 */
const FAILING = { share: 0.5, atLeast: 10 };

/** The shortest time over which receives and deletions are compared; below the time of work what was received is not done yet. */
const SHORTEST_COMPARISON = Duration.minutes(5);

/** The alarms of a worker fleet: on messages that fail or wait, and on who is there for them. */
export function createWorkerFleetAlarms(fleet: SqsWorkerFleet, plan: WorkerFleetPlan, further: readonly NamedQueue[], scaled: Scaled): Alarm[] {
  const { alarmTopic, sizes, runner } = plan;
  return [
    ...createQueueAlarms(fleet, plan, fleet),
    ...further.flatMap(queue => createQueueAlarms(queue.scope, plan, queue)),
    sizes.need > 0
      ? createCapacityAlarm(fleet, inServiceInstances(fleet.autoScalingGroup), sizes.need, alarmTopic)
      : createAlarm(fleet, 'NoWorkers', alarmTopic, {
        alarmDescription: 'Messages wait, and no worker has come up for them.',
        metric: messagesWithoutWorkers(scaled),
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold: 1,
        evaluationPeriods: 15,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    ...runner ? [createAlarm(fleet, 'RunnerMisconfigured', alarmTopic, {
      alarmDescription: 'A worker takes no messages, since its handler or its queue is not there, or it lacks a permission; the log of its worker-runner says which.',
      metric: runnerMetric(fleet, 'Misconfigured', { statistic: 'Maximum' }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 5,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })] : [],
  ];
}

/** The alarms of one of the queues: on messages that fail or wait. */
function createQueueAlarms(
  scope: Construct, { alarmTopic, maxMessageAge, maxProcessingTime }: WorkerFleetPlan, { queue, deadLetterQueue }: FleetQueue,
): Alarm[] {
  return [
    createDeadLetterAlarm(scope, 'DeadLetters', alarmTopic, deadLetterQueue,
      'Messages failed again and again, and wait in the dead-letter queue for somebody to look into them.'),
    createAlarm(scope, 'OldestMessage', alarmTopic, {
      alarmDescription: `A message is older than ${maxMessageAge.toHumanString()} and not done yet.`,
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: PERIOD }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: maxMessageAge.toSeconds(),
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    createAlarm(scope, 'FailingMessages', alarmTopic, {
      alarmDescription: 'Of the messages that workers take, more than half come to nothing.',
      metric: failingShare(queue, maxProcessingTime),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: FAILING.share,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  ];
}

/**
 * Of the messages that were received, the share that was not deleted, over the time that one takes: up to half a day, so that three of
 * them are within the seven days over which CloudWatch evaluates an alarm (one day for periods of less than an hour).
 */
function failingShare(queue: IQueue, maxProcessingTime: Duration): MathExpression {
  const time = maxProcessingTime.isUnresolved() ? LONGEST_VISIBILITY_TIMEOUT : maxProcessingTime;
  const period = Duration.minutes(Math.max(Math.ceil(time.toMinutes({ integral: false })), SHORTEST_COMPARISON.toMinutes()));
  return new MathExpression({
    label: 'Share of the messages received that was not deleted',
    expression: `IF(received >= ${FAILING.atLeast}, 1 - FILL(deleted, 0) / received, 0)`,
    usingMetrics: { received: queue.metricNumberOfMessagesReceived(), deleted: queue.metricNumberOfMessagesDeleted() },
    period,
  });
}
