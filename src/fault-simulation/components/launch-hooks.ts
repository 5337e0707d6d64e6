import { Needs } from '../needs';
import { secondsOf } from '../recovery-times';
import { decidedBy, Why } from '../state';
import { asNumber, at, listOf, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/** For how long a launch is held back; undefined if it never succeeds. */
export function launchHookSeconds(group: Resource, needs: Needs, topology: Topology): number | undefined {
  let seconds = 0;
  for (const hook of launchHooksOf(group, topology)) {
    if (isCompleted(hook, needs, topology)) { continue; }
    if (at(hook, 'DefaultResult') !== 'CONTINUE') { return undefined; }
    seconds += asNumber(at(hook, 'HeartbeatTimeout')) ?? secondsOf('launchHook');
  }
  return seconds;
}

/** What holds back the launches of a group, by itself or in a resource beside it. */
export function launchHooksOf(group: Resource, topology: Topology): readonly Value[] {
  const beside = topology.whoMentions(group.key, 'AWS::AutoScaling::LifecycleHook').map(({ properties }) => properties);
  const within = listOf(group.properties.LifecycleHookSpecificationList);
  return [...beside, ...within].filter(hook => String(at(hook, 'LifecycleTransition')).includes('LAUNCHING'));
}

/** Whether somebody in the templates is told of a launch hook, or completes it. */
export function isCompleted(hook: Value, { completesHook }: Needs, topology: Topology): boolean {
  return at(hook, 'NotificationTargetARN') !== undefined || completesHook
    || topology.ofType('AWS::Events::Rule').some(({ properties }) => JSON.stringify(properties.EventPattern ?? '').includes('EC2 Instance-launch Lifecycle Action'));
}

/** A launch never succeeds. */
export function hookFails(group: Resource): Why {
  const decision = decidedBy(group, 'LifecycleHookSpecificationList', 'complete the launch hook, or let it end in CONTINUE');
  return { what: `${group.key} starts nothing anew`, decision };
}
