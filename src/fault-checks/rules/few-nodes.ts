import { at, firstUnknown, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Place } from '../../fault-simulation/zones';
import { anyNumber, highestOf, judgeLeast, Range, rangeOf, sumOf } from '../range';
import { broken, Judgement, Rule, undecided } from '../rule';
import { judgeZones } from '../spread';
import { worstOf } from '../worst';


export const fewNodes: Rule = {
  id: 'EKS1',
  title: 'The nodes of a Kubernetes cluster are fewer than two, or in one zone',
  severity: 'error',
  reason: 'With the only node all pods are gone until there is another one; with the only zone until somebody makes nodes elsewhere.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Building Multi-AZ Architectures to Achieve High Availability"',
    'Amazon EKS User Guide, "Simplify node lifecycle with managed node groups" (2026-11-20): across multiple Availability Zones',
  ],
  fix: 'Have two nodes at least, in subnets of two zones, or a node group in each zone.',
  types: ['AWS::EKS::Nodegroup'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Nodes:
  Type: AWS::EKS::Nodegroup
  Properties:
    ClusterName: cluster
    NodeRole: arn:aws:iam::123456789012:role/nodes
    ScalingConfig: {MinSize: 2, MaxSize: 4, DesiredSize: 2}
    Subnets: [!Ref A]`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Nodes:
  Type: AWS::EKS::Nodegroup
  Properties:
    ClusterName: cluster
    NodeRole: arn:aws:iam::123456789012:role/nodes
    ScalingConfig: {MinSize: 2, MaxSize: 4, DesiredSize: 2}
    Subnets: [!Ref A, !Ref B]`,
  judge: (nodes, topology) => {
    // a group in each zone, and small ones for something special, are one cluster
    const cluster = JSON.stringify(nodes.properties.ClusterName);
    const all = topology.ofType('AWS::EKS::Nodegroup').filter(({ properties }) => JSON.stringify(properties.ClusterName) === cluster);
    const found = (most: number) => broken(`the cluster has ${most === 0 ? 'no node' : 'one node'}`, 'ScalingConfig');
    return worstOf([
      judgePlaces(all.map(({ properties }) => topology.zonesOfSubnets(properties.Subnets))),
      judgeLeast(sumOf(all.map(sizeOf)), 2, found, 'ScalingConfig'),
    ]);
  },
};

/** A list that is not known may have any zones in it. */
function judgePlaces(lists: readonly (readonly Place[] | Unknown)[]): Judgement | undefined {
  const judged = judgeZones(lists.flatMap(one => one instanceof Unknown ? [] : one), 2, 'Subnets');
  const open = firstUnknown(lists);
  return judged && open ? undecided(open.reason, 'Subnets') : judged;
}

function sizeOf({ key, presence, properties: { ScalingConfig: scaling } }: Resource): Range {
  const [desired, min] = [at(scaling, 'DesiredSize'), at(scaling, 'MinSize')];
  if (scaling instanceof Unknown) { return anyNumber(scaling.reason); }
  if (desired === undefined && min === undefined) { return anyNumber(`how many nodes ${key} has is not in the template`); }
  const size = highestOf([rangeOf(desired ?? 0), rangeOf(min ?? 0)]);
  return presence === 'present' ? size : { ...size, least: 0, why: `a condition decides whether there is ${key}` };
}
