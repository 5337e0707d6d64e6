import { waysTo } from '../lone-instances';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const loneInstance: Rule = {
  id: 'EC2-1',
  title: 'A lone instance is in the way of a service',
  severity: 'error',
  reason: 'With its zone, or by its own failure, the service is gone, and nothing starts another instance until somebody does.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Auto Scaling" and "Elastic IP Addresses"',
    'Fault-Tolerant Components on AWS (2019), "High Availability Through Multiple Availability Zones"',
    'Amazon EC2 User Guide, "Regions and Zones" (2026-11-20)',
  ],
  fix: 'Put it into an Auto Scaling group over two zones, behind a balancer.',
  types: ['AWS::EC2::Instance'],
  needsTopology: true,
  bad: `
Web: {Type: AWS::EC2::Instance, Properties: {ImageId: ami-1, InstanceType: m7g.large, SubnetId: subnet-1}}
Address: {Type: AWS::EC2::EIP, Properties: {Domain: vpc, InstanceId: !Ref Web}}`,
  good: `
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1, InstanceType: m7g.large}}}
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    TargetGroupARNs: [!Ref Targets]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  judge: (instance, topology) => {
    // a bastion is nobody's service
    const ways = waysTo(instance, topology).filter(({ serves }) => serves !== false);
    const [sole] = ways.filter(({ alone }) => alone).sort((one, other) => Number(other.serves ?? false) - Number(one.serves ?? false));
    if (!sole) { return ways.length > 0 ? COMPLIANT : NOT_APPLICABLE; }
    return sole.serves ? broken(`${sole.by} leads to it alone`) : undecided('whom its security groups let in is not in the template');
  },
};
