import { App, Aspects, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { fleetOf, stackOf } from './fleet';
import { machineIn, start } from './machine';
import { Bootstrap, BootstrapFile } from '../../src';
import { env, shopStack } from '../helpers/network';

/** Of that many bytes. */
function userDataOf(bytes: number): ec2.UserData {
  const userData = ec2.UserData.forLinux();
  userData.addCommands('#'.repeat(bytes - '#!/bin/bash\n'.length));
  return userData;
}

const long = '#'.repeat(16_384);

function launchTemplateIn(stack: Stack): { readonly UserData: Record<string, unknown> } {
  const [template] = Object.values(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate'));
  return template.Properties.LaunchTemplateData;
}

describe('user data of 16384 bytes', () => {
  test('stay as they are', () => {
    const stack = stackOf({ userData: userDataOf(16_384) });
    expect(launchTemplateIn(stack).UserData['Fn::Base64']).toHaveLength(16_384);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('user data of one byte more', () => {
  test('travel through S3, and run as they are', () => {
    const userData = userDataOf(16_385);
    userData.addCommands('mkdir "$MACHINE/disk"', 'echo "it\'s & \\1" > "$MACHINE/disk/log"');
    const machine = machineIn(stackOf({ userData }));
    expect(machine.script.length).toBeLessThan(2048);
    const { status, calls, read } = start(machine);
    expect(status).toBe(0);
    expect(read('/log')).toBe("it's & \\1\n");
    expect(calls).toEqual([expect.stringMatching(/^aws s3 cp s3:\/\/cdk-[\w-]+\/\w{64}\.c8\w{40} \/part-001\.fetched --region eu-west-1 --only-show-errors$/)]);
  });

  test('keep all else of the launch template, and every logical id', () => {
    const short = stackOf({ userData: userDataOf(16_384) });
    const other = stackOf({ userData: userDataOf(16_385) });
    expect(launchTemplateIn(other)).toEqual({ ...launchTemplateIn(short), UserData: expect.anything() });
    const idsIn = (stack: Stack) => Object.keys(Template.fromStack(stack).toJSON().Resources);
    expect(idsIn(other).filter(id => !id.startsWith('WebInstanceRoleDefaultPolicy'))).toEqual(idsIn(short));
  });

  test('wait for the permission to fetch them', () => {
    const template = Template.fromStack(stackOf({ userData: userDataOf(16_385) }));
    const [policy] = Object.keys(template.findResources('AWS::IAM::Policy'));
    template.hasResource('AWS::EC2::LaunchTemplate', { DependsOn: [policy, 'WebInstanceRole1878C71A'] });
  });

  test('are fetched again and again, and power the machine off when they cannot be', () => {
    const { calls, console, status } = start(machineIn(stackOf({ userData: userDataOf(16_385) })), { aws: 'exit 1' });
    expect(calls.filter(call => call.startsWith('aws'))).toHaveLength(5);
    expect(calls.at(-1)).toBe('shutdown -P now');
    expect(console).toMatch(/step 'fetch the script of the user data' at line \d+ with exit status 1;/);
    expect(status).not.toBe(0);
  });

  test('fail as they would in place, which is for them to say', () => {
    const userData = userDataOf(16_385);
    userData.addCommands('exit 3');
    const { calls, status } = start(machineIn(stackOf({ userData })));
    expect(status).toBe(3);
    expect(calls).toEqual([expect.stringMatching(/^aws/)]);
  });

  test('may be of any language', () => {
    const userData = ec2.UserData.custom('#!/usr/bin/env python3');
    userData.addCommands(long, 'import os', "os.mkdir(os.environ['MACHINE'] + '/disk')", "open(os.environ['MACHINE'] + '/disk/log', 'w').write('snake')");
    expect(start(machineIn(stackOf({ userData }))).read('/log')).toBe('snake');
  });

  test('have another key with other content, so that each version of the launch template keeps its own', () => {
    const keyOf = (text: string) => {
      const userData = userDataOf(16_385);
      userData.addCommands(text);
      return Object.keys(machineIn(stackOf({ userData })).assets)[0];
    };
    expect(keyOf('a')).toBe(keyOf('a'));
    expect(keyOf('a')).not.toBe(keyOf('b'));
    expect(keyOf('a').split('.')[1]).toBe(keyOf('b').split('.')[1]);
  });
});

describe('long user data', () => {
  test.each([false, true])('may grow after the fleet is made, also in an Aspect, where Aspects are run until nothing changes: %s', stable => {
    const stack = shopStack({ context: { '@aws-cdk/core:aspectStabilization': stable } });
    const fleet = fleetOf({ userData: ec2.UserData.forLinux() }, stack);
    fleet.autoScalingGroups[0].addUserData('mkdir "$MACHINE/disk"', long);
    Aspects.of(stack).add({
      visit: node => { if (node === fleet.launchTemplate) { fleet.launchTemplate.userData!.addCommands('echo late > "$MACHINE/disk/log"'); } },
    });
    expect(start(machineIn(stack)).read('/log')).toBe('late\n');
  });

  test('are refused when they grow after all was looked at', () => {
    const stack = shopStack();
    const fleet = fleetOf({ userData: ec2.UserData.forLinux() }, stack);
    new sqs.Queue(stack, 'Last');
    Aspects.of(stack).add({ visit: node => { if (node.node.id === 'Last') { fleet.launchTemplate.userData!.addCommands(long); } } });
    expect(() => Template.fromStack(stack)).toThrow("'userData' grew after it was looked at: add to it before the synthesis, "
      + 'or in an Aspect of the default priority on the launch template');
  });

  test('hold values that are known at deployment only, whatever stands in these', () => {
    const stack = shopStack();
    const parameter = new CfnParameter(stack, 'Given').valueAsString;
    const queue = new sqs.Queue(stack, 'Queue', { queueName: 'q' });
    const userData = ec2.UserData.forLinux();
    fleetOf({ userData }, stack);
    userData.addCommands(
      'mkdir "$MACHINE/disk"', long, "cat > \"$MACHINE/disk/log\" <<'END'",
      `${parameter}|${queue.queueUrl}|${Lazy.string({ produce: () => 'lazy' })}`, parameter, 'END');
    const value = `it's "this" & \\& $(shutdown) \`shutdown\` */${'${HOME}'} @value-0@\nEOF ünï`;
    const { read, status } = start(machineIn(stack, { Given: value, [stack.resolve(queue.queueUrl).Ref]: 'https://sqs/q' }));
    expect(status).toBe(0);
    expect(read('/log')).toBe(`${value}|https://sqs/q|lazy\n${value}\n`);
  });

  test('are the same when the app is synthesized once more', () => {
    const stack = stackOf({ userData: userDataOf(16_385) });
    const before = launchTemplateIn(stack);
    (stack.node.root as App).synth({ force: true });
    expect(launchTemplateIn(stack)).toEqual(before);
  });

  test('hold values of other stacks', () => {
    const app = new App();
    const other = new Stack(app, 'Other', { env });
    const queue = new sqs.Queue(other, 'Queue');
    const stack = new Stack(app, 'Shop', { env });
    const userData = ec2.UserData.forLinux();
    fleetOf({ userData }, stack);
    userData.addCommands(long, `echo ${queue.queueUrl}`);
    expect(JSON.stringify(launchTemplateIn(stack).UserData)).toContain('Other:ExportsOutputRefQueue');
  });

  test('come of a long bootstrap, too', () => {
    const { read, console } = start(machineIn(stackOf({ bootstrap: new Bootstrap({ files: [BootstrapFile.inline('/etc/long', long)] }) })));
    expect(read('/etc/long')).toBe(long);
    expect(console).toMatch(/complete/);
  });

  const noScript = ' bytes, of which EC2 takes 16384, and only a script that starts with #! is fetched by itself; '
    + 'keep it (for Windows as well) in S3, and fetch it from there';

  test.each<[string, () => ec2.UserData]>([
    ['of Windows', () => ec2.UserData.forWindows()],
    ['of cloud-config', () => ec2.UserData.custom('#cloud-config')],
    ['in several parts', () => {
      const parts = new ec2.MultipartUserData();
      parts.addUserDataPart(ec2.UserData.forLinux(), undefined, true);
      return parts;
    }],
  ])('%s are refused', (_, make) => {
    const userData = make();
    userData.addCommands(long);
    expect(() => Template.fromStack(stackOf({ userData }))).toThrow(noScript);
  });

  test('of values alone are refused', () => {
    const userData = ec2.UserData.forLinux();
    userData.addCommands(...Array.from({ length: 70 }, (_, i) => Fn.importValue(`Value${i}`)));
    expect(() => Template.fromStack(stackOf({ userData }))).toThrow("'userData' holds so many values that are known at deployment only that "
      + 'they alone are over the 16384 bytes of EC2; put them into a parameter, and read that at the start');
  });

  test('travel in a stack of which neither account nor Region is known', () => {
    const stack = new Stack(new App(), 'Shop');
    fleetOf({ userData: userDataOf(16_385), machineImage: ec2.MachineImage.latestAmazonLinux2023() }, stack);
    const machine = machineIn(stack, { 'AWS::AccountId': '123456789012', 'AWS::Region': 'eu-west-1' });
    expect(start(machine)).toMatchObject({ status: 0, calls: [expect.stringContaining('s3://cdk-hnb659fds-assets-123456789012-eu-west-1/')] });
  });
});
