import { mayBeLeftOut } from '../left-out';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const groupOfLaunchConfiguration: Rule = {
  id: 'ASG10',
  title: 'An Auto Scaling group is made from a launch configuration',
  severity: 'warning',
  reason: 'It knows one instance type, no new ones, and accounts made since October 2024 cannot have one: neither is there another type '
    + 'where this one is short, nor can it be made again in a new account.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Machine Images": a replacement is launched from the same image',
    'Amazon EC2 Auto Scaling User Guide, "Auto Scaling launch configurations", limitations (2026-11-20)',
  ],
  fix: 'Use a launch template.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: false,
  bad: `
Configuration: {Type: AWS::AutoScaling::LaunchConfiguration, Properties: {ImageId: ami-1, InstanceType: m5.large}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1, subnet-2], LaunchConfigurationName: !Ref Configuration}`,
  good: `
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1, InstanceType: m5.large}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}`,
  judge: group => {
    const { LaunchConfigurationName: name, InstanceId: instance, LaunchTemplate: template, MixedInstancesPolicy: policy } = group.properties;
    const open = mayBeLeftOut(group, 'LaunchConfigurationName');
    if (open) { return undecided(open.reason, 'LaunchConfigurationName'); }
    if (name !== undefined) { return broken('it takes a launch configuration', 'LaunchConfigurationName'); }
    if (instance !== undefined) { return broken('a launch configuration is made for it, after an instance', 'InstanceId'); }
    return template === undefined && policy === undefined ? NOT_APPLICABLE : COMPLIANT;
  },
};
