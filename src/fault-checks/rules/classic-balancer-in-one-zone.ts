import { placesOfClassicBalancer } from '../../fault-simulation/components/balancers';
import { asBoolean, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { judgeApart } from '../cover';
import { COMPLIANT, Judgement, Rule, undecided } from '../rule';
import { judgeNodes, targetsOfClassic } from '../targets';

export const classicBalancerInOneZone: Rule = {
  id: 'LB2',
  title: 'A classic load balancer is in one zone, or has a zone without instances',
  severity: 'error',
  reason: 'With its only zone goes all of it. Where it does not balance across zones, as is the default of CloudFormation, a node without instances in its zone answers nothing but errors.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Benefits of Using Elastic Load Balancing"',
    'Classic Load Balancers guide, "Configure cross-zone load balancing for your Classic Load Balancer" (2026-11-20)',
  ],
  fix: 'Give it subnets of two zones at least, and set CrossZone to true.',
  types: ['AWS::ElasticLoadBalancing::LoadBalancer'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Balancer:
  Type: AWS::ElasticLoadBalancing::LoadBalancer
  Properties: {CrossZone: true, Subnets: [!Ref A], Listeners: [{LoadBalancerPort: '80', InstancePort: '80', Protocol: HTTP}]}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Balancer:
  Type: AWS::ElasticLoadBalancing::LoadBalancer
  Properties: {CrossZone: true, Subnets: [!Ref A, !Ref B], Listeners: [{LoadBalancerPort: '80', InstancePort: '80', Protocol: HTTP}]}`,
  judge: judgeBalancer,
};

function judgeBalancer(balancer: Resource, topology: Topology): Judgement {
  const { Subnets: subnets, AvailabilityZones: zones, CrossZone: crossZone } = balancer.properties;
  const property = subnets === undefined ? 'AvailabilityZones' : 'Subnets';
  if ((subnets ?? zones) === undefined) { return undecided(`the zones of ${balancer.key} are not given`, property); }
  const places = placesOfClassicBalancer(balancer, { topology });
  const against = judgeApart(balancer, places, property);
  if (against) { return against; }
  const keeps = crossZone instanceof Unknown ? crossZone : asBoolean(crossZone) !== true;
  const targets = targetsOfClassic(balancer, topology);
  return targets.length === 0 ? COMPLIANT : judgeNodes(keeps, places, targets, 'CrossZone');
}
