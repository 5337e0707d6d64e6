import { isTakenOver } from '../../fault-simulation/components/takeover';
import { Reference, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { leftOut } from '../cover';
import { isOpen, leadsToFirewall, movingOf, routesFrom } from '../routes';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { worstOf } from '../worst';

export const hopInAnotherZone: Rule = {
  id: 'NET5',
  title: 'A subnet is routed through an instance or an endpoint in another zone',
  severity: 'error',
  reason: 'What is in the middle goes with its zone, and what the subnet sends that way goes nowhere until somebody changes the route.',
  sources: [
    'Gateway Load Balancers guide, "Getting started with Gateway Load Balancers": an endpoint in each zone (2026-11-20)',
    'Amazon VPC User Guide, "Middlebox routing wizard" (2026-11-20)',
  ],
  fix: 'Put one into each zone, and route each subnet through the one in its own.',
  types: ['AWS::EC2::Subnet'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Inspection: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcEndpointType: GatewayLoadBalancer, ServiceName: service-1, VpcId: vpc-1, SubnetIds: [!Ref A]}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, VpcEndpointId: !Ref Inspection}}
Association: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Inspection: {Type: AWS::EC2::VPCEndpoint, Properties: {VpcEndpointType: GatewayLoadBalancer, ServiceName: service-1, VpcId: vpc-1, SubnetIds: [!Ref B]}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, VpcEndpointId: !Ref Inspection}}
Association: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref B, RouteTableId: !Ref Table}}`,
  judge: (subnet, topology) => worstOf(routesFrom(subnet, topology).map(route => judgeRoute(route, subnet, topology))),
};

function judgeRoute(route: Resource, subnet: Resource, topology: Topology): Judgement {
  const { InstanceId: instance, NetworkInterfaceId: networkInterface, VpcEndpointId: endpoint } = route.properties;
  const hop = instance ?? networkInterface ?? endpoint;
  const isFirewall = topology.ofType('AWS::NetworkFirewall::Firewall').some(firewall => leadsToFirewall(route, firewall));
  // another rule is about firewalls
  if (hop === undefined || isFirewall) { return NOT_APPLICABLE; }
  if (isOpen(route, subnet)) { return undecided(`a condition decides where ${subnet.key} is routed`); }
  const target = topology.resource(hop);
  const places = target ? topology.placesOf(target) : [];
  if (!target || places.length === 0) { return undecided(hop instanceof Unknown ? hop.reason : `the zone of what ${route.key} leads to is not in the template`); }
  const elsewhere = leftOut([topology.zoneOfSubnet(new Reference(subnet.key, 'Ref'))], places);
  if (elsewhere === undefined || isTakenOver(movingOf(route), new Reference(subnet.key, 'Ref'), topology)) { return COMPLIANT; }
  return typeof elsewhere === 'string' ? broken(`it is in ${nameOfZone(elsewhere)}, and ${target.key} is in ${nameOfZone(String(places[0]))}`)
    : undecided(elsewhere.reason);
}
