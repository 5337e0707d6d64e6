import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createAlarm } from '../shared/alarms';

/** AWS calls fewer dropped packets than this normal (VPC user guide, metric PacketsDropCount). */
const NORMAL_DROP_PERCENT = 0.01;

/** Goes off on connections that got no port, and on packets dropped. */
export function createNatGatewayAlarms(scope: Construct, gateway: ec2.CfnNatGateway, topic?: ITopic): Alarm[] {
  return [
    createAlarm(scope, 'PortAllocationErrors', topic, {
      alarmDescription: 'The NAT gateway has no source port left for new connections to some destination.',
      metric: gatewayMetric(gateway, 'ErrorPortAllocation'),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    createAlarm(scope, 'PacketsDropped', topic, {
      alarmDescription: `The NAT gateway drops more than ${NORMAL_DROP_PERCENT} % of the packets that it takes in.`,
      metric: droppedPercent(gateway),
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: NORMAL_DROP_PERCENT,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  ];
}

function droppedPercent(gateway: ec2.CfnNatGateway): IMetric {
  return new MathExpression({
    label: 'Dropped packets (%)',
    expression: 'IF(taken > 0, 100 * dropped / taken, 0)',
    usingMetrics: {
      dropped: gatewayMetric(gateway, 'PacketsDropCount'),
      taken: new MathExpression({
        expression: 'fromVpc + fromInternet',
        usingMetrics: {
          fromVpc: gatewayMetric(gateway, 'PacketsInFromSource'),
          fromInternet: gatewayMetric(gateway, 'PacketsInFromDestination'),
        },
        period: Duration.minutes(1),
      }),
    },
    period: Duration.minutes(1),
  });
}

function gatewayMetric(gateway: ec2.CfnNatGateway, metricName: string): Metric {
  return new Metric({
    namespace: 'AWS/NATGateway',
    metricName,
    dimensionsMap: { NatGatewayId: gateway.ref },
    statistic: 'Sum',
    period: Duration.minutes(1),
  });
}
