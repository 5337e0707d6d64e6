import { Reference, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { leftOut } from '../cover';
import { isOpen, routesFrom } from '../routes';
import { broken, COMPLIANT, Judgement, Rule, undecided } from '../rule';
import { worstOf } from '../worst';

export const natInAnotherZone: Rule = {
  id: 'NET2',
  title: 'A subnet has its NAT gateway in another zone',
  severity: 'error',
  reason: 'A zonal NAT gateway goes with its zone, and takes the way out of subnets in other zones along until somebody changes their routes.',
  sources: [
    '"Architecting Highly Available Applications on AWS", course notes, pattern "High Availability (HA) NAT" (2026-11-21)',
    'Amazon VPC User Guide, "NAT gateway basics": one in each zone, used by what is in the same zone (2026-11-20)',
    'Amazon VPC User Guide, "Regional NAT gateways for automatic multi-AZ expansion" (2026-11-21)',
  ],
  fix: 'Make a NAT gateway in each zone, with a route table for each, or one with AvailabilityMode regional.',
  types: ['AWS::EC2::Subnet'],
  needsTopology: true,
  bad: `
PublicA: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
PrivateB: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref PublicA, AllocationId: eipalloc-1}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
Association: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref PrivateB, RouteTableId: !Ref Table}}`,
  good: `
PublicB: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
PrivateB: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref PublicB, AllocationId: eipalloc-1}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}
Association: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref PrivateB, RouteTableId: !Ref Table}}`,
  judge: (subnet, topology) => worstOf(routesFrom(subnet, topology).filter(route => route.properties.NatGatewayId !== undefined)
    .map(route => judgeRoute(route, subnet, topology))),
};

function judgeRoute(route: Resource, subnet: Resource, topology: Topology): Judgement {
  if (isOpen(route, subnet)) { return undecided(`a condition decides where ${subnet.key} has its way out`); }
  const { NatGatewayId: id } = route.properties;
  const nat = topology.resource(id);
  if (!nat) { return undecided(id instanceof Unknown ? id.reason : `the NAT gateway of ${route.key} is not in the template`); }
  const { AvailabilityMode: mode } = nat.properties;
  if (mode === 'regional') { return COMPLIANT; }
  if (mode instanceof Unknown) { return undecided(mode.reason); }
  const place = topology.zoneOfSubnet(nat.properties.SubnetId);
  const elsewhere = leftOut([topology.zoneOfSubnet(new Reference(subnet.key, 'Ref'))], [place]);
  if (elsewhere === undefined) { return COMPLIANT; }
  return typeof elsewhere === 'string' ? broken(`it is in ${nameOfZone(elsewhere)}, and ${nat.key} is in ${nameOfZone(String(place))}`)
    : undecided(elsewhere.reason);
}
