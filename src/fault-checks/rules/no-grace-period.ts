import { launchHooksOf } from '../../fault-simulation/components/launch-hooks';
import { Unknown } from '../../fault-simulation/template/value';
import { looksAtBalancer } from '../health';
import { rangeOf, undecidedBy } from '../range';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const noGracePeriod: Rule = {
  id: 'ASG5',
  title: 'A balancer may have instances replaced before they are ready',
  severity: 'warning',
  reason: 'An instance that still boots fails the check of its balancer and is replaced by one that does the same: after a fault the group '
    + 'never comes back. A default warm-up does not hinder that.',
  sources: [
    'Amazon EC2 Auto Scaling User Guide, "Set the health check grace period for an Auto Scaling group" (2026-11-20): 0 by default outside '
      + 'of the console',
  ],
  fix: 'Set HealthCheckGracePeriod to longer than an instance takes to boot and to pass its first check, or hold it back by a launch hook '
    + 'till it is ready.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1, subnet-2], HealthCheckType: ELB}`,
  good: `
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1, subnet-2], HealthCheckType: ELB, HealthCheckGracePeriod: 300}`,
  judge: (group, topology) => {
    const looks = looksAtBalancer(group);
    if (looks === false) { return NOT_APPLICABLE; }
    const grace = rangeOf(group.properties.HealthCheckGracePeriod ?? 0);
    // what a hook holds back is not in service yet, so that nobody checks it
    if (grace.least > 0 || launchHooksOf(group, topology).length > 0) { return COMPLIANT; }
    if (looks instanceof Unknown) { return undecided(looks.reason, 'HealthCheckType'); }
    return grace.most > 0 ? undecidedBy(grace, 'HealthCheckGracePeriod') : broken('it has no grace period', 'HealthCheckGracePeriod');
  },
};
