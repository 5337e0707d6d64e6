import { Duration, Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceTemplate, ShutdownCommand } from '../../src';
import { networkOf, shopStack } from '../helpers/network';
import { refuses, tierIn, withFleet } from '../helpers/web-tier';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

describe('ShutdownCommand', () => {
  const shutdown = ShutdownCommand.run(Duration.minutes(5), 'systemctl stop shop');

  test('for as long as its hook keeps it, from the first instance on', () => {
    tierIn(withFleet({ shutdown })).template().hasResourceProperties(GROUP, {
      LifecycleHookSpecificationList: [{
        LifecycleHookName: 'shutdown', LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', HeartbeatTimeout: 360, DefaultResult: 'CONTINUE',
      }],
    });
    tierIn().template().hasResourceProperties(GROUP, { LifecycleHookSpecificationList: Match.absent() });
  });

  test('and lets it go, whatever becomes of the command', () => {
    const { template } = tierIn(withFleet({ shutdown }));
    template().hasResourceProperties('AWS::SSM::Document', {
      DocumentType: 'Automation',
      Content: {
        mainSteps: [
          Match.objectLike({
            action: 'aws:runCommand',
            onFailure: 'Continue',
            timeoutSeconds: 300,
            inputs: Match.objectLike({
              DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['systemctl stop shop'], executionTimeout: '300' },
            }),
          }),
          Match.objectLike({ action: 'aws:executeAwsApi', inputs: Match.objectLike({ Api: 'CompleteLifecycleAction', LifecycleActionResult: 'CONTINUE' }) }),
        ],
      },
    });
  });

  test('on the instances of its own groups alone', () => {
    const { stack, tier, template } = tierIn(withFleet({ shutdown }));
    const names = tier.autoScalingGroups.map(group => stack.resolve(group.autoScalingGroupName));
    template().hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { AutoScalingGroupName: names, LifecycleHookName: ['shutdown'] } },
    });
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'ssm:SendCommand', Condition: { StringEquals: { 'ssm:resourceTag/aws:autoscaling:groupName': names } } }),
          Match.objectLike({ Action: 'autoscaling:CompleteLifecycleAction', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^WebInstances'), 'AutoScalingGroupARN'] } }),
        ]),
      },
    });
  });

  test('by an event that starts the runbook, by a role for that alone', () => {
    const { template } = tierIn(withFleet({ shutdown }));
    const [[runbookId]] = Object.entries(template().findResources('AWS::SSM::Document'));
    const [rule] = Object.values(template().findResources('AWS::Events::Rule', { Properties: { Description: 'An instance is to go' } }));
    const runbook = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:eu-west-1:123456789012:automation-definition/', { Ref: runbookId }, ':$DEFAULT']] };
    expect(rule.Properties.EventPattern).toMatchObject({ 'source': ['aws.autoscaling'], 'detail-type': ['EC2 Instance-terminate Lifecycle Action'] });
    expect(rule.Properties.Targets).toEqual([{
      Id: 'Target0',
      Arn: runbook,
      RoleArn: { 'Fn::GetAtt': [expect.stringContaining('EventRole'), 'Arn'] },
      InputTransformer: {
        InputPathsMap: {
          'detail-EC2InstanceId': '$.detail.EC2InstanceId',
          'detail-AutoScalingGroupName': '$.detail.AutoScalingGroupName',
          'detail-LifecycleActionToken': '$.detail.LifecycleActionToken',
        },
        InputTemplate: '{"InstanceId":[<detail-EC2InstanceId>],"AutoScalingGroupName":[<detail-AutoScalingGroupName>],"LifecycleActionToken":[<detail-LifecycleActionToken>]}',
      },
    }]);
    const runbookRole = { 'Fn::GetAtt': [Match.stringLikeRegexp('RunbookRole'), 'Arn'] };
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'ssm:StartAutomationExecution', Resource: runbook },
          { Effect: 'Allow', Action: 'iam:PassRole', Resource: runbookRole },
        ],
      },
      Roles: [{ Ref: Match.stringLikeRegexp('EventRole') }],
    });
    template().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })] },
    });
  });

  test('by a runbook that is told of which instance, under a role that its account alone takes on', () => {
    const { template } = tierIn(withFleet({ shutdown }));
    const [[, runbook]] = Object.entries(template().findResources('AWS::SSM::Document'));
    const [run, letGo] = runbook.Properties.Content.mainSteps;
    expect(runbook.Properties).toMatchObject({ UpdateMethod: 'NewVersion', Content: { schemaVersion: '0.3' } });
    expect(runbook.Properties.Content.assumeRole).toEqual({ 'Fn::GetAtt': [expect.stringContaining('RunbookRole'), 'Arn'] });
    expect(Object.entries(runbook.Properties.Content.parameters).map(([name, value]) => [name, (value as { type: string }).type]))
      .toEqual([['InstanceId', 'String'], ['AutoScalingGroupName', 'String'], ['LifecycleActionToken', 'String']]);
    expect(run).toMatchObject({ name: 'RunCommand', inputs: { InstanceIds: ['{{ InstanceId }}'] } });
    expect(letGo).toEqual({
      name: 'LetGo',
      action: 'aws:executeAwsApi',
      isEnd: true,
      inputs: {
        Service: 'autoscaling',
        Api: 'CompleteLifecycleAction',
        AutoScalingGroupName: '{{ AutoScalingGroupName }}',
        LifecycleHookName: 'shutdown',
        LifecycleActionToken: '{{ LifecycleActionToken }}',
        LifecycleActionResult: 'CONTINUE',
      },
    });
    expect(runbook.DependsOn).toEqual([expect.stringContaining('RunbookRoleDefaultPolicy')]);
    template().hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({ Principal: { Service: 'ssm.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } })],
      },
    });
  });

  test('with no more rights than that takes', () => {
    const { stack, tier, template } = tierIn(withFleet({ shutdown }));
    const [policy] = Object.values(template().findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp('RunbookRole') }] } }));
    const arn = (...rest: string[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...rest]] });
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: arn(':ssm:eu-west-1::document/AWS-RunShellScript') },
      {
        Effect: 'Allow',
        Action: 'ssm:SendCommand',
        Resource: arn(':ec2:eu-west-1:123456789012:instance/*'),
        Condition: { StringEquals: { 'ssm:resourceTag/aws:autoscaling:groupName': [stack.resolve(tier.autoScalingGroups[0].autoScalingGroupName)] } },
      },
      { Effect: 'Allow', Action: ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:DescribeInstanceInformation'], Resource: '*' },
      { Effect: 'Allow', Action: 'autoscaling:CompleteLifecycleAction', Resource: { 'Fn::GetAtt': [expect.stringContaining('WebInstances'), 'AutoScalingGroupARN'] } },
    ]);
  });

  test('by PowerShell, and into reserved capacity for it, on Windows', () => {
    const instanceTemplate = InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('m7i.large'),
    });
    const { template } = tierIn({ ...withFleet({ shutdown, reservedCapacity: { perZone: 1 } }), instanceTemplate });
    template().hasResourceProperties('AWS::SSM::Document', {
      Content: { mainSteps: Match.arrayWith([Match.objectLike({ inputs: Match.objectLike({ DocumentName: 'AWS-RunPowerShellScript' }) })]) },
    });
    template().allResourcesProperties('AWS::EC2::CapacityReservation', { InstancePlatform: 'Windows' });
  });

  test('of two tiers in one stack each on its own instances', () => {
    const stack = shopStack();
    const vpc = networkOf(stack);
    const { tier, template } = tierIn({ stack, vpc, ...withFleet({ shutdown }) });
    const { tier: other } = tierIn({ stack, vpc, id: 'Other', ...withFleet({ shutdown }) });
    for (const { autoScalingGroups: [group] } of [tier, other]) {
      template().hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { detail: { AutoScalingGroupName: [stack.resolve(group.autoScalingGroupName)], LifecycleHookName: ['shutdown'] } },
      });
    }
    template().resourceCountIs('AWS::SSM::Document', 2);
  });

  test.each<[string, Duration, number]>([['30 seconds', Duration.seconds(30), 90], ['119 minutes', Duration.minutes(119), 7200]])('for %s and a minute', (_, time, kept) => {
    tierIn(withFleet({ shutdown: ShutdownCommand.run(time, 'sync') })).template()
      .hasResourceProperties(GROUP, { LifecycleHookSpecificationList: [Match.objectLike({ HeartbeatTimeout: kept })] });
  });

  test.each<[string, ShutdownCommand, string]>([
    ['nothing to run', ShutdownCommand.run(Duration.minutes(1)), "'fleet.shutdown.commands' has 0 entries; give 1 or more"],
    ['what Systems Manager reads otherwise', ShutdownCommand.run(Duration.minutes(1), 'docker ps --format {{.Names}}'),
      "'fleet.shutdown.commands' has 'docker ps --format {{.Names}}', in which Systems Manager takes what is in the braces for a parameter; "
      + 'put the line into a script that is in the image, and run that'],
    ['two hours', ShutdownCommand.run(Duration.hours(2), 'sync'), "'fleet.shutdown.timeout' is 7200 seconds; give whole seconds from 30 to 7140"],
    ['a time that the hook cannot be reckoned from', ShutdownCommand.run(Duration.seconds(Lazy.number({ produce: () => 60 })), 'sync'),
      "'fleet.shutdown.timeout' is not known at synth; give a duration in seconds or minutes"],
  ])('refuses %s', (_, command, message) => refuses(withFleet({ shutdown: command }), message));
});
