import { targetGroupsOf } from '../../fault-simulation/components/balancers';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { Judgement, NOT_APPLICABLE, Rule } from '../rule';
import { judgeNodesFor } from '../targets';
import { worstOf } from '../worst';

export const balancerZoneWithoutTargets: Rule = {
  id: 'LB3',
  title: 'A network or gateway load balancer keeps to zones, and has none to send to in one',
  severity: 'warning',
  reason: 'A node that does not balance across zones has the targets of its own zone only. Where it has none in one of its target groups it is taken out of the name, and the balancer has a zone less than its subnets promise.',
  sources: [
    'AWS re:Post Knowledge Center, "Elastic Load Balancer enabled for two Availability Zones, but one IP address in DNS" (2026-11-21)',
    'Network Load Balancers guide, "Update the Availability Zones for your Network Load Balancer": one registered target in each enabled zone (2026-11-21)',
  ],
  fix: 'Let it balance across zones (load_balancing.cross_zone.enabled), or keep targets in each of its zones.',
  types: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Subnets: [!Ref A, !Ref B]}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: TCP, VpcId: vpc-1}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Balancer, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A], TargetGroupARNs: [!Ref Targets]}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Subnets: [!Ref A, !Ref B]}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: TCP, VpcId: vpc-1}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Balancer, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref B], TargetGroupARNs: [!Ref Targets]}`,
  judge: judgeBalancer,
};

function judgeBalancer(balancer: Resource, topology: Topology): Judgement {
  const { Type: type } = balancer.properties;
  // of an application load balancer the target group decides
  if (type !== 'network' && type !== 'gateway') { return NOT_APPLICABLE; }
  const groups = targetGroupsOf(balancer, { topology });
  return worstOf(groups.map(group => judgeNodesFor(balancer, group, 'LoadBalancerAttributes', topology)));
}
