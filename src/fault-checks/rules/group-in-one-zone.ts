import { keysReferredTo, listOf, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { COMPLIANT, NOT_APPLICABLE, Rule } from '../rule';
import { dutiesOf } from '../serving';
import { judgeZones, placesOfGroup } from '../spread';

export const groupInOneZone: Rule = {
  id: 'ASG1',
  title: 'An Auto Scaling group is in one zone',
  severity: 'error',
  reason: 'With its zone goes all of the group, and nothing is launched elsewhere until somebody gives it other subnets.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Availability Zones"',
    'Amazon EC2 Auto Scaling User Guide, "Auto Scaling benefits for application architecture" (2026-11-20)',
  ],
  fix: 'Give it subnets of two zones at least.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A]}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref B]}}`,
  judge: (group, topology) => {
    const { known } = dutiesOf(group, topology);
    // one in each zone is what ways out are made of; other rules look whether each zone has its own
    if (known.length > 0 && known.every(({ kind }) => kind === 'way-out')) { return NOT_APPLICABLE; }
    const own = placesOfGroup(group, topology);
    const beside = besideInTargets(group, topology).map(other => placesOfGroup(other, topology));
    const property = group.properties.VPCZoneIdentifier === undefined ? 'AvailabilityZones' : 'VPCZoneIdentifier';
    const open = [own, ...beside].find(places => places instanceof Unknown);
    const places = [own, ...beside].flatMap(all => all instanceof Unknown ? [] : all);
    return judgeZones(open instanceof Unknown ? open : places, 2, property) ?? COMPLIANT;
  },
};

/** Other groups in the same target groups: together they may be in more zones. */
function besideInTargets(group: Resource, topology: Topology): readonly Resource[] {
  const targets = listOf(group.properties.TargetGroupARNs).flatMap(keysReferredTo);
  return targets.flatMap(key => topology.whoMentions(key, group.type)).filter(other => other !== group);
}
