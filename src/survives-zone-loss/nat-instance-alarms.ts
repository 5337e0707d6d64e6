import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { Alarm, AlarmProps, ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { healthyNatInstances, natInstanceMetric } from './nat-instance-metrics';
import { createAlarm } from '../shared/alarms';
import { inServiceInstances } from '../shared/fleet';

/** As long as a replacement may take: what is over by then is no news. */
const REPLACEMENT_MINUTES = 5;

/** The connections that the kernel keeps track of may fill its table to so many percent; after that it drops new ones. */
const CONNTRACK_LIMIT_PERCENT = 80;

/** The alarms on the instance of one zone. */
export function createNatInstanceAlarms(
  scope: Construct, group: string, zone: string, autoScalingGroup: autoscaling.AutoScalingGroup, topic?: ITopic,
): Alarm[] {
  const metric = (name: string, statistic: string) => natInstanceMetric(group, zone, name, statistic);
  const create = (id: string, props: Partial<AlarmProps> & Pick<AlarmProps, 'alarmDescription' | 'metric'>) => createAlarm(scope, id, topic, {
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...props,
  });
  return [
    create('TakeoverActive', {
      alarmDescription: 'The NAT instance of this zone stands in for that of another zone.',
      metric: metric('ForeignObjectsHeld', Stats.MAXIMUM),
    }),
    create('NodeUnhealthy', {
      alarmDescription: 'The NAT instance of this zone does not let traffic through, or says nothing.',
      metric: metric('NodeHealthy', Stats.MINIMUM),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: REPLACEMENT_MINUTES,
      treatMissingData: TreatMissingData.BREACHING,
    }),
    create('ConnectionsNearLimit', {
      alarmDescription: `The NAT instance of this zone has filled its table of connections to more than ${CONNTRACK_LIMIT_PERCENT} %.`,
      metric: metric('ConntrackUsedPercent', Stats.MAXIMUM),
      threshold: CONNTRACK_LIMIT_PERCENT,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
    }),
    create('AllowanceExceeded', {
      alarmDescription: 'EC2 drops packets of the NAT instance of this zone, as there are more than its type may have.',
      metric: metric('AllowanceExceeded', Stats.SUM),
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
    }),
    create('Misconfigured', {
      alarmDescription: 'The role of the NAT instance of this zone lacks a permission; the log of its failover-agent names the action.',
      metric: metric('Misconfigured', Stats.MAXIMUM),
    }),
    create('NotInService', {
      alarmDescription: 'There is no NAT instance in this zone.',
      metric: inServiceInstances(autoScalingGroup),
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: REPLACEMENT_MINUTES,
      treatMissingData: TreatMissingData.BREACHING,
    }),
  ];
}

/** The alarm on the instances of all zones: no other is left to stand in. (In metric math, for an alarm on alarms would wait for theirs.) */
export function createNoHealthyNodeAlarm(scope: Construct, group: string, zones: string[], topic?: ITopic): Alarm {
  return createAlarm(scope, 'NoHealthyNode', topic, {
    alarmDescription: 'No NAT instance of any zone lets traffic through, or says so.',
    metric: healthyNatInstances(group, zones),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
