import { machinesBehind } from '../../fault-simulation/components/routers';
import { mayBeCalled } from '../../fault-simulation/permissions';
import { Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { movingOf } from '../routes';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const routeToInstanceWithoutReplacement: Rule = {
  id: 'NET4',
  title: 'A route leads to an instance that nothing replaces',
  severity: 'error',
  reason: 'The instance is in no group that would start another one, and nobody may change the route: with the instance, what it routes is gone until a human acts.',
  sources: [
    '"Architecting Highly Available Applications on AWS", course notes, pattern "High Availability (HA) NAT" (2026-11-21)',
    'Amazon VPC User Guide, "Compare NAT gateways and NAT instances" (2026-11-20)',
  ],
  fix: 'Use a NAT gateway, or a group of one instance for each zone that takes over the route when it starts.',
  types: ['AWS::EC2::Route'],
  needsTopology: true,
  bad: `
Nat: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.nano, SubnetId: subnet-1, SourceDestCheck: false}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, InstanceId: !Ref Nat}}`,
  good: `
Nat: {Type: AWS::EC2::NatGateway, Properties: {AllocationId: eipalloc-1, SubnetId: subnet-1}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: vpc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}`,
  judge: judgeRoute,
};

function judgeRoute(route: Resource, topology: Topology): Judgement {
  const { InstanceId: instance, NetworkInterfaceId: networkInterface } = route.properties;
  const property = instance === undefined ? 'NetworkInterfaceId' : 'InstanceId';
  const hop = instance ?? networkInterface;
  if (hop === undefined) { return NOT_APPLICABLE; }
  if (mayBeRerouted(route, topology)) { return COMPLIANT; }
  const target = topology.resource(hop);
  if (!target) { return undecided(hop instanceof Unknown ? hop.reason : `where ${route.key} leads is not in the template`, property); }
  if (target.type === 'AWS::EC2::Instance') { return broken(`${target.key} is in no group that would start another one`, property); }
  const holders = topology.whoMentions(target.key, 'AWS::EC2::NetworkInterfaceAttachment');
  if (holders.length > 0) { return broken(`${target.key} is that of an instance in no group`, property); }
  const behind = machinesBehind(target.key, topology);
  if (behind.some(({ type }) => type === 'AWS::EC2::Instance')) { return broken(`${target.key} is that of an instance in no group`, property); }
  return behind.length > 0 ? COMPLIANT : undecided(`who has ${target.key} is not in the template`, property);
}

/** Whether anybody may change the route: then that is what they are there for. */
function mayBeRerouted(route: Resource, topology: Topology): boolean {
  const { of } = movingOf(route);
  return ['ec2:ReplaceRoute', 'ec2:CreateRoute'].some(action => mayBeCalled(action, { kind: 'route-table', of, region: route.region }, topology));
}
