import { machineOf } from '../../fault-simulation/components/machine';
import { asBoolean, at } from '../../fault-simulation/template/value';
import { isCopied } from '../backups';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { dataVolumesOf, originalsOfMachines } from '../volumes';

export const volumeDeletedWithInstance: Rule = {
  id: 'EBS2',
  title: 'A data volume is deleted with its instance, and has no backup',
  severity: 'warning',
  reason: 'Whoever terminates or replaces the server, to mend it, deletes its data.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Elastic Block Store"',
    'Amazon EC2 User Guide, "Preserve data when an instance is terminated" (2026-11-20)',
  ],
  fix: 'Set DeleteOnTermination of the volume to false, and take snapshots of it.',
  types: ['AWS::EC2::Instance'],
  needsTopology: true,
  bad: `
Server:
  Type: AWS::EC2::Instance
  Properties:
    ImageId: ami-0abcdef1234567890
    BlockDeviceMappings: [{DeviceName: /dev/sdf, Ebs: {VolumeSize: 100}}]`,
  good: `
Server:
  Type: AWS::EC2::Instance
  Properties:
    ImageId: ami-0abcdef1234567890
    BlockDeviceMappings: [{DeviceName: /dev/sdf, Ebs: {VolumeSize: 100, DeleteOnTermination: false}}]`,
  judge: (server, topology) => {
    const volumes = dataVolumesOf(machineOf(server, topology).properties);
    if (volumes.length === 0) { return NOT_APPLICABLE; }
    // EC2 deletes them unless somebody says no
    const deleted = volumes.map(volume => asBoolean(at(volume, 'Ebs', 'DeleteOnTermination') ?? true));
    if (deleted.every(one => one === false)) { return COMPLIANT; }
    const copied = isCopied(originalsOfMachines(server, topology), topology);
    if (copied === true) { return COMPLIANT; }
    if (copied === undefined || !deleted.includes(true)) { return undecided('whether the data are kept is not decided', 'BlockDeviceMappings'); }
    return broken(`${String(volumes[deleted.indexOf(true)].DeviceName)} goes with it`, 'BlockDeviceMappings');
  },
};
