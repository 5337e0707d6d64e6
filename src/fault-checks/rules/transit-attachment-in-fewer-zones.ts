import { listOf, Reference, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { judgeApart, leftOut } from '../cover';
import { isSame, subnetsThat } from '../routes';
import { broken, COMPLIANT, Judgement, Rule, undecided } from '../rule';

export const transitAttachmentInFewerZones: Rule = {
  id: 'NET8',
  title: 'A transit gateway is attached in fewer zones than are routed to it',
  severity: 'error',
  reason: 'What stands in a zone without an attachment cannot reach the transit gateway; with the only zone that has one, the whole network is cut off.',
  sources: [
    'Amazon VPC Transit Gateways guide, "Amazon VPC attachments": zones where there is no attachment cannot reach the gateway (2026-11-21)',
  ],
  fix: 'Give the attachment a subnet of each zone that is routed to the transit gateway.',
  types: ['AWS::EC2::TransitGatewayAttachment', 'AWS::EC2::TransitGatewayVpcAttachment'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Attachment: {Type: AWS::EC2::TransitGatewayVpcAttachment, Properties: {TransitGatewayId: tgw-1, VpcId: vpc-1, SubnetIds: [!Ref A]}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.0.0.0/8, TransitGatewayId: tgw-1}}
AssociationA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}}
AssociationB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Attachment: {Type: AWS::EC2::TransitGatewayVpcAttachment, Properties: {TransitGatewayId: tgw-1, VpcId: vpc-1, SubnetIds: [!Ref A, !Ref B]}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.0.0.0/8, TransitGatewayId: tgw-1}}
AssociationA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}}
AssociationB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}}`,
  judge: judgeAttachment,
};

function judgeAttachment(attachment: Resource, topology: Topology): Judgement {
  const { TransitGatewayId: gateway, VpcId: network, SubnetIds: first, AddSubnetIds: added } = attachment.properties;
  const places = topology.zonesOfSubnets(first instanceof Unknown ? first : [...listOf(first), ...listOf(added)]);
  const users = subnetsThat(({ properties }) => isSame(properties.TransitGatewayId, gateway), topology)
    .filter(({ properties }) => isSame(properties.VpcId, network)).map(({ key }) => topology.zoneOfSubnet(new Reference(key, 'Ref')));
  if (users.length === 0) { return judgeApart(attachment, places, 'SubnetIds') ?? COMPLIANT; }
  const missed = leftOut(users, places);
  if (missed === undefined) { return COMPLIANT; }
  return typeof missed === 'string' ? broken(`a subnet in ${nameOfZone(missed)} is routed to it, where it is not`, 'SubnetIds') : undecided(missed.reason, 'SubnetIds');
}
