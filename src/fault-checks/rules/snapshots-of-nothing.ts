import { asString } from '../../fault-simulation/template/value';
import { Topology } from '../../fault-simulation/topology';
import { aimsAt, isEnabled, Original, originalsIn, selects, some } from '../backups';
import { broken, COMPLIANT, Rule, undecided } from '../rule';
import { machinesIn, originalsOfMachines } from '../volumes';

export const snapshotsOfNothing: Rule = {
  id: 'DLM1',
  title: 'A policy of backups selects nothing, or is not carried out',
  severity: 'warning',
  reason: 'Everybody takes the backups for granted until one is needed.',
  sources: [
    'Amazon EBS User Guide, "How Amazon Data Lifecycle Manager works" (2026-11-20)',
    'AWS Backup Developer Guide, "Assigning resources programmatically" (2026-11-20)',
  ],
  fix: 'Set State to ENABLED, and give the volumes, or what else there is, exactly the tag that it selects.',
  types: ['AWS::DLM::LifecyclePolicy', 'AWS::Backup::BackupSelection'],
  needsTopology: true,
  bad: `
Data: {Type: AWS::EC2::Volume, Properties: {AvailabilityZone: eu-west-1a, Size: 100, Tags: [{Key: snapshots, Value: daily}]}}
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
  judge: (policy, topology) => {
    const isSnapshots = policy.type === 'AWS::DLM::LifecyclePolicy';
    if (isSnapshots && isEnabled(policy) === false) { return broken(`its state is ${asString(policy.properties.State) ?? 'not ENABLED'}`, 'State'); }
    const taken = isSnapshots ? aimsAt : selects;
    const property = isSnapshots ? 'PolicyDetails' : 'BackupSelection';
    const all = candidatesIn(topology);
    const found = some(all.map(original => taken(policy, original)));
    if (found === true) { return isSnapshots && isEnabled(policy) === undefined ? undecided('whether it is enabled is not decided', 'State') : COMPLIANT; }
    // what is elsewhere it may select as well
    if (found === undefined || all.length === 0) { return undecided('nothing in the templates is certain to be selected by it', property); }
    return broken('nothing in the templates is selected by it', property);
  },
};

/** All that is in the templates and may be selected. */
function candidatesIn(topology: Topology): readonly Original[] {
  return topology.once('candidates for backups', () => [...originalsIn(topology), ...machinesIn(topology).flatMap(machine => originalsOfMachines(machine, topology))]);
}
