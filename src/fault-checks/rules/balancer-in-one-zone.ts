import { placesOfBalancer } from '../../fault-simulation/components/balancers';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { judgeApart } from '../cover';
import { COMPLIANT, Judgement, Rule, undecided } from '../rule';

export const balancerInOneZone: Rule = {
  id: 'LB1',
  title: 'A load balancer is in one zone',
  severity: 'error',
  reason: 'With its zone go all of its nodes, and whatever stands behind them is out of reach until somebody gives it another subnet.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Benefits of Using Elastic Load Balancing"',
    'Network Load Balancers guide, "Network Load Balancers" (2026-11-20)',
    'Application Load Balancers guide, "Application Load Balancers": subnets of two zones at least (2026-11-20)',
  ],
  fix: 'Give it subnets of two zones at least.',
  types: ['AWS::ElasticLoadBalancingV2::LoadBalancer'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Subnets: [!Ref A]}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Type: network, Subnets: [!Ref A, !Ref B]}}`,
  judge: judgeBalancer,
};

function judgeBalancer(balancer: Resource, topology: Topology): Judgement {
  const { SubnetMappings: mappings, Subnets: subnets, Type: type } = balancer.properties;
  const property = mappings === undefined ? 'Subnets' : 'SubnetMappings';
  if ((mappings ?? subnets) === undefined) { return undecided(`the subnets of ${balancer.key} are not given`, property); }
  const against = judgeApart(balancer, placesOfBalancer(balancer, { topology }), property);
  // AWS refuses an application load balancer that is in one zone, whatever is given at deployment
  const isSafe = against?.compliance === 'unknown' && (type === undefined || type === 'application');
  return isSafe ? COMPLIANT : against ?? COMPLIANT;
}
