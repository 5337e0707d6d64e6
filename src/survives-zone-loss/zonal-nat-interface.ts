import { Fn, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

export interface ZonalNatInterfaceProps {
  readonly subnet: ec2.ISubnet;
  readonly securityGroup: ec2.ISecurityGroup;
  /** An Elastic IP that is there already. */
  readonly eipAllocationId?: string;
  /** In front of how many zones the interface may stand with the address of each; none where the addresses stay. */
  readonly zonesThatFollow?: number;
}

/**
 * One zone's network interface and its address, which stay while the instances behind them come and go. Part of `HaNatPerAz`, not
 * exported.
 */
export class ZonalNatInterface extends Construct {
  public readonly networkInterface: ec2.CfnNetworkInterface;
  public readonly elasticIp?: ec2.CfnEIP;
  public readonly allocationId: string;

  constructor(scope: Construct, id: string, private readonly props: ZonalNatInterfaceProps) {
    super(scope, id);

    this.networkInterface = this.createNetworkInterface();
    this.elasticIp = props.eipAllocationId === undefined ? new ec2.CfnEIP(this, 'EIP', { domain: 'vpc' }) : undefined;
    this.allocationId = props.eipAllocationId ?? this.elasticIp?.attrAllocationId as string;
    // an address that follows is the instances' to place: a deployment would put it back
    if (props.zonesThatFollow === undefined) { this.createAssociation(); }
    for (const named of [this.networkInterface, ...this.elasticIp ? [this.elasticIp] : []]) { Tags.of(named).add('Name', this.node.path); }
  }

  /** The address that the other instances know it by. */
  public get privateAddress(): string {
    return this.networkInterface.attrPrimaryPrivateIpAddress;
  }

  /** What the Elastic IP of the zone with this index is put on here. */
  public addressFor(zoneIndex: number): string {
    return Fn.select(zoneIndex, this.networkInterface.attrSecondaryPrivateIpAddresses);
  }

  private createNetworkInterface(): ec2.CfnNetworkInterface {
    return new ec2.CfnNetworkInterface(this, 'NetworkInterface', {
      subnetId: this.props.subnet.subnetId,
      description: 'The way out of the zone, which stays while instances come and go',
      groupSet: [this.props.securityGroup.securityGroupId],
      sourceDestCheck: false, // what it passes on is neither from nor for itself
      secondaryPrivateIpAddressCount: this.props.zonesThatFollow,
    });
  }

  private createAssociation(): void {
    const association = new ec2.CfnEIPAssociation(this, 'Association', {
      allocationId: this.allocationId,
      networkInterfaceId: this.networkInterface.ref,
    });
    // there is no public address in a VPC without an internet gateway
    association.node.addDependency(this.props.subnet.internetConnectivityEstablished);
  }
}
