import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as fc from 'fast-check';
import { fleetFrom, fleetOf, stackOf } from './fleet';
import { machineIn, start, Start } from './machine';
import {
  Bootstrap, BootstrapFile, BootstrapProps, BootstrapService, InstanceTemplate, MultiAzWebTier, WebEndpoint,
} from '../../src';
import { networkOf, shopStack } from '../helpers/network';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bootstrap-'));
const program = path.join(folder, 'shop.jar');
fs.writeFileSync(program, 'the program');
afterAll(() => fs.rmSync(folder, { recursive: true }));

const unit = '[Service]\nExecStart=/opt/shop\n[Install]\nWantedBy=multi-user.target\n';

/** One of each kind. */
const everything: BootstrapProps = {
  packages: ['nginx', 'java-21-amazon-corretto-headless'],
  files: [
    BootstrapFile.inline('/etc/nginx/conf.d/shop.conf', 'server {}\n', { mode: '0600' }),
    BootstrapFile.fromLocalFile('/opt/shop.jar', program),
  ],
  commands: ['echo hello > "$MACHINE/disk/hello"'],
  services: [BootstrapService.fromUnit('shop', unit), BootstrapService.installed('nginx')],
};

function startOf(props: BootstrapProps, stubs?: Record<string, string>, userData?: ec2.UserData): Start {
  return start(machineIn(stackOf({ bootstrap: new Bootstrap(props), userData })), stubs);
}

/** The one line on the console, and the text of the line of the script that it names. */
function expectPoweredOff({ status, calls, console }: Start, line: RegExp): void {
  expect(status).not.toBe(0);
  expect(calls.slice(-3).map(call => call.split(' ')[0])).toEqual(['tee', 'logger', 'shutdown']);
  expect(calls.at(-1)).toBe('shutdown -P now');
  expect(console).toMatch(line);
  expect(console.trim().split('\n')).toHaveLength(1);
}

