import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { Judgement, NOT_APPLICABLE, Rule } from '../rule';
import { balancersOf, judgeNodesFor } from '../targets';
import { worstOf } from '../worst';

export const targetGroupKeepsToZones: Rule = {
  id: 'LB4',
  title: 'A target group of an application load balancer keeps to zones, and has no target in one',
  severity: 'warning',
  reason: 'The node of a zone without targets answers 503 to everybody whom the name sends to it.',
  sources: [
    'Application Load Balancers guide, "Cross-zone load balancing for target groups" (2026-11-20)',
  ],
  fix: 'Leave load_balancing.cross_zone.enabled as the load balancer has it, or keep targets in each of its zones.',
  types: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [!Ref A, !Ref B]}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: HTTP, TargetGroupAttributes: [{Key: load_balancing.cross_zone.enabled, Value: 'false'}], VpcId: vpc-1}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Balancer, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A], TargetGroupARNs: [!Ref Targets]}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [!Ref A, !Ref B]}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: HTTP, TargetGroupAttributes: [{Key: load_balancing.cross_zone.enabled, Value: 'true'}], VpcId: vpc-1}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Balancer, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A], TargetGroupARNs: [!Ref Targets]}`,
  judge: judgeTargetGroup,
};

function judgeTargetGroup(group: Resource, topology: Topology): Judgement {
  if (group.properties.TargetType === 'lambda') { return NOT_APPLICABLE; }
  const balancers = balancersOf(group, topology).filter(({ properties: { Type: type } }) => type === undefined || type === 'application');
  return worstOf(balancers.map(balancer => judgeNodesFor(balancer, group, 'TargetGroupAttributes', topology)));
}
