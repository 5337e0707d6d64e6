import { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { WebTierMetrics } from './web-tier-metrics';
import { WebTierPlan } from './web-tier-plan';
import { createAlarm } from '../shared/alarms';
import { createCapacityAlarm } from '../shared/fleet';
import { idOfZone } from '../shared/zones';

/** So many minutes something may be out of order that AWS puts right by itself. */
const PATIENCE_MINUTES = 15;

/** The alarms on what clients get, which stop a rollout too. There are none of connections, as they have no answers. */
export function createClientAlarms(tier: Construct, { alarmTopic, endpoint, latencyLimit }: WebTierPlan, metrics: WebTierMetrics): Alarm[] {
  if (endpoint._front.isForConnections) { return []; }
  return [
    createAlarm(tier, 'ServerErrors', alarmTopic, {
      alarmDescription: 'More than 5 % of the requests are answered by a server error.',
      metric: metrics.serverErrorPercent(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 5,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    createAlarm(tier, 'Latency', alarmTopic, {
      alarmDescription: `One request in a hundred takes the instances longer than ${latencyLimit.toHumanString()}.`,
      metric: metrics.latency(),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: latencyLimit.toSeconds(),
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  ];
}

/** The alarms on what the answers rest on. */
export function createInstanceAlarms(
  tier: Construct, plan: WebTierPlan, metrics: WebTierMetrics, groups: autoscaling.AutoScalingGroup[],
): Alarm[] {
  const { alarmTopic, sizes, zones, fleet } = plan;
  return [
    createCapacityAlarm(tier, metrics.inService(), sizes.need, alarmTopic),
    ...createUnhealthyAlarms(tier, plan, metrics),
    ...sizes.max === sizes.min ? [] : [createAlarm(tier, 'NoHeadRoom', alarmTopic, {
      alarmDescription: `For ${PATIENCE_MINUTES} minutes as many instances have been wanted as there may be: the tier does not grow any more.`,
      metric: metrics.headRoom(),
      comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 0,
      evaluationPeriods: PATIENCE_MINUTES,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })],
    ...zones && !fleet.isPerZone ? [createAlarm(tier, 'ZoneImbalance', alarmTopic, {
      alarmDescription: `For ${PATIENCE_MINUTES} minutes a zone has had two healthy instances more than another one, so that its loss would take more than its share.`,
      metric: metrics.imbalance(zones),
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 2,
      evaluationPeriods: PATIENCE_MINUTES,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })] : [],
    createRolloutAlarm(tier, plan, groups),
  ];
}

/** One for each zone where they are known, as one that is ill alone can be shifted away from. */
function createUnhealthyAlarms(tier: Construct, { alarmTopic, zones }: WebTierPlan, metrics: WebTierMetrics): Alarm[] {
  const scope = new Construct(tier, 'UnhealthyInstances');
  const create = (id: string, zone?: string) => createAlarm(scope, id, alarmTopic, {
    alarmDescription: `Instances${zone ? ` in ${zone}` : ''} fail the health check of the load balancer, and those that replace them do too.`,
    metric: metrics.unhealthy(zone),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 10,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  return zones ? zones.map((zone, index) => create(idOfZone(zone, index), zone)) : [create('AllZones')];
}

/** CloudWatch has no figure of failed rollouts, but one of the events that tell of them. */
function createRolloutAlarm(tier: Construct, { alarmTopic }: WebTierPlan, groups: autoscaling.AutoScalingGroup[]): Alarm {
  const rule = new events.Rule(tier, 'FailedRollouts', {
    description: 'An instance refresh failed',
    eventPattern: {
      source: ['aws.autoscaling'],
      detailType: ['EC2 Auto Scaling Instance Refresh Failed'],
      detail: { AutoScalingGroupName: groups.map(group => group.autoScalingGroupName) },
    },
  });
  return createAlarm(tier, 'RolloutFailed', alarmTopic, {
    alarmDescription: 'A new version could not be rolled out: an instance refresh failed.',
    metric: new Metric({
      namespace: 'AWS/Events',
      metricName: 'TriggeredRules',
      dimensionsMap: { RuleName: rule.ruleName },
      statistic: 'Sum',
      period: Duration.minutes(1),
    }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}
