import { isCompleted, launchHooksOf } from '../../fault-simulation/components/launch-hooks';
import { machineOf, needsOfMachine } from '../../fault-simulation/components/machine';
import { at, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { worstOf } from '../worst';


export const launchHookWithoutCompleter: Rule = {
  id: 'ASG9',
  title: 'A launch hook that nobody completes ends in ABANDON',
  severity: 'error',
  reason: 'Each instance that is launched in the place of a lost one waits for an hour and is terminated then, so that nothing is ever replaced.',
  sources: ['Amazon EC2 Auto Scaling User Guide, "Add lifecycle hooks to your Auto Scaling group" (2026-11-20): ABANDON is the default result'],
  fix: 'Let the instance or a function complete the hook, or let it end in CONTINUE.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
    LifecycleHookSpecificationList: [{LifecycleHookName: ready, LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING'}]`,
  good: `
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
    LifecycleHookSpecificationList:
      - {LifecycleHookName: ready, LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', DefaultResult: CONTINUE, HeartbeatTimeout: 300}`,
  judge: (group, topology) => {
    const hooks = launchHooksOf(group, topology);
    const list = group.properties.LifecycleHookSpecificationList;
    const open = list instanceof Unknown ? [undecided(list.reason, 'LifecycleHookSpecificationList')] : [];
    return hooks.length + open.length === 0 ? NOT_APPLICABLE : worstOf([...hooks.map(hook => judgeHook(hook, group, topology)), ...open]);
  },
};

function judgeHook(hook: Value, group: Resource, topology: Topology): Judgement {
  const result = at(hook, 'DefaultResult');
  const machine = machineOf(group, topology);
  if (result === 'CONTINUE' || isCompleted(hook, needsOfMachine(group, machine, topology), topology)) { return COMPLIANT; }
  const property = group.properties.LifecycleHookSpecificationList === undefined ? undefined : 'LifecycleHookSpecificationList';
  if (result instanceof Unknown) { return undecided(result.reason, property); }
  if (Object.keys(machine.properties).length === 0) { return undecided('what its instances start with is not in the template', property); }
  // whoever may complete hooks may do so by a program that is not in the template
  const mayComplete = [...topology.world.resources.values()].some(({ type, properties }) => type.startsWith('AWS::IAM::')
    && /"autoscaling:(CompleteLifecycleAction|Complete\*|\*)"/i.test(JSON.stringify(properties)));
  return mayComplete ? undecided('somebody may complete its launch hook, but the template does not show that he does', property)
    : broken('nobody completes its launch hook, and it ends in ABANDON', property);
}
