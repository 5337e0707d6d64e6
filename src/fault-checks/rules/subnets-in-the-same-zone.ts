import { firstUnknown, Reference } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { names, subnetListsIn } from '../routes';
import { broken, COMPLIANT, Judgement, Rule, undecided } from '../rule';
import { judgeZones } from '../spread';
import { worstOf } from '../worst';

export const subnetsInTheSameZone: Rule = {
  id: 'NET10',
  title: 'A subnet is in the same zone as all those that it is listed with',
  severity: 'error',
  reason: 'The list looks like two zones and is one: what is spread over it is gone with that.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "High Availability Through Multiple Availability Zones"',
    'AWS CloudFormation Template Reference, "Fn::GetAZs" (2026-11-20)',
  ],
  fix: 'Give each subnet of the list a zone of its own, by another index of Fn::GetAZs or another parameter.',
  types: ['AWS::EC2::Subnet'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs ''], CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs ''], CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref B]}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [0, !GetAZs ''], CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: !Select [1, !GetAZs ''], CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref B]}}`,
  judge: (subnet, topology) => worstOf(topology.whoMentions(subnet.key).filter(({ type }) => !NOT_SPREAD.test(type))
    .flatMap(user => judgeLists(subnet, user, topology))),
};

/** What has a list of subnets for other purposes, and what other rules are about. */
const NOT_SPREAD = /^(AWS::(EC2|SSM|CloudFormation)::|Custom::)/;

/** The subnet is judged where it is not the first of a list, so that one of two is to be mended. */
function judgeLists(subnet: Resource, user: Resource, topology: Topology): readonly Judgement[] {
  return subnetListsIn(user.properties, topology).filter(list => list.findIndex(item => names(item, subnet)) > 0)
    .map(list => judgeList(list, user, topology));
}

function judgeList(list: readonly Reference[], { key }: Resource, topology: Topology): Judgement {
  const places = list.map(item => topology.zoneOfSubnet(item));
  const against = judgeZones(places, 2, 'AvailabilityZone');
  if (!against || topology.areApart(places)) { return COMPLIANT; }
  const open = firstUnknown(places);
  return open && against.compliance === 'unknown' ? undecided(open.reason, 'AvailabilityZone')
    : broken(`it is in the zone of ${list[0].resource}, with which ${key} lists it`, 'AvailabilityZone');
}
