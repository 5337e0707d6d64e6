import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { clientsOf, placesOfClient } from '../clients';
import { leftOut } from '../cover';
import { mayMention } from '../hidden';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { worstOf } from '../worst';

export const clientsWithoutMountTarget: Rule = {
  id: 'EFS2',
  title: 'Clients of a file system are in a zone without a mount target',
  severity: 'error',
  reason: 'The name of a file system leads to the mount target in the zone of the client: where there is none the mount fails, or depends on another zone.',
  sources: [
    'Amazon EFS User Guide, "Creating mount targets": one in each zone from which the file system is used (2026-11-21)',
    'Fault-Tolerant Components on AWS (2019), "Amazon Elastic File System and Amazon FSx for Windows File Server"',
  ],
  fix: 'Make a mount target in each zone in which clients stand.',
  types: ['AWS::EFS::FileSystem'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true}}
TargetA: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, SubnetId: !Ref A, SecurityGroups: [sg-1]}}
Template:
  Type: AWS::EC2::LaunchTemplate
  Properties: {LaunchTemplateData: {UserData: !Base64 {'Fn::Sub': 'mount -t efs \${Files}:/ /data'}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [!Ref A, !Ref B]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true}}
TargetA: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, SubnetId: !Ref A, SecurityGroups: [sg-1]}}
TargetB: {Type: AWS::EFS::MountTarget, Properties: {FileSystemId: !Ref Files, SubnetId: !Ref B, SecurityGroups: [sg-1]}}
Template:
  Type: AWS::EC2::LaunchTemplate
  Properties: {LaunchTemplateData: {UserData: !Base64 {'Fn::Sub': 'mount -t efs \${Files}:/ /data'}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [!Ref A, !Ref B]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  judge: judgeFileSystem,
};

const MOUNT_TARGET = 'AWS::EFS::MountTarget';

function judgeFileSystem(fileSystem: Resource, topology: Topology): Judgement {
  const targets = topology.whoMentions(fileSystem.key, MOUNT_TARGET);
  // one in a single zone has one mount target, and another rule is about that
  if (fileSystem.properties.AvailabilityZoneName !== undefined || targets.length === 0) { return NOT_APPLICABLE; }
  const placesOf = (some: readonly Resource[]) => some.map(({ properties }) => topology.zoneOfSubnet(properties.SubnetId));
  const sure = placesOf(targets.filter(({ presence }) => presence === 'present'));
  const isOpen = topology.ofType(MOUNT_TARGET).some(one => mayMention(one, fileSystem));
  return worstOf(clientsOf(fileSystem, topology).map((client): Judgement => {
    const users = placesOfClient(client, topology);
    const missed = leftOut(users, sure);
    if (missed === undefined) { return COMPLIANT; }
    if (typeof missed !== 'string') { return undecided(missed.reason); }
    return typeof leftOut(users, placesOf(targets)) === 'string' && !isOpen ? broken(`${client.key} may stand in ${nameOfZone(missed)}, where it has no mount target`)
      : undecided(`conditions decide which mount targets ${fileSystem.key} has`);
  }));
}
