import { asBoolean, at, listOf } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { isCopied } from '../backups';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { machineIn, originalsOfMachines, originalsOfVolume } from '../volumes';

export const volumeWithoutSnapshots: Rule = {
  id: 'EBS1',
  title: 'No snapshots are taken of a volume',
  severity: 'error',
  reason: 'A volume is in one zone, and of a thousand one or two are lost in a year; without a snapshot so is what it keeps.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Elastic Block Store"',
    'Amazon EBS User Guide, "Automate backups with Amazon Data Lifecycle Manager" (2026-11-20)',
  ],
  fix: 'Give it a tag that a policy of Data Lifecycle Manager targets, or have a plan of AWS Backup select it.',
  types: ['AWS::EC2::Volume', 'AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration'],
  needsTopology: true,
  bad: `
Data: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: eu-west-1a, Size: 100}}`,
  good: `
Data: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: eu-west-1a, Size: 100, Tags: [{Key: Snapshots, Value: daily}]}}
Daily:
  Type: AWS::DLM::LifecyclePolicy
  Properties:
    Description: daily snapshots
    ExecutionRoleArn: arn:aws:iam::111122223333:role/service-role/AWSDataLifecycleManagerDefaultRole
    State: ENABLED
    PolicyDetails:
      ResourceTypes: [VOLUME]
      TargetTags: [{Key: Snapshots, Value: daily}]
      Schedules: [{Name: daily, CreateRule: {Interval: 24, IntervalUnit: HOURS}, RetainRule: {Count: 14}}]`,
  judge: (resource, topology) => {
    const isVolume = resource.type === 'AWS::EC2::Volume';
    if (!isVolume && !outlives(resource)) { return NOT_APPLICABLE; }
    const copied = isCopied(isVolume ? originalsOfVolume(resource, topology) : originalsOfMachines(resource, topology), topology);
    if (copied === true) { return COMPLIANT; }
    return copied === undefined ? undecided('whether something takes snapshots of it is not decided') : broken(isVolume ? 'nothing takes snapshots of it'
      : 'nothing takes snapshots of the volumes that it leaves', isVolume ? undefined : 'BlockDeviceMappings');
  },
};

/** Whether a volume of a machine is kept when the machine is gone, so that somebody wants what is on it. */
function outlives(resource: Resource): boolean {
  return listOf(machineIn(resource).BlockDeviceMappings).some(mapping => asBoolean(at(mapping, 'Ebs', 'DeleteOnTermination')) === false);
}
