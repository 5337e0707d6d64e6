import { placesOfBalancer, placesOfClassicBalancer, targetGroupsOf } from '../../fault-simulation/components/balancers';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { nameOfZone } from '../../fault-simulation/zones';
import { leftOut } from '../cover';
import { broken, COMPLIANT, Judgement, Rule, undecided } from '../rule';
import { targetsOf, targetsOfClassic } from '../targets';
import { worstOf } from '../worst';

export const targetsBeyondBalancer: Rule = {
  id: 'LB9',
  title: 'A load balancer is not in all zones of its targets',
  severity: 'warning',
  reason: 'Targets in a zone that the load balancer is not in get nothing, so that what seems to be there when another zone goes does no work.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Benefits of Using Elastic Load Balancing"',
    'Elastic Load Balancing guide, "How Elastic Load Balancing works": targets in a zone that is not enabled receive no traffic (2026-11-20)',
  ],
  fix: 'Give it a subnet of each zone in which targets stand.',
  types: ['AWS::ElasticLoadBalancing::LoadBalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
C: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1c, CidrBlock: 10.0.2.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [!Ref A, !Ref B]}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-1}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Balancer, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 3, MaxSize: 6, VPCZoneIdentifier: [!Ref A, !Ref B, !Ref C], TargetGroupARNs: [!Ref Targets]}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
C: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1c, CidrBlock: 10.0.2.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Subnets: [!Ref A, !Ref B, !Ref C]}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Port: 80, Protocol: HTTP, VpcId: vpc-1}}
Listener:
  Type: AWS::ElasticLoadBalancingV2::Listener
  Properties: {LoadBalancerArn: !Ref Balancer, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 3, MaxSize: 6, VPCZoneIdentifier: [!Ref A, !Ref B, !Ref C], TargetGroupARNs: [!Ref Targets]}`,
  judge: judgeBalancer,
};

function judgeBalancer(balancer: Resource, topology: Topology): Judgement {
  const isClassic = balancer.type === 'AWS::ElasticLoadBalancing::LoadBalancer';
  const places = isClassic ? placesOfClassicBalancer(balancer, { topology }) : placesOfBalancer(balancer, { topology });
  const targets = isClassic ? targetsOfClassic(balancer, topology)
    : targetGroupsOf(balancer, { topology }).flatMap(group => targetsOf(group, topology));
  return worstOf(targets.map((one): Judgement => {
    const beyond = leftOut(one.places, places);
    if (beyond === undefined) { return COMPLIANT; }
    return typeof beyond === 'string' ? broken(`targets of ${one.of} stand in ${nameOfZone(beyond)}, where it is not`, propertyOf(balancer))
      : undecided(beyond.reason, propertyOf(balancer));
  }));
}

function propertyOf({ properties }: Resource): string {
  return ['SubnetMappings', 'AvailabilityZones'].find(name => properties[name] !== undefined) ?? 'Subnets';
}
