import { at, firstUnknown, isObject, keysReferredTo, listOf, Text, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource, UNNAMED_REGION } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** Whether a vault is in another Region or account than the plan that copies to it. */
function isElsewhere(vault: Value | undefined, plan: Resource, topology: Topology): boolean | Unknown {
  if (vault instanceof Unknown) { return vault; }
  const [own] = keysReferredTo(vault).flatMap(key => topology.world.resource(key) ?? []).filter(({ type }) => type.startsWith('AWS::Backup::'));
  if (own) { return own.region !== plan.region; }
  const parts = typeof vault === 'string' ? [vault] : vault instanceof Text ? vault.parts : [];
  const open = new Unknown('in which Region and account its copies are, is decided at deployment');
  const [,,, region, account] = parts.map(part => typeof part === 'string' ? part : part instanceof Unknown && part.identity === 'account' ? '@' : '?').join('').split(':');
  if (region === undefined || region.includes('?') || plan.region === UNNAMED_REGION) { return open; }
  // of one's own account the number is not known
  return region !== plan.region || (account === '@' ? false : open);
}

function judgePlan(plan: Resource, topology: Topology): Judgement {
  const body = plan.properties.BackupPlan;
  const rules = at(body, 'BackupPlanRule');
  const unread = firstUnknown([body, rules]);
  if (unread) { return undecided(unread.reason, 'BackupPlan'); }
  const list = listOf(rules);
  if (list.length === 0) { return NOT_APPLICABLE; }
  // a vault that is set apart can be used from another account
  if (list.some(rule => at(rule, 'TargetLogicallyAirGappedBackupVaultArn') !== undefined)) { return COMPLIANT; }
  const copies = list.flatMap(rule => rule instanceof Unknown ? [rule] : listOf(at(rule, 'CopyActions')));
  const elsewhere = copies.map(copy => copy instanceof Unknown ? copy : isElsewhere(at(copy, 'DestinationBackupVaultArn'), plan, topology));
  if (elsewhere.includes(true)) { return COMPLIANT; }
  const open = firstUnknown(elsewhere);
  if (open) { return undecided(open.reason, 'BackupPlan.BackupPlanRule'); }
  return broken(copies.length > 0 ? 'its copies are in the same Region and account' : 'none of its rules makes a copy', 'BackupPlan.BackupPlanRule');
}

function judgeSnapshots({ properties }: Resource): Judgement {
  const { State: state, PolicyDetails: details, CrossRegionCopyTargets: targets } = properties;
  if (details instanceof Unknown) { return undecided(details.reason, 'PolicyDetails'); }
  if (state === 'DISABLED' || at(details, 'PolicyType') === 'EVENT_BASED_POLICY') { return NOT_APPLICABLE; }
  const schedules = at(details, 'Schedules');
  const copies = [targets, at(details, 'CrossRegionCopyTargets'), schedules instanceof Unknown ? schedules : undefined,
    ...listOf(schedules).map(schedule => isObject(schedule) ? schedule.CrossRegionCopyRules : schedule)];
  if (copies.some(copy => listOf(copy).some(one => !(one instanceof Unknown)))) { return COMPLIANT; }
  const open = firstUnknown(copies.flatMap(copy => listOf(copy)));
  return open ? undecided(open.reason, 'PolicyDetails.Schedules') : broken('its snapshots are in the Region of what they are of', 'PolicyDetails.Schedules');
}

export const backupsInOnePlace: Rule = {
  id: 'BK1',
  title: 'Backups are kept in one Region and account alone',
  severity: 'warning',
  reason: 'Who loses the Region loses the data and their backups together, and so does whoever loses the account to an attacker or to a mistake.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Improving Continuity with Replication Between Regions"',
    'AWS Backup Developer Guide, "Logically air-gapped vault" (2026-11-21)',
  ],
  fix: 'Let the plan or the policy copy what it takes to another Region, or to a vault of another account.',
  types: ['AWS::Backup::BackupPlan', 'AWS::DLM::LifecyclePolicy'],
  needsTopology: true,
  bad: `
Vault: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: shop}}
Daily:
  Type: AWS::Backup::BackupPlan
  Properties:
    BackupPlan:
      BackupPlanName: daily
      BackupPlanRule: [{RuleName: daily, TargetBackupVault: !Ref Vault, ScheduleExpression: cron(0 3 * * ? *)}]`,
  good: `
Vault: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: shop}}
Daily:
  Type: AWS::Backup::BackupPlan
  Properties:
    BackupPlan:
      BackupPlanName: daily
      BackupPlanRule:
      - RuleName: daily
        TargetBackupVault: !Ref Vault
        ScheduleExpression: cron(0 3 * * ? *)
        CopyActions: [{DestinationBackupVaultArn: !Sub 'arn:aws:backup:eu-central-1:\${AWS::AccountId}:backup-vault:shop'}]`,
  judge: (resource, topology) => resource.type === 'AWS::DLM::LifecyclePolicy' ? judgeSnapshots(resource) : judgePlan(resource, topology),
};
