import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SqsWorkerFleet } from './sqs-worker-fleet';
import { WorkerFleetPlan } from './worker-fleet-plan';
import { messagesWithoutWorkers } from './worker-fleet-scaling';
import { runnerMetric } from './worker-runner-metrics';
import { createAlarm } from '../shared/alarms';
import { createCapacityAlarm, inServiceInstances } from '../shared/fleet';

const PERIOD = Duration.minutes(1);

/** The alarms of a worker fleet: on messages that fail or wait, and on who is there for them. */
export function createWorkerFleetAlarms(fleet: SqsWorkerFleet, { alarmTopic, sizes, maxMessageAge, runner }: WorkerFleetPlan): Alarm[] {
  return [
    createAlarm(fleet, 'DeadLetters', alarmTopic, {
      alarmDescription: 'Messages failed again and again, and wait in the dead-letter queue for somebody to look into them.',
      metric: fleet.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    createAlarm(fleet, 'OldestMessage', alarmTopic, {
      alarmDescription: `A message is older than ${maxMessageAge.toHumanString()} and not done yet.`,
      metric: fleet.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: PERIOD }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: maxMessageAge.toSeconds(),
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    sizes.need > 0
      ? createCapacityAlarm(fleet, inServiceInstances(fleet.autoScalingGroup), sizes.need, alarmTopic)
      : createAlarm(fleet, 'NoWorkers', alarmTopic, {
        alarmDescription: 'Messages wait, and no worker has come up for them.',
        metric: messagesWithoutWorkers(fleet.queue, fleet.autoScalingGroup),
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
