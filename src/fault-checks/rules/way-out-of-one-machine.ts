import { machinesBehind, reroutersOf } from '../../fault-simulation/components/routers';
import { isTakenOver } from '../../fault-simulation/components/takeover';
import { Reference } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { movingOf } from '../routes';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { worstOf } from '../worst';

export const wayOutOfOneMachine: Rule = {
  id: 'NET13',
  title: 'A way out waits for a new instance when its own fails',
  severity: 'warning',
  reason: 'The route leads to an interface that one instance has. Until the group has launched another one, and that has attached the '
    + 'interface, what goes out by it is cut off for minutes.',
  sources: [
    'Amazon EC2 Auto Scaling User Guide, "Health checks for instances in an Auto Scaling group" (2026-11-21)',
    'Amazon EC2 API Reference, "ReplaceRoute" (2026-11-21)',
    'fck-nat documentation, "Limitations": about five minutes until an instance is replaced (2025-10-01)',
  ],
  fix: 'Let the NAT instances of other zones take the route over, as HaNatPerAz with NatEgress.instances() does, or use a NAT gateway.',
  types: ['AWS::EC2::Route'],
  needsTopology: true,
  bad: `
Public: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Interface: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Public, SourceDestCheck: false}}
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {NetworkInterfaces: [{NetworkInterfaceId: !Ref Interface, DeviceIndex: 0}]}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 1, MaxSize: 1, AvailabilityZones: [eu-west-1a], LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: '1'}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, NetworkInterfaceId: !Ref Interface}}`,
  good: `
Public: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Nat: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Public, AllocationId: eipalloc-1}}
Route: {Type: AWS::EC2::Route, Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}}`,
  judge: judgeRoute,
};

function judgeRoute(route: Resource, topology: Topology): Judgement {
  const { NetworkInterfaceId: hop } = route.properties;
  const target = topology.resource(hop);
  const behind = target ? machinesBehind(target.key, topology) : [];
  // of an instance in no group another rule says that nothing replaces it
  if (behind.length === 0 || behind.some(({ type }) => type === 'AWS::EC2::Instance')) { return NOT_APPLICABLE; }
  const subnets = subnetsOf(route, topology);
  return worstOf((subnets.length > 0 ? subnets : [undefined]).map((subnet): Judgement => {
    const isTaken = isTakenOver(movingOf(route), subnet, topology);
    if (isTaken) { return COMPLIANT; }
    const [other] = reroutersOf(movingOf(route).of, topology).filter(one => !behind.includes(one));
    if (isTaken === undefined || other) { return undecided(`whether ${other?.key ?? 'another one'} takes it over is not in the template`, 'NetworkInterfaceId'); }
    return broken(`nobody but ${behind[0].key} has ${target?.key}`, 'NetworkInterfaceId');
  }));
}

/** The subnets whose traffic goes by a route. */
function subnetsOf(route: Resource, topology: Topology): readonly Reference[] {
  return topology.ofType('AWS::EC2::SubnetRouteTableAssociation')
    .filter(({ properties: { RouteTableId: table } }) => table instanceof Reference && table.resource === movingOf(route).of)
    .flatMap(({ properties: { SubnetId: subnet } }) => subnet instanceof Reference ? [subnet] : []);
}
