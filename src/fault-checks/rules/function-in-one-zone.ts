import { at, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { COMPLIANT, NOT_APPLICABLE, Rule } from '../rule';
import { judgeZones } from '../spread';

const SUBNETS = 'VpcConfig.SubnetIds';

export const functionInOneZone: Rule = {
  id: 'LAM1',
  title: 'A function in a network is in one zone',
  severity: 'error',
  reason: 'Lambda runs a function in all zones of the Region, but one in a network in the zones of its subnets alone: with this zone it is '
    + 'gone until somebody gives it other subnets.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Using Serverless Architectures for High Availability"',
    'AWS Lambda Developer Guide, "Resilience in AWS Lambda" (2026-11-20): subnets in multiple Availability Zones',
  ],
  fix: 'Give it subnets of two zones at least.',
  types: ['AWS::Lambda::Function'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Function:
  Type: AWS::Lambda::Function
  Properties:
    Runtime: python3.13
    Handler: index.handler
    Role: arn:aws:iam::123456789012:role/function
    Code: {ZipFile: 'def handler(event, context): pass'}
    VpcConfig: {SecurityGroupIds: [sg-1], SubnetIds: [!Ref A]}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Function:
  Type: AWS::Lambda::Function
  Properties:
    Runtime: python3.13
    Handler: index.handler
    Role: arn:aws:iam::123456789012:role/function
    Code: {ZipFile: 'def handler(event, context): pass'}
    VpcConfig: {SecurityGroupIds: [sg-1], SubnetIds: [!Ref A, !Ref B]}`,
  judge: (lambda, topology) => {
    const { VpcConfig: network } = lambda.properties;
    const subnets = network instanceof Unknown ? network : at(network, 'SubnetIds');
    const outside = subnets === undefined || (Array.isArray(subnets) && subnets.length === 0);
    return outside || isForDeployments(lambda, topology) ? NOT_APPLICABLE : judgeZones(topology.zonesOfSubnets(subnets), 2, SUBNETS) ?? COMPLIANT;
  },
};

/** What makes custom resources runs while a stack is deployed, and can wait for its zone. */
function isForDeployments({ key }: Resource, topology: Topology): boolean {
  return topology.whoMentions(key).some(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource');
}