describe('a bootstrap', () => {
  test('puts packages, files and the effect of commands on the machine before it starts the services', () => {
    const { status, calls, read, modeOf, console } = startOf(everything);
    expect(status).toBe(0);
    expect(calls.filter(call => !call.startsWith('install'))).toEqual([
      'dnf install --assumeyes nginx java-21-amazon-corretto-headless',
      expect.stringMatching(/^aws s3 cp s3:\/\/cdk-[\w-]+\/\w{64}\.c8\w{40} \S+ --region eu-west-1 --only-show-errors$/),
      'systemctl daemon-reload',
      'systemctl enable shop',
      'systemctl restart shop',
      'systemctl enable nginx',
      'systemctl restart nginx',
      expect.stringMatching(/^tee/),
      expect.stringMatching(/^logger/),
    ]);
    expect(read('/etc/nginx/conf.d/shop.conf')).toBe('server {}\n');
    expect(modeOf('/etc/nginx/conf.d/shop.conf')).toBe('600');
    expect(modeOf('/opt/shop.jar')).toBe('644');
    expect(read('/opt/shop.jar')).toBe('the program');
    expect(read('/etc/systemd/system/shop.service')).toBe(unit);
    expect(read('/hello')).toBe('hello\n');
    expect(console).toBe('cdk-fault-tolerance: the bootstrap is complete\n');
  });

  test.each<[string, RegExp, BootstrapProps, Record<string, string>]>([
    ['a package', /step 'packages' at line \d+ with exit status 1;/, {}, { dnf: 'exit 1' }],
    ['a file', /step 'file \/etc\/x' at line \d+ with exit status 1;/, { files: [BootstrapFile.inline('/etc/x', '', { owner: 'nobody-of-that-name' })] }, {}],
    ['what is fetched', /step 'file \/opt\/shop\.jar' at line \d+ with exit status 2;/, {}, { aws: 'exit 2' }],
    ['a command', /step 'commands' at line \d+ with exit status 1;/, { commands: ['false', 'true'] }, {}],
    ['a command in a pipeline', /step 'commands' at line \d+ with exit status 1;/, { commands: ['false | cat'] }, {}],
    ['a command that is not there', /step 'commands' at line \d+ with exit status 127;/, { commands: ['nothing-of-that-name'] }, {}],
    ['a variable that is not set', /step 'commands' at line \d+ with exit status 1;/, { commands: ['echo "$NOT_SET"'] }, {}],
    ['a command that ends the script', /step 'commands' at line \d+ with exit status 5;/, { commands: ['exit 5'] }, {}],
    ['a command with an open quote', /step 'commands' at line unknown with exit status 2;/, { commands: ['echo "'] }, {}],
    ['a command that sets a trap of its own', /step 'commands' at line \d+ with exit status 1;/, { commands: ['trap "" EXIT ERR', 'false'] }, {}],
    ['the start of a service', /step 'service shop' at line \d+ with exit status 3;/, {}, { systemctl: '[ "$1" != restart ] || exit 3' }],
  ])('powers the machine off when %s fails', (_, line, props, stubs) => {
    const started = startOf({ ...everything, ...props }, stubs);
    expectPoweredOff(started, line);
    expect(started.calls).not.toContain('systemctl restart nginx');
  });

  test('names the line that failed', () => {
    const machine = machineIn(stackOf({ bootstrap: new Bootstrap({ commands: ['true', 'false # this one', 'true'] }) }));
    const { console } = start(machine);
    const [, line] = /at line (\d+)/.exec(console)!;
    expect(machine.script.split('\n')[Number(line) - 1]).toBe('false # this one');
  });

  test('powers the machine off by force where it does not go otherwise', () => {
    expect(startOf({ commands: ['false'] }, { shutdown: 'exit 1' }).calls.at(-1)).toBe('poweroff --force');
  });

  test('does not need console or journal to power the machine off', () => {
    expect(startOf({ commands: ['false'] }, { tee: 'exit 1', logger: 'exit 1' }).calls.at(-1)).toBe('shutdown -P now');
  });

  test.each(['dnf', 'aws'])('tries again when %s fails for a while', command => {
    const twice = '[ "$(grep --count "^$(basename "$0") " "$MACHINE/calls")" -gt 2 ] || exit 1\n';
    const { status, calls } = startOf(everything, { [command]: `${twice}${command === 'aws' ? 'cp "$MACHINE/s3/${3##*/}" "$4"' : ''}` });
    expect(status).toBe(0);
    expect(calls.filter(call => call.startsWith('sleep'))).toEqual(['sleep 5', 'sleep 10']);
  });

  test.each(['# later: mount the disk', '', '\n'])('takes commands that do nothing, yet: %j', command => {
    expect(startOf({ commands: [command] }).status).toBe(0);
  });

  test('writes files to the byte, whatever stands in them', () => {
    const hostile = [
      'it\'s "quoted"', '$(touch /tmp/x) `id` ${HOME} $HOME', 'EOF\nEND\n', '\n\n', '', '\\', "'\\''", '-n', '%s %d', '!history', 'ünï — 日本 🦊', '\t\r\n', "';shutdown;'",
    ];
    const texts = fc.array(fc.string({ unit: 'binary' }).map(text => text.replaceAll('\0', '')), { minLength: 20, maxLength: 20 });
    fc.assert(fc.property(texts, random => {
      const all = [...hostile, ...random];
      const { status, read } = startOf({ files: all.map((text, i) => BootstrapFile.inline(`/etc/it's $(here) ${i}`, text)) });
      expect(status).toBe(0);
      all.forEach((text, i) => expect(read(`/etc/it's $(here) ${i}`)).toBe(text));
    }), { numRuns: 5, seed: 20261120 });
  });

  test('installs packages by their name, whatever stands in it', () => {
    const { calls, status } = startOf({ packages: ["nginx';shutdown;'", '$(shutdown)', 'nginx-1.*'] });
    expect(status).toBe(0);
    expect(calls[0]).toBe("dnf install --assumeyes nginx';shutdown;' $(shutdown) nginx-1.*");
    expect(calls).not.toContain('shutdown ');
  });

  test('writes values that are known at deployment only, whatever stands in them', () => {
    const stack = shopStack();
    const given = new CfnParameter(stack, 'Given').valueAsString;
    fleetOf({ bootstrap: new Bootstrap({ files: [BootstrapFile.inline('/etc/shop.conf', `a='${given}'\nb="${given}"\n`)] }) }, stack);
    const value = 'it\'s "this" $(shutdown) `shutdown`\nEOF & more';
    const { calls, read } = start(machineIn(stack, { Given: value }));
    expect(read('/etc/shop.conf')).toBe(`a='${value}'\nb="${value}"\n`);
    expect(calls).not.toContain('shutdown ');
  });
});

