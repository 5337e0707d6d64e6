import { placesOfBalancer } from '../../fault-simulation/components/balancers';
import { keysReferredTo, listOf, Unknown } from '../../fault-simulation/template/value';
import { COMPLIANT, Rule, undecided } from '../rule';
import { judgeZones } from '../spread';
import { worstOf } from '../worst';

export const apiThatLeadsIntoOneZone: Rule = {
  id: 'API1',
  title: 'A VPC link of an API stands in one zone',
  severity: 'error',
  reason: 'The API itself is in all zones, but its only way into the network goes with one of them, and every request that takes it fails.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Regions and Availability Zones"',
    'Amazon API Gateway Developer Guide, "Set up VPC links V2 in API Gateway" (2026-11-21)',
  ],
  fix: 'Give the link, or the Network Load Balancer that it leads to, subnets of two zones at least.',
  types: ['AWS::ApiGatewayV2::VpcLink', 'AWS::ApiGateway::VpcLink'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Link: {Type: AWS::ApiGatewayV2::VpcLink, Properties: {Name: shop, SubnetIds: [!Ref A]}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Link: {Type: AWS::ApiGatewayV2::VpcLink, Properties: {Name: shop, SubnetIds: [!Ref A, !Ref B]}}`,
  judge: ({ type, properties }, topology) => {
    const { SubnetIds: subnets, TargetArns: targets } = properties;
    if (type === 'AWS::ApiGatewayV2::VpcLink') { return judgeZones(topology.zonesOfSubnets(subnets), 2, 'SubnetIds') ?? COMPLIANT; }
    if (targets instanceof Unknown) { return undecided(targets.reason, 'TargetArns'); }
    return worstOf(listOf(targets).map(target => {
      const balancer = keysReferredTo(target).flatMap(key => topology.world.resource(key) ?? []).find(one => one.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer');
      return balancer ? judgeZones(placesOfBalancer(balancer, { topology }), 2, 'TargetArns') ?? COMPLIANT
        : undecided('its load balancer is not in the template', 'TargetArns');
    }));
  },
};
