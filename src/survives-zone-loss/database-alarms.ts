import { Duration, Size } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventSubscription } from 'aws-cdk-lib/aws-rds';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { DatabasePlan } from './database-plan';
import { RdsMultiAz } from './rds-multi-az';
import { createAlarm, letPublish } from '../shared/alarms';

/** RDS adds to a disk of which less than this share is free; less for long means that it does not. */
const LEAST_FREE_STORAGE = 0.1;

/** An eighth of what the smallest instance class has, 1 GiB; with less the operating system starts to swap. */
const LEAST_FREE_MEMORY = Size.mebibytes(128);

/** What an operator wants to know of at once. */
const EVENTS = ['failover', 'failure', 'low storage', 'recovery'];

const PERIOD = Duration.minutes(5);

/** The alarms of a database: on what it runs short of before it stops. */
export function createDatabaseAlarms(database: RdsMultiAz, { alarmTopic, allocatedStorage }: DatabasePlan): cloudwatch.Alarm[] {
  const { instance } = database;
  const alarm = (id: string, props: Pick<cloudwatch.AlarmProps, 'alarmDescription' | 'metric' | 'comparisonOperator' | 'threshold'>) =>
    createAlarm(database, id, alarmTopic, { ...props, evaluationPeriods: 3, treatMissingData: cloudwatch.TreatMissingData.MISSING });
  return [
    alarm('CpuUtilization', {
      alarmDescription: 'The processor of the database has been more than 80 % busy for 15 minutes.',
      metric: instance.metricCPUUtilization({ period: PERIOD }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 80,
    }),
    alarm('FreeStorage', {
      alarmDescription: 'Less than a tenth of the disk that the database began with has been free for 15 minutes: it does not grow any more.',
      metric: instance.metricFreeStorageSpace({ period: PERIOD, statistic: 'Minimum' }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: LEAST_FREE_STORAGE * allocatedStorage.toBytes(),
    }),
    alarm('FreeableMemory', {
      alarmDescription: `Less than ${LEAST_FREE_MEMORY.toMebibytes()} MiB of memory has been free for 15 minutes.`,
      metric: instance.metricFreeableMemory({ period: PERIOD, statistic: 'Minimum' }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: LEAST_FREE_MEMORY.toBytes(),
    }),
  ];
}

/** Makes RDS itself tell of what no metric shows. */
export function subscribeToEvents(database: RdsMultiAz, topic: ITopic): void {
  const subscription = new CfnEventSubscription(database, 'Events', {
    snsTopicArn: topic.topicArn,
    sourceType: 'db-instance',
    sourceIds: [database.instance.instanceIdentifier],
    eventCategories: EVENTS,
  });
  letPublish(database, topic, 'events.rds.amazonaws.com').applyBefore(subscription);
}
