import { recoveryObstacle } from '../../fault-simulation/components/instance';
import { machineOf } from '../../fault-simulation/components/machine';
import { at, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { broken, COMPLIANT, Rule, undecided } from '../rule';

export const noRecovery: Rule = {
  id: 'EC2-2',
  title: 'A server in no group is not recovered from a failure of its host',
  severity: 'warning',
  reason: 'EC2 puts a server on other hardware by itself, unless that is switched off, or its disks or its type are bound to the host: '
    + 'then it is down until somebody sees it.',
  sources: [
    'Amazon EC2 User Guide, "Automatic instance recovery" and "Configure simplified automatic recovery on an Amazon EC2 instance" (2026-11-20)',
  ],
  fix: 'Leave AutoRecovery at its default and take a type without instance store; better, put it into an Auto Scaling group.',
  types: ['AWS::EC2::Instance'],
  needsTopology: true,
  bad: `
Server: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: i4i.large, SubnetId: subnet-1}}`,
  good: `
Server: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: m7i.large, SubnetId: subnet-1}}`,
  judge: (instance, topology) => {
    const { MaintenanceOptions: options = null, ...machine } = machineOf(instance, topology).properties;
    const { InstanceType: type = machine.InstanceType, LaunchTemplate: template } = instance.properties;
    const types = (type instanceof Unknown ? type.traits.among : [type ?? null]) ?? [];
    const bound = types.filter(one => recoveryObstacle({ InstanceType: one }) !== undefined);
    if (bound.length > 0 && bound.length === types.length) { return broken(`${bound.join(' or ')} is bound to its host`, 'InstanceType'); }
    // an alarm can do what is switched off
    const off = recoveryObstacle({ MaintenanceOptions: options });
    if (off && !hasRecoveryAlarm(instance, topology)) { return broken('automatic recovery is switched off', off.property); }
    const recovery = at(options, 'AutoRecovery');
    if (recovery instanceof Unknown) { return undecided(recovery.reason, 'MaintenanceOptions.AutoRecovery'); }
    if (type instanceof Unknown && (types.length === 0 || bound.length > 0)) { return undecided(type.reason, 'InstanceType'); }
    return type === undefined && template !== undefined ? undecided('how it is launched is not in the template', 'LaunchTemplate') : COMPLIANT;
  },
};

function hasRecoveryAlarm({ key }: Resource, topology: Topology): boolean {
  return topology.whoMentions(key, 'AWS::CloudWatch::Alarm')
    .some(({ properties }) => JSON.stringify(properties.AlarmActions ?? '').includes('ec2:recover'));
}
