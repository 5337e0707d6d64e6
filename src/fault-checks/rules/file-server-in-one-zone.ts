import { COMPLIANT, NOT_APPLICABLE, Rule } from '../rule';
import { judgeSetting, valueAt } from '../settings';
import { judgeZones } from '../spread';

const CONFIGURATIONS = ['WindowsConfiguration', 'OntapConfiguration', 'OpenZFSConfiguration'];

export const fileServerInOneZone: Rule = {
  id: 'FSX1',
  title: 'A file server of FSx is in one zone',
  severity: 'error',
  reason: 'With its zone go the shares, until the zone is back or somebody restores a backup elsewhere, under another name.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon Elastic File System and Amazon FSx for Windows File Server"',
    'Amazon FSx for Windows File Server User Guide, "Availability and durability: Single-AZ and Multi-AZ file systems" (2026-11-20)',
  ],
  fix: 'Set DeploymentType to MULTI_AZ_1 or MULTI_AZ_2, with subnets of two zones.',
  types: ['AWS::FSx::FileSystem'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Shares: {Type: AWS::FSx::FileSystem, Properties: {FileSystemType: WINDOWS, StorageCapacity: 300, SubnetIds: [!Ref A], WindowsConfiguration: {ThroughputCapacity: 32}}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Shares: {Type: AWS::FSx::FileSystem, Properties: {FileSystemType: WINDOWS, StorageCapacity: 300, SubnetIds: [!Ref A, !Ref B], WindowsConfiguration: {ThroughputCapacity: 32, DeploymentType: MULTI_AZ_1, PreferredSubnetId: !Ref A}}}`,
  judge: ({ properties }, topology) => {
    const name = CONFIGURATIONS.find(one => properties[one] !== undefined);
    // Lustre is in one zone always, for data that are elsewhere too
    if (name === undefined) { return NOT_APPLICABLE; }
    const property = `${name}.DeploymentType`;
    const pair = judgeSetting(valueAt(properties, name, 'DeploymentType'), property,
      one => one === undefined ? false : typeof one === 'string' ? one.startsWith('MULTI_AZ') : undefined, 'it stands in one zone');
    return pair.compliance === 'compliant' ? judgeZones(topology.zonesOfSubnets(properties.SubnetIds), 2, 'SubnetIds') ?? COMPLIANT : pair;
  },
};
