import { membersOf, TARGETS } from '../../fault-simulation/components/balancers';
import { at, firstUnknown, listOf, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { mayMention } from '../hidden';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const singleTarget: Rule = {
  id: 'LB8',
  title: 'A target group has a single target',
  severity: 'error',
  reason: 'The load balancer stands in several zones, and one machine behind it in one: with that, or its zone, the service is gone until somebody registers another.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Elastic Load Balancing"',
    'Fault-Tolerant Components on AWS (2019), "Benefits of Using Elastic Load Balancing"',
    'Elastic Load Balancing guide, "Target groups for your Application Load Balancers" (2026-11-20)',
  ],
  fix: 'Register targets in two zones, or let an Auto Scaling group or an ECS service do it.',
  types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
  needsTopology: true,
  bad: `
Server: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.micro, SubnetId: subnet-1}}
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-1, Targets: [{Id: !Ref Server}]}`,
  good: `
Server: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.micro, SubnetId: subnet-1}}
Other: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: t3.micro, SubnetId: subnet-2}}
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-1, Targets: [{Id: !Ref Server}, {Id: !Ref Other}]}`,
  judge: judgeTargetGroup,
};

function judgeTargetGroup(group: Resource, topology: Topology): Judgement {
  const { Targets: targets, TargetType: type } = group.properties;
  const all = listOf(targets);
  // a function is in every zone, and so is a load balancer behind another
  if (all.length === 0 || type === 'lambda' || type === 'alb') { return NOT_APPLICABLE; }
  if (membersOf(group, { topology }).length > 0) { return COMPLIANT; }
  const hidden = topology.ofType(...TARGETS).flatMap(member => mayMention(member, group) ?? []);
  const open = firstUnknown([...all, type, ...hidden]);
  // one machine may be registered with several ports
  const machines = new Set(all.filter(target => target !== open).map(target => JSON.stringify(at(target, 'Id'))));
  if (machines.size > 1) { return COMPLIANT; }
  if (open) { return undecided(open.reason, 'Targets'); }
  // an address elsewhere may be one that moves between machines
  const isElsewhere = all.some(target => at(target, 'AvailabilityZone') === 'all' || at(target, 'AvailabilityZone') instanceof Unknown);
  return isElsewhere ? undecided(`what answers at the only target of ${group.key} is outside of the network`, 'Targets')
    : broken('one machine is registered, and nothing registers others', 'Targets');
}
