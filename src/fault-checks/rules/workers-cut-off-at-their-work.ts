import { asBoolean, asNumber, asString, at, firstUnknown, listOf, referredTo, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { BACKLOG_POLICY, WORKERS } from '../examples';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { policiesOf, queuesWorkedOnBy } from '../scaling';

/** Whether a policy takes instances away; also if that is not known. */
function shrinks({ type, properties }: Resource): boolean {
  const { TargetTrackingConfiguration: tracked, StepAdjustments: steps, ScalingAdjustment: simple, AdjustmentType: kind } = properties;
  if (type === 'AWS::AutoScaling::ScheduledAction') { return true; }
  if (properties.PredictiveScalingConfiguration !== undefined) { return false; }
  if (tracked !== undefined) { return asBoolean(at(tracked, 'DisableScaleIn')) !== true; }
  return kind === 'ExactCapacity' || [simple, ...listOf(steps).map(step => at(step, 'ScalingAdjustment'))].some(change => (asNumber(change) ?? 0) < 0);
}

/** What gives an instance time to end its work, as far as it is in the templates; undefined if that is not known. */
function isProtected({ key, properties }: Resource, topology: Topology): boolean | Unknown {
  const { NewInstancesProtectedFromScaleIn: kept, LifecycleHookSpecificationList: within, TerminationPolicies: policies } = properties;
  const hooks = [...listOf(within), ...topology.whoMentions(key, 'AWS::AutoScaling::LifecycleHook').map(hook => hook.properties)];
  if (hooks.some(hook => asString(at(hook, 'LifecycleTransition'))?.endsWith('TERMINATING'))) { return true; }
  // a function of one's own may choose those that are idle
  if (asBoolean(kept) === true || listOf(policies).some(policy => referredTo(policy).length > 0 || asString(policy)?.startsWith('arn:'))) { return true; }
  return firstUnknown([kept, within, policies, ...hooks.map(hook => at(hook, 'LifecycleTransition'))]) ?? false;
}

export const workersCutOffAtTheirWork: Rule = {
  id: 'SQS7',
  title: 'A worker group scales in without protection of work in flight',
  severity: 'warning',
  reason: 'As soon as a backlog gets short, instances are ended in the middle of a message. Its work is done again after the visibility timeout, and each time counts as an attempt that failed.',
  sources: [
    'Amazon EC2 Auto Scaling User Guide, "Design your applications to gracefully handle instance termination" (2026-11-21)',
  ],
  fix: 'Give the group a lifecycle hook for termination in which a worker ends its work, or let workers protect themselves from scale-in while they have some.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `${WORKERS()}${BACKLOG_POLICY}`,
  good: `${WORKERS(`
    LifecycleHookSpecificationList:
    - {LifecycleHookName: drain, LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', HeartbeatTimeout: 120, DefaultResult: CONTINUE}`)}${BACKLOG_POLICY}`,
  judge: (group, topology) => {
    const [queue] = queuesWorkedOnBy(group, topology);
    const policy = queue && policiesOf(group, topology).find(shrinks);
    const { MinSize: least, MaxSize: most } = group.properties;
    if (!policy || (asNumber(least) !== undefined && asNumber(least) === asNumber(most))) { return NOT_APPLICABLE; }
    const safe = isProtected(group, topology);
    if (safe instanceof Unknown) { return undecided(safe.reason); }
    return safe ? COMPLIANT : broken(`${policy.key} ends instances that work on ${queue.key}, whatever they are doing`);
  },
};
