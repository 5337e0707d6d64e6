import { Finding } from './findings';

/** A finding that stands, and why. None may be about encryption, about `*` in a policy, or about access that no prop asked for by name. */
export interface Acknowledgement {
  readonly rule: string | RegExp;
  /** The end of the construct's path; for cfn-lint and our rules, of the logical id. */
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
    where: /(Instances(\/[\w-]+)?|Workers)\/ASG$/,
    reason: 'A message for each instance that comes or goes is noise; an alarm tells when fewer are in service than needed.',
  },
  {
    rule: 'AwsSolutions-S1',
    where: /AccessLogs\/Resource$/,
    reason: 'The bucket holds logs; logs on the reading of logs take one more such bucket.',
  },
  {
    rule: 'AwsSolutions-EC23',
    where: /LoadBalancer(\/SecurityGroup|SecurityGroup)\/Resource$/,
    reason: 'The prop asks for it by name: WebEndpoint.publicHttps, or another that says public.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-[\d-]+[\w-]+\/\*\.[0-9a-f]+\]$/,
    where: /InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'Each version of what the instances of one fleet start with, by the end of its name: a rollback starts the former one.',
  },
  {
    rule: 'AwsSolutions-EC26',
    where: /Instances\/ASG$/,
    reason: 'The rule fails at a mixed instances policy, in which it does not find the launch template; the volumes there are encrypted.',
  },
  {
    rule: /^AwsSolutions-CFR[123]$/,
    where: /Web\/Distribution\/Resource$/,
    reason: 'Whom the site turns away is for the user to say (attachWebAclId), as are logs besides those of the load balancer (accessLogsBucket).',
  },
  {
    rule: 'AwsSolutions-ELB2',
    where: /NetworkLoadBalancer\/Resource$/,
    reason: 'A network load balancer writes access logs of TLS alone, and this one passes on TCP.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:autoscaling:[\w-]+:\d+:autoScalingGroup:\*:autoScalingGroupName\/\*\]$/,
    where: /InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'The condition on the tag of the group narrows it down to the one; by its name, the permission would be gone before the last instances are.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    where: /Subscriptions\/\w+\/DeadLetterQueue\/Resource$/,
    reason: 'It is the dead-letter queue of a subscription to a topic; the rule knows those of queues and functions only.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    where: /Shutdown\/RunbookRole\/DefaultPolicy\/Resource$/,
    reason: 'Systems Manager knows no narrower permission to see how a command goes.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:ec2:[\w-]+:\d+:instance\/\*\]$/,
    where: /Shutdown\/RunbookRole\/DefaultPolicy\/Resource$/,
    reason: 'Which instances there will be is not known; the condition on their tag narrows it down to those of the groups.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    where: /(Resizing|Workers)\/InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'Auto Scaling knows no narrower permission to ask for the group of an instance, and CloudWatch none for metrics but the condition on their namespace.',
  },
  {
    rule: 'EVT1',
    where: /ShutdownRule[0-9A-F]{8}$/,
    reason: 'An event that is dropped costs no more than the command: the instance goes when the time of its hook is up.',
  },
  {
    rule: 'AwsSolutions-RDS11',
    where: /Database(\/Instance)?\/Resource$/,
    reason: 'Another port hides nothing; the security group says who may connect.',
  },
  {
    rule: 'AwsSolutions-RDS10',
    where: /^Shop\/Database\/Instance\/Resource$/,
    reason: 'The prop asks for it by name: RemovalPolicy.DESTROY.',
  },
  {
    rule: /^AwsSolutions-CFR[123]$/,
    where: /Failover\/Distribution\/Resource$/,
    reason: 'It serves a few static pages for as long as an outage lasts, to everybody, everywhere.',
  },
  {
    rule: 'AwsSolutions-S1',
    where: /Failover\/Bucket\/Resource$/,
    reason: 'What is in it is public, and comes from the app.',
  },
  {
    rule: /^AwsSolutions-S(2|5|10)$/,
    where: /^Shop\/Failover\/Bucket\/(Policy\/)?Resource$/,
    reason: 'The prop asks for it by name: StaticSite.publicWebsite, which S3 serves to everybody and without HTTPS.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    where: /Snapshots\/Role\/DefaultPolicy\/Resource$/,
    reason: 'EC2 knows no narrower permission to describe volumes and snapshots.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:ec2:[\w-]+:\d*:(volume|snapshot)\/\*\]$/,
    where: /Snapshots\/Role\/DefaultPolicy\/Resource$/,
    reason: 'Which volumes and snapshots there will be is not known; the conditions on their tags narrow it down.',
  },
  {
    rule: 'AwsSolutions-S1',
    where: /Files\/Resource$/,
    reason: 'Only the instances of the service read and write there, and the versions tell what they wrote.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<\w+Files\w+\.Arn>\/\*\]$/,
    where: /InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'The files of the service, all of which are its own.',
  },
  {
    rule: /^AwsSolutions-(EC23|EC28|EC29|RDS3|RDS10)$/,
    where: /^Shop\/Site\/(InstanceSecurityGroup\/Resource|Instance|Database\/Resource)$/,
    reason: 'FragileSite is public and fragile, as its name says, and goes as a whole when it is removed.',
  },
  {
    rule: /^(DNS2|EC2-1|OBS1|RDS1|RDS6|RDS7)$/,
    where: /^Site(Record|Instance|Database)[0-9A-F]{8}$/,
    reason: 'FragileSite is there for contrast: whatever fails of it takes it down.',
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::*]',
    where: /Nat\/eu-west-1\w\/Instance\/InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'EC2 knows no narrower permission to describe routes and interfaces, and CloudWatch none for metrics but the condition on their namespace.',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:ec2:[\w-]+:\d+:instance\/\*\]$/,
    where: /Nat\/eu-west-1\w\/Instance\/InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'Which instances there will be is not known; the condition on their tag narrows it down to those of the one zone.',
  },
  {
    rule: 'AwsSolutions-EC23',
    where: /Nat\/SecurityGroup\/Resource$/,
    reason: 'The rule fails at an address range that is known at deployment only; it is that of the VPC.',
  },
  {
    rule: 'AwsSolutions-EC23',
    where: /^Shop\/Nat\/UntrackedSecurityGroup\/Resource$/,
    reason: 'The prop asks for it by name: preserveConnections, for which EC2 must not track; the instances drop what nobody has asked for.',
  },
  {
    rule: 'OBS2',
    where: /(CapacityBelowNeed|UnhealthyInstances\w+|ServerErrors|Latency|NoHeadRoom|ZoneImbalance|RolloutFailed|Throttles|SystemErrors|CpuUtilization|FreeStorage|FreeableMemory|Failed)[0-9A-F]{8}$/,
    reason: 'Whom an alarm tells is for the user to say: the prop alarmTopic.',
  },
  {
    rule: /^RDS[67]$/,
    where: /^(SessionsTable|DatabaseInstance)[0-9A-F]{8}$/,
    reason: 'The prop asks for it by name: RemovalPolicy.DESTROY.',
  },
  {
    rule: 'BK1',
    where: /SnapshotsPolicy[0-9A-F]{8}$/,
    reason: 'A copy in another Region costs its storage once more, and is asked for by a prop: SnapshotCopy.',
  },
];

