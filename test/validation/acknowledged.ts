import { Finding } from './findings';

/** A finding that stands, and why. None may be about encryption, about `*` in a policy, or about access that no prop asked for by name. */
export interface Acknowledgement {
  readonly rule: string;
  /** The end of the construct's path; for cfn-lint, of the logical id. */
  readonly where: RegExp;
  readonly reason: string;
}

export const acknowledged: readonly Acknowledgement[] = [
  {
    rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonSSMManagedInstanceCore]',
    where: /InstanceRole\/Resource$/,
    reason: 'The policy is what the agent of Systems Manager needs, and AWS keeps it up to date with the agent.',
  },
  {
    rule: 'AwsSolutions-AS3',
    where: /Instances\/ASG$/,
    reason: 'A message for each instance that comes or goes is noise; an alarm tells when fewer are in service than needed.',
  },
  {
    rule: 'AwsSolutions-S1',
    where: /AccessLogs\/Resource$/,
    reason: 'The bucket holds logs; logs on the reading of logs take one more such bucket.',
  },
  {
    rule: 'AwsSolutions-EC23',
    where: /LoadBalancer\/SecurityGroup\/Resource$/,
    reason: 'The prop asks for it by name: WebEndpoint.publicHttps.',
  },
];

/** Findings in what the tests put around a construct, not in the construct. */
export const inTheFrame: readonly Acknowledgement[] = [
  {
    rule: 'W3010',
    where: /Vpc\/(Public|Private)Subnet\d\/Subnet$|^Vpc(Public|Private)Subnet\d/,
    reason: 'CDK writes the names of the zones into the template of a stack with a fixed environment.',
  },
  {
    rule: 'AwsSolutions-VPC7',
    where: /^Shop\/Vpc\/Resource$/,
    reason: 'The network belongs to the user; FirstSite shows it with flow logs.',
  },
];

/** Findings in what aws-cdk-lib itself writes: its handlers, and dependencies that it states twice. */
export const writtenByCdk: readonly Acknowledgement[] = [
  {
    rule: 'W3005',
    where: /^Custom\w+CustomResourceProviderHandler/,
    reason: 'The handler of CDK depends on its role twice over, which does no harm.',
  },
  {
    rule: 'W3005',
    where: /ScalingPolicyRequestScaling\w+$/,
    reason: 'scaleOnRequestCount makes the policy depend on the listener twice over, which does no harm.',
  },
];

export function acknowledgementOf(finding: Finding, among: readonly Acknowledgement[]): Acknowledgement | undefined {
  return among.find(({ rule, where }) => rule === finding.rule && where.test(finding.where));
}
