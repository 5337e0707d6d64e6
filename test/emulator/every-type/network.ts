import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** What leads out of a VPC besides a NAT gateway in each zone. */
export function waysOut(stack: Stack, availabilityZones: string[]): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGateways: 0, restrictDefaultSecurityGroup: false });
  const [publicSubnet] = vpc.publicSubnets;
  const networkInterface = new ec2.CfnNetworkInterface(stack, 'Interface', {
    subnetId: publicSubnet.subnetId,
    description: 'NAT',
    groupSet: [new ec2.SecurityGroup(stack, 'Group', { vpc }).securityGroupId],
    sourceDestCheck: false,
    secondaryPrivateIpAddressCount: 3,
    tags: [{ key: 'Name', value: 'nat' }],
  });
  const address = new ec2.CfnEIP(stack, 'Address', { domain: 'vpc' });
  new ec2.CfnEIPAssociation(stack, 'Association', { allocationId: address.attrAllocationId, networkInterfaceId: networkInterface.ref })
    .node.addDependency(publicSubnet.internetConnectivityEstablished);
  const [first, second] = vpc.isolatedSubnets;
  (first as ec2.Subnet).addRoute('Out', { routerType: ec2.RouterType.NETWORK_INTERFACE, routerId: networkInterface.ref });
  (second as ec2.Subnet).addRoute('Out', { routerType: ec2.RouterType.NAT_GATEWAY, routerId: regionalGateway(stack, vpc).ref });
  const egressOnly = new ec2.CfnEgressOnlyInternetGateway(stack, 'EgressOnly', { vpcId: vpc.vpcId });
  (first as ec2.Subnet).addRoute('Ipv6', {
    routerType: ec2.RouterType.EGRESS_ONLY_INTERNET_GATEWAY, routerId: egressOnly.ref, destinationIpv6CidrBlock: '::/0',
  });
}

function regionalGateway(stack: Stack, vpc: ec2.Vpc): ec2.CfnNatGateway {
  const address = new ec2.CfnEIP(stack, 'RegionalAddress', { domain: 'vpc' });
  const gateway = new ec2.CfnNatGateway(stack, 'Regional', {
    vpcId: vpc.vpcId,
    availabilityMode: 'regional',
    connectivityType: 'public',
    availabilityZoneAddresses: [{ availabilityZone: vpc.availabilityZones[0], allocationIds: [address.attrAllocationId] }],
    tags: [{ key: 'Name', value: 'regional' }],
  });
  gateway.node.addDependency(vpc.publicSubnets[0].internetConnectivityEstablished);
  return gateway;
}