/** Findings in what the tests put around a construct, not in the construct. */
export const inTheFrame: readonly Acknowledgement[] = [
  {
    rule: /^(AwsSolutions-S1|S3-1)$/,
    where: /^(Shop\/Fallback\/Resource|Fallback[0-9A-F]{8})$/,
    reason: 'The bucket of the pages that stand in belongs to the user.',
  },
  {
    rule: 'OBS2',
    where: /^(Orders|Payments)[0-9A-F]{8}$/,
    reason: 'Alarms that are given to a construct belong to the user.',
  },
  {
    rule: 'W3010',
    where: /Vpc\/(Public|Private|Data)Subnet\d\/Subnet$|^(Site|Thumbnails)?Vpc(Public|Private|Data)Subnet\d/,
    reason: 'CDK writes the names of the zones into the template of a stack with a fixed environment.',
  },
  {
    rule: 'AwsSolutions-VPC7',
    where: /^Shop\/Vpc\/Resource$/,
    reason: 'The network belongs to the user; the reference architectures have theirs with flow logs.',
  },
];

/** Findings in what aws-cdk-lib itself writes: its handlers, and dependencies that it states twice. */
export const writtenByCdk: readonly Acknowledgement[] = [
  {
    rule: /^AwsSolutions-(IAM4|IAM5|L1)/,
    where: /\/Custom::CDKBucketDeployment\w+\//,
    reason: 'The handler that uploads content is made by CDK, with runtime and permissions of its choice.',
  },
  {
    rule: 'W3005',
    where: /^CustomCDKBucketDeployment\w+$/,
    reason: 'That handler depends on its role twice over, which does no harm.',
  },
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
  const concerns = (rule: string | RegExp) => typeof rule === 'string' ? rule === finding.rule : rule.test(finding.rule);
  return among.find(({ rule, where }) => concerns(rule) && where.test(finding.where));
}
