import { asBoolean, at, firstUnknown } from '../../fault-simulation/template/value';
import { updatePolicyOf } from '../../fault-simulation/update-policy';
import { mayBeLeftOut } from '../left-out';
import { rangeOf } from '../range';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { isScaled } from '../sizes';

export const deploymentResetsSize: Rule = {
  id: 'ASG12',
  title: 'A deployment resets the size of a scaled group',
  severity: 'warning',
  reason: 'A group that has grown with its load is cut down to the DesiredCapacity that is written down, in the middle of the load, by a '
    + 'deployment that is about something else.',
  sources: ['AWS CloudFormation Template Reference, "UpdatePolicy attribute", AutoScalingScheduledAction (2026-11-20)'],
  fix: 'Leave DesiredCapacity out, or set IgnoreUnmodifiedGroupSizeProperties in the UpdatePolicy.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 8, DesiredCapacity: 2, VPCZoneIdentifier: [subnet-1, subnet-2]}}
Policy:
  Type: AWS::AutoScaling::ScalingPolicy
  Properties:
    AutoScalingGroupName: !Ref Group
    PolicyType: TargetTrackingScaling
    TargetTrackingConfiguration: {TargetValue: 50, PredefinedMetricSpecification: {PredefinedMetricType: ASGAverageCPUUtilization}}`,
  good: `
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 8, VPCZoneIdentifier: [subnet-1, subnet-2]}}
Policy:
  Type: AWS::AutoScaling::ScalingPolicy
  Properties:
    AutoScalingGroupName: !Ref Group
    PolicyType: TargetTrackingScaling
    TargetTrackingConfiguration: {TargetValue: 50, PredefinedMetricSpecification: {PredefinedMetricType: ASGAverageCPUUtilization}}`,
  judge: (group, topology) => {
    const { DesiredCapacity: desired, MaxSize: max } = group.properties;
    const scheduled = topology.whoMentions(group.key, 'AWS::AutoScaling::ScheduledAction').length > 0;
    if (!isScaled(group, topology) && !scheduled) { return NOT_APPLICABLE; }
    const policy = updatePolicyOf(group, topology);
    const ignored = at(policy, 'AutoScalingScheduledAction', 'IgnoreUnmodifiedGroupSizeProperties');
    // of its largest size a deployment takes nothing away
    if (desired === undefined || asBoolean(ignored) === true || rangeOf(desired).least >= rangeOf(max).most) { return COMPLIANT; }
    const open = firstUnknown([policy, ignored, mayBeLeftOut(group, 'DesiredCapacity')]);
    return open ? undecided(open.reason, 'DesiredCapacity')
      : broken('each deployment sets its size to what is written down, however far it was scaled', 'DesiredCapacity');
  },
};
