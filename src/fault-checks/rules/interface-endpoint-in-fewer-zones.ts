import { asBoolean, listOf } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone, Place } from '../../fault-simulation/zones';
import { clientsIn, subnetsOf } from '../clients';
import { judgeApart, leftOut } from '../cover';
import { isSame } from '../routes';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const interfaceEndpointInFewerZones: Rule = {
  id: 'NET6',
  title: 'An interface endpoint is in fewer zones than its users',
  severity: 'warning',
  reason: 'Users in other zones reach the service through a zone that may be gone; with the last zone of the endpoint nobody in the network reaches it.',
  sources: [
    'AWS PrivateLink guide, "Access an AWS service using an interface VPC endpoint": a network interface in each zone that is chosen (2026-11-20)',
  ],
  fix: 'Give it a subnet of each zone in which its users stand.',
  types: ['AWS::EC2::VPCEndpoint'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Endpoint:
  Type: AWS::EC2::VPCEndpoint
  Properties: {VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.sqs, VpcId: vpc-1, PrivateDnsEnabled: true, SubnetIds: [!Ref A]}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref B]}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Endpoint:
  Type: AWS::EC2::VPCEndpoint
  Properties: {VpcEndpointType: Interface, ServiceName: com.amazonaws.eu-west-1.sqs, VpcId: vpc-1, PrivateDnsEnabled: true, SubnetIds: [!Ref A, !Ref B]}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref B]}}`,
  judge: judgeEndpoint,
};

function judgeEndpoint(endpoint: Resource, topology: Topology): Judgement {
  const { VpcEndpointType: type, SubnetIds: subnets } = endpoint.properties;
  if (type !== 'Interface') { return NOT_APPLICABLE; }
  if (subnets === undefined) { return undecided(`the subnets of ${endpoint.key} are not given`, 'SubnetIds'); }
  const places = topology.zonesOfSubnets(subnets);
  const users = placesOfUsers(endpoint, topology);
  const missed = users.length === 0 ? undefined : leftOut(users, places);
  if (typeof missed === 'string') { return broken(`users stand in ${nameOfZone(missed)}, where it is not`, 'SubnetIds'); }
  const against = judgeApart(endpoint, places, 'SubnetIds');
  if (!against) { return COMPLIANT; }
  if (users.length === 0) { return against; }
  // what is in one zone with all of its users goes with them
  return missed === undefined ? COMPLIANT : undecided(missed.reason, 'SubnetIds');
}

/** Where those stand whom the name of the service leads to the endpoint: all of the network, if it has that name there. */
function placesOfUsers({ properties }: Resource, topology: Topology): readonly Place[] {
  if (asBoolean(properties.PrivateDnsEnabled) !== true) { return []; }
  return clientsIn(topology).flatMap(client => listOf(subnetsOf(client)))
    .filter(subnet => isSame(topology.resource(subnet)?.properties.VpcId, properties.VpcId)).map(subnet => topology.zoneOfSubnet(subnet));
}