describe('user data beside a bootstrap', () => {
  test('run after it, also what is added later', () => {
    const stack = shopStack();
    const userData = ec2.UserData.forLinux();
    userData.addOnExitCommands('echo "left with $exitCode" >> "$MACHINE/disk/log"');
    const fleet = fleetOf({ bootstrap: new Bootstrap(everything), userData }, stack);
    userData.addCommands('cat "$MACHINE/disk/hello" >> "$MACHINE/disk/log"');
    fleet.autoScalingGroups[0].addUserData('echo added >> "$MACHINE/disk/log"');
    const { status, read, console } = start(machineIn(stack));
    expect(status).toBe(0);
    expect(read('/log')).toBe('hello\nadded\nleft with 0\n');
    expect(console).toMatch(/complete/);
  });

  test('fail as loudly as it, and run their own commands on exit', () => {
    const userData = ec2.UserData.forLinux();
    userData.addOnExitCommands('mkdir -p "$MACHINE/disk"', 'echo "left with $exitCode" > "$MACHINE/disk/log"');
    userData.addCommands('(exit 7)', 'true');
    const started = startOf({}, {}, userData);
    expectPoweredOff(started, /step 'userData' at line \d+ with exit status 7;/);
    expect(started.read('/log')).toBe('left with 7\n');
  });

  test('can be added where none were given', () => {
    const stack = shopStack();
    fleetOf({ bootstrap: new Bootstrap({}) }, stack).autoScalingGroups[0].addUserData('mkdir "$MACHINE/disk" && echo added > "$MACHINE/disk/log"');
    expect(start(machineIn(stack)).read('/log')).toBe('added\n');
  });
});

