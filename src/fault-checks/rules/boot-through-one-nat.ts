import { machineOf, needsOfMachine } from '../../fault-simulation/components/machine';
import { distinct } from '../../fault-simulation/components/spread';
import { Needs } from '../../fault-simulation/needs';
import { listOf, Value } from '../../fault-simulation/template/value';
import { Topology } from '../../fault-simulation/topology';
import { wayOut } from '../../fault-simulation/ways';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const bootThroughOneNat: Rule = {
  id: 'EC2-4',
  title: 'New instances fetch what they need through a single NAT',
  severity: 'warning',
  reason: 'When the zone of the NAT is lost the other zones may launch instances, but these cannot install anything: the capacity does not '
    + 'come back when it is needed most.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon Elastic Compute Cloud": static configuration needs nothing at the launch',
    'Amazon VPC User Guide, "NAT gateways" (2026-11-20): a NAT gateway in each Availability Zone',
  ],
  fix: 'Give each zone a NAT gateway, or the network a regional one; or put all that is needed into the image.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Public: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.2.0/24, VpcId: vpc-1}}
Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public, AllocationId: eipalloc-1}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Way: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
OfA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Table, SubnetId: !Ref A}}
OfB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Table, SubnetId: !Ref B}}
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1, UserData: {Fn::Base64: dnf install -y nginx}}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [!Ref A, !Ref B]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.2.0/24, VpcId: vpc-1}}
Nat: {Type: AWS::EC2::NatGateway, Properties: {AvailabilityMode: regional, VpcId: vpc-1}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Way: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
OfA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Table, SubnetId: !Ref A}}
OfB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Table, SubnetId: !Ref B}}
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1, UserData: {Fn::Base64: dnf install -y nginx}}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [!Ref A, !Ref B]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  judge: (group, topology) => {
    const machine = machineOf(group, topology);
    const needs = needsOfMachine(group, machine, topology);
    const subnets = listOf(group.properties.VPCZoneIdentifier);
    // what is in one zone goes with it, with or without a way out
    if (distinct(subnets.map(subnet => topology.zoneOfSubnet(subnet))).length < 2) { return NOT_APPLICABLE; }
    const ways = subnets.filter(subnet => goesOutside(subnet, needs, topology)).map(subnet => wayOut(subnet, topology));
    const [first, ...others] = ways.map(way => way.kind === 'nat' || way.kind === 'instance' ? way.of : undefined);
    if (first === undefined && others.every(one => one === undefined)) { return NOT_APPLICABLE; }
    const shared = first !== undefined && others.every(one => one === first) && ways.length === subnets.length;
    if (!shared || topology.world.resource(first)?.properties.AvailabilityMode === 'regional') {
      const hidden = ways.find(({ kind }) => kind === 'unknown');
      return hidden ? undecided('why' in hidden ? hidden.why : '', 'VPCZoneIdentifier') : COMPLIANT;
    }
    return broken(`what its instances fetch at the start comes through ${first} alone`, 'VPCZoneIdentifier');
  },
};

/** Whether something is fetched that has no endpoint in the network. */
function goesOutside(subnet: Value, { fetchesAtBoot, bootServices }: Needs, topology: Topology): boolean {
  return fetchesAtBoot || bootServices.some(service =>
    !topology.hasGatewayEndpoint(subnet, service) && topology.interfaceEndpointsOf(service, subnet).length === 0);
}
