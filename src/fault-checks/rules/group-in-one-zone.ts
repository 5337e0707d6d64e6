import { COMPLIANT, Rule } from '../rule';
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
  judge: (group, topology) => judgeZones(placesOfGroup(group, topology), 2, group.properties.VPCZoneIdentifier === undefined ? 'AvailabilityZones' : 'VPCZoneIdentifier')
    ?? COMPLIANT,
};
