import { asBoolean, at, firstUnknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { updatePolicyOf } from '../../fault-simulation/update-policy';
import { highestOf, Range, rangeOf, undecidedBy } from '../range';
import { isStoodInFor } from '../routes';
import { broken, COMPLIANT, Judgement, Rule, undecided } from '../rule';
import { dutiesOf, ifServing } from '../serving';
import { guaranteedSizeOf } from '../sizes';

export const updateOfTooManyAtOnce: Rule = {
  id: 'ASG11',
  title: 'An update replaces too many instances at once',
  severity: 'warning',
  reason: 'While an update is under way the service has less than half of its instances, or none; a fault then takes what is left.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Utilize Immutable Environment Updates"',
    'AWS CloudFormation Template Reference, "UpdatePolicy attribute" (2026-11-20): MinInstancesInService is 0 by default',
    'Amazon EC2 Auto Scaling User Guide, "Instance maintenance policies" (2026-11-20)',
  ],
  fix: 'Let MinInstancesInService be one less than the group has, in batches of one; or replace by an instance refresh, with a '
    + 'MinHealthyPercentage of 90 or more.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  UpdatePolicy: {AutoScalingRollingUpdate: {MaxBatchSize: 4, WaitOnResourceSignals: true, PauseTime: PT10M}}
  Properties: {MinSize: 4, MaxSize: 8, VPCZoneIdentifier: [subnet-1, subnet-2], TargetGroupARNs: [!Ref Targets]}`,
  good: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  UpdatePolicy: {AutoScalingRollingUpdate: {MinInstancesInService: 3, WaitOnResourceSignals: true, PauseTime: PT10M}}
  Properties: {MinSize: 4, MaxSize: 8, VPCZoneIdentifier: [subnet-1, subnet-2], TargetGroupARNs: [!Ref Targets]}`,
  judge: (group, topology) => ifServing(dutiesOf(group, topology), () => {
    // nobody misses the only instance of a way out for which another one stands in
    if (isStoodInFor(group, topology)) { return COMPLIANT; }
    const policy = updatePolicyOf(group, topology);
    const rolling = at(policy, 'AutoScalingRollingUpdate');
    if (asBoolean(at(policy, 'AutoScalingReplacingUpdate', 'WillReplace')) === true) { return COMPLIANT; }
    const open = firstUnknown([policy, rolling, at(policy, 'AutoScalingInstanceRefresh'), group.properties.InstanceMaintenancePolicy]);
    if (open) { return undecided(open.reason, 'UpdatePolicy'); }
    // without a policy CloudFormation replaces nothing
    return rolling === undefined ? judgeRefresh(group, policy)
      : judgeRolling(rolling, guaranteedSizeOf(group, topology), topology.needOf(group)?.count ?? 0);
  }),
};

function judgeRolling(rolling: Value, size: Range, needed: number): Judgement {
  const keeps = rangeOf(at(rolling, 'MinInstancesInService') ?? 0);
  const batch = rangeOf(at(rolling, 'MaxBatchSize') ?? 1);
  const possible = sizesIn(size);
  const tooFew = (left: number, one: number) => left < Math.max(one / 2, needed);
  const always = possible.every(one => tooFew(Math.max(keeps.most, one - batch.least), one));
  const ever = possible.some(one => tooFew(Math.max(keeps.least, one - batch.most), one));
  if (!ever) { return COMPLIANT; }
  const [first] = possible;
  const left = Math.max(0, keeps.most, first - batch.least);
  const what = first === 1 ? 'its only instance is stopped before there is another one'
    : `of ${first} instances ${left === 0 ? 'none' : left} stay in service`;
  return always ? broken(what, 'UpdatePolicy') : undecidedBy(highestOf([size, keeps, batch]), 'UpdatePolicy');
}

/** The sizes at which a policy is tried; of any that are possible the first ones. */
function sizesIn({ least, most }: Range): readonly number[] {
  const first = Math.max(1, least);
  return Array.from({ length: Math.max(0, Math.min(most - first + 1, 50)) }, (_, index) => first + index);
}

/** An instance refresh keeps 90 % of the instances at least, or what is said there, or in the policy of the group. */
function judgeRefresh({ properties }: Resource, policy: Value): Judgement {
  const own = at(policy, 'AutoScalingInstanceRefresh', 'Preferences', 'MinHealthyPercentage');
  const kept = rangeOf(own ?? at(properties.InstanceMaintenancePolicy, 'MinHealthyPercentage') ?? 90);
  const property = own === undefined ? 'InstanceMaintenancePolicy.MinHealthyPercentage' : 'UpdatePolicy';
  // -1 stands for none of its own
  if (kept.least >= 50 || kept.most < 0) { return COMPLIANT; }
  return kept.most < 50 ? broken(`${kept.most} % of its instances stay in service`, property) : undecidedBy(kept, property);
}
