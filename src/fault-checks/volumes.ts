import { INSTANCE, Original, originalOf, VOLUME } from './backups';
import { machineOf } from '../fault-simulation/components/machine';
import { at, isObject, listOf, Properties, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { keysIn, Topology } from '../fault-simulation/topology';

/** What images of Amazon Linux, Ubuntu and Windows call the volume that they start from. */
const ROOTS = ['/dev/xvda', '/dev/sda1'];

/** The volumes that a machine starts with, beside the one that it starts from. */
export function dataVolumesOf(machine: Properties): readonly Properties[] {
  return listOf(machine.BlockDeviceMappings).filter(isObject).filter(mapping => isObject(mapping.Ebs) && !ROOTS.includes(String(mapping.DeviceName)));
}

/** A volume, and the instances that it is attached to: with an instance its volumes are copied. */
export function originalsOfVolume(volume: Resource, topology: Topology): readonly Original[] {
  const attached = topology.whoMentions(volume.key, 'AWS::EC2::VolumeAttachment').flatMap(({ properties }) => keysIn(properties.InstanceId));
  const holders = [...topology.whoMentions(volume.key, 'AWS::EC2::Instance'), ...attached.flatMap(key => topology.world.resource(key) ?? [])];
  return [originalOf(volume), ...holders.map(originalOf)];
}

/** The volumes that machines start with, and the machines: of an instance, a launch template or a launch configuration. */
export function originalsOfMachines(resource: Resource, topology: Topology): readonly Original[] {
  const { key, type, region, properties } = resource;
  const machine = type === 'AWS::EC2::Instance' ? machineOf(resource, topology).properties : at(properties, 'LaunchTemplateData') ?? properties;
  const specified = listOf(at(machine, 'TagSpecifications'));
  const tagsOf = (kind: string) => specified.filter(one => at(one, 'ResourceType') === kind).flatMap(one => listOf(at(one, 'Tags')));
  const open = specified.filter(one => !isObject(one));
  const groups = topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup').flatMap(group => listOf(group.properties.Tags));
  const own = type === 'AWS::EC2::Instance' ? listOf(properties.Tags) : groups;
  const passedOn: readonly Value[] = type === 'AWS::EC2::Instance' && properties.PropagateTagsToVolumeOnCreation === true ? own : [];
  return [
    { key: `volumes of ${key}`, region, kind: VOLUME, tags: [...tagsOf('volume'), ...passedOn, ...open] },
    { key, region, kind: INSTANCE, tags: [...tagsOf('instance'), ...own, ...open] },
  ];
}

/** All machines of the templates: what a launch template makes is counted there. */
export function machinesIn(topology: Topology): readonly Resource[] {
  return topology.ofType('AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration');
}

/** The machine that a resource starts, as far as it is written down in it. */
export function machineIn({ properties }: Resource): Properties {
  const data = properties.LaunchTemplateData;
  return isObject(data) ? data : properties;
}