test('the role may read the files of the fleet in S3, of all versions, and nothing else', () => {
  const stack = stackOf({ bootstrap: new Bootstrap(everything) });
  const [key] = Object.keys(machineIn(stack).assets);
  const [policy] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
  const [, suffix] = key.split('.');
  expect(policy.Properties.PolicyDocument.Statement).toEqual([{
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::cdk-hnb659fds-assets-123456789012-eu-west-1/*.${suffix}`]] },
  }]);
  expect(key).toMatch(/^\w{64}\.c8\w{40}$/);
});

test('each of two fleets finds the file in S3 that both fetch', () => {
  const stack = shopStack();
  const files = [BootstrapFile.fromLocalFile('/etc/shop.conf', __filename)];
  const vpc = networkOf(stack);
  for (const id of ['Web', 'Api']) {
    new MultiAzWebTier(stack, id, {
      vpc,
      endpoint: WebEndpoint.internalHttp(),
      instanceTemplate: InstanceTemplate.fromAmazonLinux2023({ instanceType: new ec2.InstanceType('m7g.large'), bootstrap: new Bootstrap({ files }) }),
    });
  }
  const fetched = JSON.stringify(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate')).match(/[0-9a-f]{64}\.c8[0-9a-f]{40}/g);
  expect(new Set(fetched).size).toBe(2);
  expect(Object.keys(machineIn(stack).assets)).toEqual(expect.arrayContaining(fetched as string[]));
});

describe('InstanceTemplate.fromAmazonLinux2023', () => {
  test.each([['m7i.large', 'x86_64'], ['m7g.large', 'arm64'], ['t4g.nano', 'arm64'], ['g5g.xlarge', 'arm64'], ['g4dn.xlarge', 'x86_64']])(
    'starts %s from the stock image for %s', (type, architecture) => {
      const fleet = fleetFrom(InstanceTemplate.fromAmazonLinux2023({ instanceType: new ec2.InstanceType(type), bootstrap: new Bootstrap({}) }));
      const [image] = Object.values(Template.fromStack(Stack.of(fleet)).findParameters('*', { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' }));
      expect(image.Default).toBe(`/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-${architecture}`);
    });

  test('runs the bootstrap', () => {
    const stack = shopStack();
    fleetFrom(InstanceTemplate.fromAmazonLinux2023({ instanceType: new ec2.InstanceType('m7g.large'), bootstrap: new Bootstrap(everything) }), stack);
    expect(start(machineIn(stack)).calls).toContain('systemctl restart nginx');
  });

  test('refuses a type of which the architecture is not known', () => {
    expect(() => fleetFrom(InstanceTemplate.fromAmazonLinux2023({ instanceType: new ec2.InstanceType('u-6tb1.metal'), bootstrap: new Bootstrap({}) })))
      .toThrow("the processor architecture of 'instanceTemplate.instanceType' u-6tb1.metal is not known at synth; "
        + 'use InstanceTemplate.fromMachineImage with ec2.MachineImage.latestAmazonLinux2023({ cpuType }) [MultiAzWebTier at \'Shop/Web\']');
  });
});

test.each<[string, BootstrapProps, string]>([
  ['a relative path', { files: [BootstrapFile.inline('etc/x', '')] },
    "a path in 'bootstrap.files' is 'etc/x'; give the whole path of a file, such as /etc/shop.conf"],
  ['a path of a folder', { files: [BootstrapFile.inline('/etc/', '')] },
    "a path in 'bootstrap.files' is '/etc/'; give the whole path of a file, such as /etc/shop.conf"],
  ['a path that is given twice', { files: [BootstrapFile.inline('/x', '1'), BootstrapFile.inline('/x', '2')] }, "'bootstrap.files' has '/x' twice; give it once"],
  ['content that no script can hold', { files: [BootstrapFile.inline('/x', 'a\0b')] },
    "the content of '/x' in 'bootstrap.files' has a byte of 0, which no script can hold; keep it in a file, and give that with BootstrapFile.fromLocalFile"],
  ['a local file that is not there', { files: [BootstrapFile.fromLocalFile('/x', '/not/there')] },
    "'/not/there' in 'bootstrap.files' is no file; give the path of one; pack a folder into an archive first"],
  ['a mode in words', { files: [BootstrapFile.inline('/x', '', { mode: 'u+x' })] }, "the mode of '/x' in 'bootstrap.files' is 'u+x'; give it in octal digits, such as '0644'"],
  ['an owner that is none', { files: [BootstrapFile.inline('/x', '', { owner: 'a b' })] },
    "the owner or group of '/x' in 'bootstrap.files' is 'a b'; give the name of one user or group"],
  ['an option in place of a package', { packages: ['--nogpgcheck'] }, "a package in 'bootstrap.packages' is '--nogpgcheck'; give the name of one package in each entry"],
  ['two packages in one', { packages: ['a b'] }, "a package in 'bootstrap.packages' is 'a b'; give the name of one package in each entry"],
  ['a command that no script can hold', { commands: ['\0'] }, "'bootstrap.commands' has a byte of 0, which no script can hold; leave it out"],
  ['a service that is none', { services: [BootstrapService.installed('../shop')] },
    "a service in 'bootstrap.services' is called '../shop'; give the name of a unit, of letters, digits and :-_.\\@"],
  ['a service that is given twice', { services: [BootstrapService.installed('a'), BootstrapService.fromUnit('a', '')] }, "'bootstrap.services' has 'a' twice; give it once"],
])('a bootstrap refuses %s', (_, props, message) => {
  expect(() => stackOf({ bootstrap: new Bootstrap(props) })).toThrow(`${message} [MultiAzWebTier at 'Shop/Web']`);
});

test.each<[string, ec2.UserData]>([
  ['<powershell></powershell>', ec2.UserData.forWindows()],
  ['#cloud-config', ec2.UserData.custom('#cloud-config\nruncmd: []')],
  ['#!/usr/bin/env python3', ec2.UserData.forLinux({ shebang: '#!/usr/bin/env python3' })],
  ['Content-Type: multipart/mixed; boundary="+AWS+CDK+User+Data+Separator=="', new ec2.MultipartUserData()],
])('user data that start with %s are refused beside a bootstrap', (first, userData) => {
  expect(() => stackOf({ userData, bootstrap: new Bootstrap({}) })).toThrow(`'userData' beside 'bootstrap' starts with '${first}', which is no script for bash; `
    + "give 'userData' of ec2.UserData.forLinux(), or leave 'bootstrap' out [MultiAzWebTier at 'Shop/Web']");
});

test('a bootstrap on Windows is refused', () => {
  const machineImage = ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0123456789abcdef0' });
  expect(() => Template.fromStack(stackOf({ machineImage, bootstrap: new Bootstrap({}) })))
    .toThrow("'bootstrap' is a script in bash, which Windows does not run; give 'userData' of ec2.UserData.forWindows() in its place");
});
