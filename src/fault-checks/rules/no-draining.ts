import { membersOf } from '../../fault-simulation/components/balancers';
import { asBoolean, at, firstUnknown, listOf, Properties } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { attributeOf } from '../attributes';
import { rangeOf, undecidedBy } from '../range';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const noDraining: Rule = {
  id: 'LB10',
  title: 'A target that leaves cuts off the requests under way',
  severity: 'warning',
  reason: 'Every deployment, every scaling in and every replacement of an unhealthy instance ends in errors for those who are being served.',
  sources: [
    'Elastic Load Balancing, Application Load Balancers, "Edit target group attributes for your Application Load Balancer" (2026-11-20)',
    'Elastic Load Balancing, Classic Load Balancers, "Configure connection draining for your Classic Load Balancer" (2026-11-20)',
  ],
  fix: 'Let targets finish: leave the deregistration delay at its default, or as long as the longest request; a Classic Load Balancer '
    + 'needs a ConnectionDrainingPolicy.',
  types: ['AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::ElasticLoadBalancing::LoadBalancer'],
  needsTopology: true,
  bad: `
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties:
    Protocol: HTTP
    Port: 80
    VpcId: vpc-1
    Targets: [{Id: i-1}]
    TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: '0'}]`,
  good: `
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties:
    Protocol: HTTP
    Port: 80
    VpcId: vpc-1
    Targets: [{Id: i-1}]
    TargetGroupAttributes: [{Key: deregistration_delay.timeout_seconds, Value: '30'}]`,
  judge: (balancer, topology) => balancer.type === 'AWS::ElasticLoadBalancing::LoadBalancer' ? judgeClassic(balancer.properties)
    : judgeTargets(balancer, topology),
};

function judgeTargets(group: Resource, topology: Topology): Judgement {
  const { TargetType: type, TargetGroupAttributes: attributes, Targets: targets } = group.properties;
  if (type === 'lambda') { return NOT_APPLICABLE; }
  const delay = rangeOf(attributeOf(attributes, 'deregistration_delay.timeout_seconds') ?? 300);
  if (delay.least > 0) { return COMPLIANT; }
  if (delay.most > 0) { return undecidedBy(delay, 'TargetGroupAttributes'); }
  // the group to which a listener leads by default is often there to be empty
  return membersOf(group, { topology }).length + listOf(targets).length > 0 ? broken('the deregistration delay is 0 seconds', 'TargetGroupAttributes')
    : undecided('nothing in the template is a target of it', 'TargetGroupAttributes');
}

function judgeClassic({ ConnectionDrainingPolicy: policy }: Properties): Judgement {
  const enabled = at(policy, 'Enabled');
  const open = firstUnknown([policy, enabled]);
  if (open) { return undecided(open.reason, 'ConnectionDrainingPolicy'); }
  return asBoolean(enabled) === true ? COMPLIANT : broken('connections are not drained', 'ConnectionDrainingPolicy');
}
