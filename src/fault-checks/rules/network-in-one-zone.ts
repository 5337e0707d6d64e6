import { Reference } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { mayMention } from '../hidden';
import { COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { judgeZones } from '../spread';

export const networkInOneZone: Rule = {
  id: 'NET1',
  title: 'All subnets of a network are in one zone',
  severity: 'warning',
  reason: 'Nothing in the network can go on in another zone, however well each thing in it is set.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Availability Zones"',
    'Fault-Tolerant Components on AWS (2019), "High Availability Through Multiple Availability Zones"',
    'Amazon VPC User Guide, "Subnets for your VPC" (2026-11-20)',
  ],
  fix: 'Add subnets in a second zone, and give them to what is to survive.',
  types: ['AWS::EC2::VPC'],
  needsTopology: true,
  bad: `
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: !Ref Vpc}}
Other: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.1.0/24, VpcId: !Ref Vpc}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref Other]}}`,
  good: `
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: !Ref Vpc}}
Other: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: !Ref Vpc}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [!Ref A, !Ref Other]}}`,
  judge: judgeNetwork,
};

/** What AWS spreads over the subnets that it is given; a lone server, a build or a cluster for analysis is in one zone anyway. */
const SPREADS = new RegExp(`^AWS::(${[
  'AutoScaling::AutoScalingGroup', 'ECS::Service', 'EKS::\\w+', 'ElasticLoadBalancing(V2)?::LoadBalancer', 'Lambda::Function',
  '(RDS|DocDB|Neptune)::DBSubnetGroup', '(ElastiCache|MemoryDB|DAX)::SubnetGroup',
].join('|')})$`);

function judgeNetwork(network: Resource, topology: Topology): Judgement {
  const subnets = topology.whoMentions(network.key, 'AWS::EC2::Subnet');
  if (!subnets.some(({ key }) => topology.whoMentions(key).some(({ type }) => SPREADS.test(type)))) { return NOT_APPLICABLE; }
  const judged = (all: readonly Resource[]) => judgeZones(all.map(({ key }) => topology.zoneOfSubnet(new Reference(key, 'Ref'))), 2, 'CidrBlock');
  const against = judged(subnets.filter(({ presence }) => presence === 'present'));
  if (!against || !('what' in against)) { return COMPLIANT; }
  const hidden = topology.ofType('AWS::EC2::Subnet').some(subnet => mayMention(subnet, network));
  const isOpen = hidden || against.compliance === 'non-compliant' && judged(subnets)?.compliance !== 'non-compliant';
  // no property of its own decides it
  return isOpen ? undecided(`conditions decide which subnets ${network.key} has`) : { ...against, property: undefined };
}
