import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createNatGatewayAlarms } from './nat-gateway-alarms';
import { createDefaultRoutes } from './nat-network';

export interface ZonalNatGatewayProps {
  /** Where the gateway stands. */
  readonly publicSubnet: ec2.ISubnet;
  /** The subnets of the same zone that go out through it. */
  readonly privateSubnets: ec2.ISubnet[];
  /** An Elastic IP that is there already. */
  readonly eipAllocationId?: string;
  readonly alarmTopic?: ITopic;
}

/** One zone's way out: its NAT gateway, the routes to it, and the alarms on it. Part of `HaNatPerAz`, not exported. */
export class ZonalNatGateway extends Construct {
  public readonly elasticIp?: ec2.CfnEIP;
  public readonly natGateway: ec2.CfnNatGateway;
  public readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, props: ZonalNatGatewayProps) {
    super(scope, id);

    const home = this.homeOf(props.publicSubnet);
    this.elasticIp = props.eipAllocationId === undefined ? new ec2.CfnEIP(home, 'EIP', { domain: 'vpc' }) : undefined;
    this.natGateway = this.createNatGateway(home, props.publicSubnet, props.eipAllocationId ?? this.elasticIp?.attrAllocationId);
    createDefaultRoutes(this, props.privateSubnets, this.natGateway);
    this.alarms = createNatGatewayAlarms(this, this.natGateway, props.alarmTopic);
  }

  /** A subnet of this app holds its gateway under the ids of CDK's own provider: who changes over from it keeps the addresses. */
  private homeOf(subnet: ec2.ISubnet): Construct {
    return ec2.Subnet.isVpcSubnet(subnet) && !subnet.node.tryFindChild('NATGateway') ? subnet : this;
  }

  private createNatGateway(home: Construct, subnet: ec2.ISubnet, allocationId?: string): ec2.CfnNatGateway {
    const gateway = new ec2.CfnNatGateway(home, 'NATGateway', { subnetId: subnet.subnetId, allocationId });
    gateway.node.addDependency(subnet.internetConnectivityEstablished);
    return gateway;
  }
}
