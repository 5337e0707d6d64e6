import { machineOf, needsOfMachine } from '../../fault-simulation/components/machine';
import { routedInterfaces } from '../../fault-simulation/components/routers';
import { at, listOf } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { undecidedBy } from '../range';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule } from '../rule';
import { steadySizeOf } from '../sizes';

export const groupOfOneBoundToZone: Rule = {
  id: 'ASG8',
  title: 'A group of one is bound to a zone by what is attached to its instance',
  severity: 'error',
  reason: 'A volume or an interface cannot be attached in another zone: there the new instance starts without it, and without its zone '
    + 'nothing starts until somebody makes another one.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Elastic Block Store": replicated within an Availability Zone',
    'Amazon EC2 API Reference, "AttachVolume" (2026-11-20): the volume and the instance must be within the same Availability Zone',
  ],
  fix: 'Keep the data in a file system or a database of several zones, and the address in a balancer or an Elastic IP address.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Data: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: eu-west-1a, Size: 10}}
Template:
  Type: AWS::EC2::LaunchTemplate
  Properties:
    LaunchTemplateData:
      ImageId: ami-1
      UserData: {Fn::Base64: !Sub "aws ec2 attach-volume --volume-id \${Data} --device /dev/sdf"}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 1
    MaxSize: 1
    VPCZoneIdentifier: [subnet-1, subnet-2]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  good: `
Data: {Type: AWS::EFS::FileSystem}
Template:
  Type: AWS::EC2::LaunchTemplate
  Properties:
    LaunchTemplateData:
      ImageId: ami-1
      UserData: {Fn::Base64: !Sub "mount -t efs \${Data}:/ /data"}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 1
    MaxSize: 1
    VPCZoneIdentifier: [subnet-1, subnet-2]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  judge: (group, topology) => {
    const size = steadySizeOf(group, topology);
    if (size.least > 1) { return NOT_APPLICABLE; }
    const [bound] = attachedTo(group, topology).filter(one => isBound(one, topology));
    if (!bound) { return COMPLIANT; }
    return size.most > 1 ? undecidedBy(size, 'DesiredCapacity')
      : broken(`${bound.key} can be attached in ${zoneOf(bound, topology)} alone`, 'VPCZoneIdentifier');
  },
};

function attachedTo(group: Resource, topology: Topology): readonly Resource[] {
  const machine = machineOf(group, topology);
  const { attached } = needsOfMachine(group, machine, topology);
  const interfaces = listOf(machine.properties.NetworkInterfaces).map(one => at(one, 'NetworkInterfaceId'));
  return [...attached.map(({ reference }) => reference), ...interfaces].flatMap(one => topology.resource(one) ?? []);
}

/** An interface that is the way out of its own zone is meant to be there; the routes of others are the concern of other rules. */
function isBound({ key, type }: Resource, topology: Topology): boolean {
  return type === 'AWS::EC2::Volume' || (type === 'AWS::EC2::NetworkInterface' && !routedInterfaces(topology).includes(key));
}

function zoneOf({ type, properties }: Resource, topology: Topology): string {
  const place = type === 'AWS::EC2::Volume' ? topology.place(properties.AvailabilityZone)
    : topology.zoneOfSubnet(properties.SubnetId);
  return typeof place === 'string' ? nameOfZone(place) : 'its zone';
}
