import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, IMetric, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createAlarm } from '../shared/alarms';

/** CDK's own id of a subnet's default route. */
export const DEFAULT_ROUTE = 'DefaultRoute';

/** AWS calls fewer dropped packets than this normal (VPC user guide, metric PacketsDropCount). */
const NORMAL_DROP_PERCENT = 0.01;

export interface ZonalNatGatewayProps {
  /** Where the gateway stands. */
  readonly publicSubnet: ec2.ISubnet;
  /** The subnets of the same zone that go out through it. */
  readonly privateSubnets: ec2.ISubnet[];
  readonly alarmTopic?: ITopic;
}

/** One zone's way out: its NAT gateway, the routes to it, and the alarms on it. Part of `HaNatPerAz`, not exported. */
export class ZonalNatGateway extends Construct {
  public readonly elasticIp: ec2.CfnEIP;
  public readonly natGateway: ec2.CfnNatGateway;
  public readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, props: ZonalNatGatewayProps) {
    super(scope, id);

    const home = this.homeOf(props.publicSubnet);
    this.elasticIp = new ec2.CfnEIP(home, 'EIP', { domain: 'vpc' });
    this.natGateway = this.createNatGateway(home, props.publicSubnet);
    props.privateSubnets.forEach((subnet, index) => this.createDefaultRoute(subnet, index));
    this.alarms = this.createAlarms(props.alarmTopic);
  }

  /** A subnet of this app holds its gateway under the ids of CDK's own provider: who changes over from it keeps the addresses. */
  private homeOf(subnet: ec2.ISubnet): Construct {
    return ec2.Subnet.isVpcSubnet(subnet) && !subnet.node.tryFindChild('NATGateway') ? subnet : this;
  }

  private createNatGateway(home: Construct, subnet: ec2.ISubnet): ec2.CfnNatGateway {
    const gateway = new ec2.CfnNatGateway(home, 'NATGateway', {
      subnetId: subnet.subnetId,
      allocationId: this.elasticIp.attrAllocationId,
    });
    gateway.node.addDependency(subnet.internetConnectivityEstablished);
    return gateway;
  }

  private createDefaultRoute(subnet: ec2.ISubnet, index: number): void {
    if (ec2.Subnet.isVpcSubnet(subnet)) {
      // through the subnet, so that whatever waits for its way out waits for this route
      subnet.addRoute(DEFAULT_ROUTE, {
        routerType: ec2.RouterType.NAT_GATEWAY,
        routerId: this.natGateway.ref,
        enablesInternetConnectivity: true,
      });
    } else {
      new ec2.CfnRoute(this, `Route${index + 1}`, {
        routeTableId: subnet.routeTable.routeTableId,
        destinationCidrBlock: '0.0.0.0/0',
        natGatewayId: this.natGateway.ref,
      });
    }
  }

  private createAlarms(topic?: ITopic): Alarm[] {
    return [
      createAlarm(this, 'PortAllocationErrors', topic, {
        alarmDescription: 'The NAT gateway has no source port left for new connections to some destination.',
        metric: this.metric('ErrorPortAllocation'),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: 0,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
      createAlarm(this, 'PacketsDropped', topic, {
        alarmDescription: `The NAT gateway drops more than ${NORMAL_DROP_PERCENT} % of the packets that it takes in.`,
        metric: this.droppedPercent(),
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        threshold: NORMAL_DROP_PERCENT,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    ];
  }

  private droppedPercent(): IMetric {
    return new MathExpression({
      label: 'Dropped packets (%)',
      expression: 'IF(taken > 0, 100 * dropped / taken, 0)',
      usingMetrics: {
        dropped: this.metric('PacketsDropCount'),
        taken: new MathExpression({
          expression: 'fromVpc + fromInternet',
          usingMetrics: {
            fromVpc: this.metric('PacketsInFromSource'),
            fromInternet: this.metric('PacketsInFromDestination'),
          },
          period: Duration.minutes(1),
        }),
      },
      period: Duration.minutes(1),
    });
  }

  private metric(metricName: string): Metric {
    return new Metric({
      namespace: 'AWS/NATGateway',
      metricName,
      dimensionsMap: { NatGatewayId: this.natGateway.ref },
      statistic: 'Sum',
      period: Duration.minutes(1),
    });
  }
}
