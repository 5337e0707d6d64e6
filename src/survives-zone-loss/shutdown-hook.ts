import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { ShutdownCommand } from './shutdown-command';
import { arnOf } from '../shared/fleet';

/** The name of the hook. */
export const SHUTDOWN_HOOK = 'shutdown';

/** For the way there and back. */
const MARGIN = Duration.minutes(1);

/** For so long the hook keeps an instance at most. */
export function hookSeconds({ timeout }: ShutdownCommand): number {
  return timeout.toSeconds() + MARGIN.toSeconds();
}

/**
 * Makes Systems Manager run a command on each instance that is to go, and then let it go.
 *
 * An event starts a runbook, so that nothing has to run on the instances but the agent of Systems Manager.
 */
export function createShutdownHook(scope: Construct, groups: AutoScalingGroup[], command: ShutdownCommand, osType?: OperatingSystemType): void {
  const hook = new Construct(scope, 'Shutdown');
  const script = osType === OperatingSystemType.WINDOWS ? 'AWS-RunPowerShellScript' : 'AWS-RunShellScript';
  const role = createRunbookRole(hook, groups, script);
  const runbook = new ssm.CfnDocument(hook, 'Runbook', {
    documentType: 'Automation',
    updateMethod: 'NewVersion',
    content: runbookOf(command, script, role.roleArn),
  });
  // the role has to be able to do it all before the first instance goes
  runbook.node.addDependency(role.node.findChild('DefaultPolicy'));
  createRule(hook, groups, runbook, role);
}

function runbookOf({ commands, timeout }: ShutdownCommand, script: string, assumeRole: string): object {
  const parameter = (description: string) => ({ type: 'String', description });
  return {
    schemaVersion: '0.3',
    description: 'Runs a command on an instance that is to go, and lets it go.',
    assumeRole,
    parameters: {
      InstanceId: parameter('The instance that is to go'),
      AutoScalingGroupName: parameter('Its group'),
      LifecycleActionToken: parameter('What stands for its going'),
    },
    mainSteps: [
      {
        name: 'RunCommand',
        action: 'aws:runCommand',
        onFailure: 'Continue',
        timeoutSeconds: timeout.toSeconds(),
        inputs: {
          DocumentName: script,
          InstanceIds: ['{{ InstanceId }}'],
          Parameters: { commands, executionTimeout: String(timeout.toSeconds()) },
        },
      },
      {
        name: 'LetGo',
        action: 'aws:executeAwsApi',
        isEnd: true,
        inputs: {
          Service: 'autoscaling',
          Api: 'CompleteLifecycleAction',
          AutoScalingGroupName: '{{ AutoScalingGroupName }}',
          LifecycleHookName: SHUTDOWN_HOOK,
          LifecycleActionToken: '{{ LifecycleActionToken }}',
          LifecycleActionResult: 'CONTINUE',
        },
      },
    ],
  };
}

/** Only these groups' instances; how a command goes can be asked of all commands only (Service Authorization Reference). */
function createRunbookRole(scope: Construct, groups: AutoScalingGroup[], script: string): iam.Role {
  const { account, partition, region } = Stack.of(scope);
  const role = new iam.Role(scope, 'RunbookRole', {
    assumedBy: new iam.ServicePrincipal('ssm.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': account } } }),
  });
  role.addToPolicy(new iam.PolicyStatement({
    actions: ['ssm:SendCommand'],
    resources: [`arn:${partition}:ssm:${region}::document/${script}`],
  }));
  role.addToPolicy(new iam.PolicyStatement({
    actions: ['ssm:SendCommand'],
    resources: [`arn:${partition}:ec2:${region}:${account}:instance/*`],
    conditions: { StringEquals: { 'ssm:resourceTag/aws:autoscaling:groupName': groups.map(group => group.autoScalingGroupName) } },
  }));
  role.addToPolicy(new iam.PolicyStatement({
    actions: ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:DescribeInstanceInformation'],
    resources: ['*'],
  }));
  role.addToPolicy(new iam.PolicyStatement({
    actions: ['autoscaling:CompleteLifecycleAction'],
    resources: groups.map(arnOf),
  }));
  return role;
}

function createRule(scope: Construct, groups: AutoScalingGroup[], runbook: ssm.CfnDocument, runbookRole: iam.Role): void {
  const definition = Stack.of(scope).formatArn({
    service: 'ssm', resource: 'automation-definition', resourceName: `${runbook.ref}:$DEFAULT`, arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  const role = new iam.Role(scope, 'EventRole', { assumedBy: new iam.ServicePrincipal('events.amazonaws.com') });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['ssm:StartAutomationExecution'], resources: [definition] }));
  runbookRole.grantPassRole(role);
  const rule = new events.Rule(scope, 'Rule', {
    description: 'An instance is to go',
    eventPattern: {
      source: ['aws.autoscaling'],
      detailType: ['EC2 Instance-terminate Lifecycle Action'],
      detail: { AutoScalingGroupName: groups.map(group => group.autoScalingGroupName), LifecycleHookName: [SHUTDOWN_HOOK] },
    },
  });
  rule.addTarget({
    bind: () => ({
      arn: definition,
      role,
      input: events.RuleTargetInput.fromObject({
        InstanceId: [events.EventField.fromPath('$.detail.EC2InstanceId')],
        AutoScalingGroupName: [events.EventField.fromPath('$.detail.AutoScalingGroupName')],
        LifecycleActionToken: [events.EventField.fromPath('$.detail.LifecycleActionToken')],
      }),
    }),
  });
}
