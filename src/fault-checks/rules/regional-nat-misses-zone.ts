import { at, listOf, Reference, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { leftOut } from '../cover';
import { names, subnetsThat } from '../routes';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const regionalNatMissesZone: Rule = {
  id: 'NET3',
  title: 'A regional NAT gateway misses a zone of its users',
  severity: 'warning',
  reason: 'With listed zones it does not expand by itself: users in another zone go out by one of the listed ones, and lose their way out with it.',
  sources: [
    'Amazon VPC User Guide, "Regional NAT gateways for automatic multi-AZ expansion" (2026-11-21)',
  ],
  fix: 'List each zone of its users in AvailabilityZoneAddresses, or leave the property out: the gateway then expands by itself.',
  types: ['AWS::EC2::NatGateway'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Nat:
  Type: AWS::EC2::NatGateway
  Properties:
    AvailabilityMode: regional
    VpcId: vpc-1
    AvailabilityZoneAddresses:
      - {AvailabilityZone: eu-west-1a, AllocationIds: [eipalloc-1]}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
AssociationA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}}
AssociationB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Nat:
  Type: AWS::EC2::NatGateway
  Properties:
    AvailabilityMode: regional
    VpcId: vpc-1
    AvailabilityZoneAddresses:
      - {AvailabilityZone: eu-west-1a, AllocationIds: [eipalloc-1]}
      - {AvailabilityZone: eu-west-1b, AllocationIds: [eipalloc-2]}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
AssociationA: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}}
AssociationB: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}}`,
  judge: judgeGateway,
};

const LIST = 'AvailabilityZoneAddresses';

function judgeGateway(nat: Resource, topology: Topology): Judgement {
  const { AvailabilityMode: mode, [LIST]: listed } = nat.properties;
  if (mode !== 'regional') { return NOT_APPLICABLE; }
  if (listed === undefined) { return COMPLIANT; }
  const users = subnetsThat(({ properties }) => names(properties.NatGatewayId, nat), topology);
  const places = listed instanceof Unknown ? listed : listOf(listed).map(one => topology.place(at(one, 'AvailabilityZone')));
  const missed = leftOut(users.map(({ key }) => topology.zoneOfSubnet(new Reference(key, 'Ref'))), places);
  if (missed === undefined) { return COMPLIANT; }
  return typeof missed === 'string' ? broken(`a subnet in ${nameOfZone(missed)} uses it, and the zone is not listed`, LIST) : undecided(missed.reason, LIST);
}
