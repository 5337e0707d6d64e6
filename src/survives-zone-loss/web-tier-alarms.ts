import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { MultiAzWebTier } from './multi-az-web-tier';
import { WebTierPlan } from './web-tier-plan';
import { createAlarm } from '../shared/alarms';
import { createCapacityAlarm } from '../shared/fleet';

/** The alarms of a web tier: on what its clients get, and on what that rests on. */
export function createWebTierAlarms(tier: MultiAzWebTier, { alarmTopic, sizes }: WebTierPlan): Alarm[] {
  return [
    createCapacityAlarm(tier, tier.autoScalingGroup, sizes, alarmTopic),
    createAlarm(tier, 'UnhealthyInstances', alarmTopic, {
      alarmDescription: 'Instances fail the health check of the load balancer, and those that replace them do too.',
      metric: tier.targetGroup.metrics.unhealthyHostCount({ statistic: 'Maximum', period: Duration.minutes(1) }),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 10,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    createAlarm(tier, 'ServerErrors', alarmTopic, {
      alarmDescription: 'More than 5 % of the requests are answered by a server error.',
      metric: tier.metricServerErrorPercent(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 5,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  ];
}
