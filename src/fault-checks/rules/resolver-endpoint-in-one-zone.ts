import { COMPLIANT, NOT_APPLICABLE, Rule } from '../rule';
import { judgeZones } from '../spread';

export const resolverEndpointInOneZone: Rule = {
  id: 'REC1',
  title: 'A resolver endpoint is in one zone',
  severity: 'error',
  reason: 'With that zone no name is resolved between the networks any more, and what needs one stands still until somebody adds an address.',
  sources: [
    'Amazon Route 53 Developer Guide, "High availability for Resolver endpoints": addresses in two zones at least (2026-11-21)',
  ],
  fix: 'Give it addresses in subnets of two zones at least.',
  types: ['AWS::Route53Resolver::ResolverEndpoint'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Endpoint:
  Type: AWS::Route53Resolver::ResolverEndpoint
  Properties:
    Direction: OUTBOUND
    SecurityGroupIds: [sg-1]
    IpAddresses: [{SubnetId: !Ref A}, {SubnetId: !Ref A}]`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Endpoint:
  Type: AWS::Route53Resolver::ResolverEndpoint
  Properties:
    Direction: OUTBOUND
    SecurityGroupIds: [sg-1]
    IpAddresses: [{SubnetId: !Ref A}, {SubnetId: !Ref B}]`,
  judge: ({ properties }, topology) => properties.OutpostArn !== undefined ? NOT_APPLICABLE
    : judgeZones(topology.zonesOfMappings(properties.IpAddresses), 2, 'IpAddresses') ?? COMPLIANT,
};
