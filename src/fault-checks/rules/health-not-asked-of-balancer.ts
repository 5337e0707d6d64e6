import { Unknown } from '../../fault-simulation/template/value';
import { looksAtBalancer } from '../health';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { balancersOf } from '../serving';

export const healthNotAskedOfBalancer: Rule = {
  id: 'ASG4',
  title: 'A group behind a balancer does not ask it for the health of its instances',
  severity: 'warning',
  reason: 'An instance whose program hangs gets no more requests, but counts as healthy for EC2, so that nothing replaces it: capacity is '
    + 'lost until somebody sees it.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Elastic Load Balancing"',
    'Amazon EC2 Auto Scaling User Guide, "Health checks for instances in an Auto Scaling group" (2026-11-20)',
  ],
  fix: 'Set HealthCheckType to ELB, alone or in a list such as EBS,ELB, with a grace period.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: false,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1, subnet-2], TargetGroupARNs: [!Ref Targets]}`,
  good: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    TargetGroupARNs: [!Ref Targets]
    HealthCheckType: ELB
    HealthCheckGracePeriod: 300`,
  judge: group => {
    const { targets, open } = balancersOf(group);
    const looks = looksAtBalancer(group);
    if (targets.length === 0 && !open) { return NOT_APPLICABLE; }
    if (looks === true) { return COMPLIANT; }
    const unclear = looks instanceof Unknown ? looks : targets.length === 0 ? open : undefined;
    return unclear ? undecided(unclear.reason, 'HealthCheckType') : broken('only EC2 is asked for the health of its instances', 'HealthCheckType');
  },
};
