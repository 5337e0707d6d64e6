import { COMPLIANT, Rule } from '../rule';
import { judgeZones } from '../spread';

export const proxyInOneZone: Rule = {
  id: 'RDS9',
  title: 'A proxy of a database is in one zone',
  severity: 'error',
  reason: 'The database fails over into another zone, and nobody reaches it: the only way to it has gone with the first.',
  sources: ['Amazon RDS User Guide, "Getting started with RDS Proxy", subnets in two zones (2026-11-20)'],
  fix: 'Give it subnets of two zones at least.',
  types: ['AWS::RDS::DBProxy', 'AWS::RDS::DBProxyEndpoint'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Proxy: {Type: AWS::RDS::DBProxy, Properties: {DBProxyName: proxy, EngineFamily: MYSQL, RoleArn: 'arn:aws:iam::111122223333:role/proxy', Auth: [], VpcSubnetIds: [!Ref A]}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Proxy: {Type: AWS::RDS::DBProxy, Properties: {DBProxyName: proxy, EngineFamily: MYSQL, RoleArn: 'arn:aws:iam::111122223333:role/proxy', Auth: [], VpcSubnetIds: [!Ref A, !Ref B]}}`,
  judge: ({ properties: { VpcSubnetIds: subnets } }, topology) => judgeZones(topology.zonesOfSubnets(subnets), 2, 'VpcSubnetIds') ?? COMPLIANT,
};
