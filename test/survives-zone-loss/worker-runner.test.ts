import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  Bootstrap, CommandRunnerOptions, InstanceTemplate, MachineImageTemplateProps, SqsWorkerFleet, SqsWorkerFleetProps, WorkerRunner, WorkerScaling,
  WorkQueue,
} from '../../src';
import { networkOf, shopStack } from '../helpers/network';
import { machineIn, Start, start } from '../launch-templates/machine';

type Setting = Partial<SqsWorkerFleetProps> & { readonly stack?: Stack; readonly instance?: Partial<MachineImageTemplateProps> };

/** A fleet whose runner starts /opt/resize, and takes at most two minutes for a message. */
function fleetIn({ stack = shopStack(), instance, ...props }: Setting = {}) {
  const fleet = new SqsWorkerFleet(stack, 'Fleet', {
    vpc: networkOf(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('c7i.large'),
      ...instance,
    }),
    maxProcessingTime: Duration.minutes(2),
    runner: WorkerRunner.command(['/opt/resize']),
    ...props,
  });
  return { stack, fleet, template: () => Template.fromStack(stack) };
}

const CONFIGURATION = '/etc/cdk-fault-tolerance/worker-runner.json';
const ENVIRONMENT = '/etc/cdk-fault-tolerance/worker-runner.env';
const UNIT = '/etc/systemd/system/worker-runner.service';
const GROUP = 'AWS::AutoScaling::AutoScalingGroup';
const QUEUE = 'AWS::SQS::Queue';
const ALARM = 'AWS::CloudWatch::Alarm';

/** What CloudFormation knows at deployment: here, of each thing its name. */
const DEPLOYED = new Proxy<Record<string, string>>({}, { has: () => true, get: (_, name: string) => name });

/** The start of a worker, without a folder or a user on this machine. */
function startOf(setting: Setting = {}, stubs: Record<string, string> = {}, values = DEPLOYED): Start {
  return start(machineIn(fleetIn(setting).stack, values), {
    mkdir: 'exec /bin/mkdir --parents "$MACHINE/disk${!#}"',
    curl: '',
    id: 'echo 994',
    useradd: '',
    python3: '/usr/bin/python3 "${@:1:$#-1}" "$MACHINE/disk${!#}"',
    rm: 'exec /bin/rm "$@"',
    ...stubs,
  });
}

const configurationOf = (setting: Setting = {}) => JSON.parse(startOf(setting).read(CONFIGURATION));
const command = (options: CommandRunnerOptions) => ({ runner: WorkerRunner.command(['/opt/resize'], options) });

describe('a worker with a runner', () => {
  test('has programs, configuration and a user in place before the runner starts', () => {
    const { status, calls, console, read, modeOf } = startOf({}, { id: '[ "$1" = --user ] && grep --quiet ^useradd "$MACHINE/calls" && echo 994' });
    expect(console).toContain('the bootstrap is complete');
    expect(status).toBe(0);
    expect(calls.filter(call => /^(aws|useradd|systemctl|curl)/.test(call))).toEqual([
      'useradd --system --no-create-home --shell /usr/sbin/nologin worker-runner',
      expect.stringMatching(/^aws s3 cp s3:\/\/cdk-hnb659fds-assets-123456789012-eu-west-1\/[0-9a-f]{64}\.c8[0-9a-f]{40} \/tmp\.\w+ --region eu-west-1 --only-show-errors$/),
      'systemctl daemon-reload',
      'systemctl enable worker-runner.service',
      'systemctl restart worker-runner.service',
      ...Array(2).fill('curl --silent --output /dev/null --max-time 2 http://127.0.0.1:8643/healthz'),
    ]);
    expect(read('/opt/cdk-fault-tolerance/worker-runner/worker_runner/__main__.py')).toBeTruthy();
    expect(read('/opt/cdk-fault-tolerance/common/aws_api/client.py')).toBeTruthy();
    expect(modeOf(CONFIGURATION)).toBe('644');
  });

  test('whose image has a stricter umask lets the user read what is there for it', () => {
    const { script, assets } = machineIn(fleetIn().stack, DEPLOYED);
    expect(script.indexOf('umask 022')).toBeGreaterThan(0);
    expect(script.indexOf('umask 022')).toBeLessThan(script.indexOf('mkdir --parents'));
    expect(Object.keys(assets)).toHaveLength(1);
  });

  test('has a unit that starts the runner again when it fails, not when it is done or misconfigured', () => {
    const unit = startOf().read(UNIT);
    expect(unit.split('\n')).toEqual(expect.arrayContaining([
      'StartLimitIntervalSec=0',
      'User=worker-runner',
      'Environment=PYTHONPATH=/opt/cdk-fault-tolerance/common:/opt/cdk-fault-tolerance/worker-runner',
      'ExecStart=/usr/bin/python3 -m worker_runner /etc/cdk-fault-tolerance/worker-runner.json',
      'Restart=on-failure',
      'RestartPreventExitStatus=78',
      'KillMode=mixed',
      'TimeoutStopSec=120',
      'OOMPolicy=continue',
      'NoNewPrivileges=yes',
      'WantedBy=multi-user.target',
    ]));
  });

  test('has 30 seconds more to stop than the runner takes', () => {
    const setting = { maxProcessingTime: Duration.seconds(20) };
    expect(configurationOf(setting).stopSeconds).toBe(20);
    expect(startOf(setting).read(UNIT)).toContain('\nTimeoutStopSec=50\n');
  });

  test('powers itself off, to be replaced, when the runner does not answer for four minutes', () => {
    const { status, calls, console } = startOf({}, { curl: 'exit 7' });
    expect(status).not.toBe(0);
    expect(calls.filter(call => call.startsWith('sleep'))).toHaveLength(48);
    expect(calls).toContain('shutdown -P now');
    expect(console).toContain("failed in the step 'the answer of worker-runner.service'");
  });

  test.each<[string, Setting, Record<string, string>, string]>([
    ['S3', {}, { aws: 'exit 1' }, 'the programs of worker-runner'],
    ['the user that it is to be', command({ user: 'resize' }), { id: 'exit 1' }, 'the user of worker-runner: resize'],
    ['a user who is not root by another name', command({ user: 'toor' }), { id: 'echo 0' }, 'the user of worker-runner: toor'],
  ])('powers itself off without %s', (_, setting, stubs, step) => {
    const { calls, console } = startOf(setting, stubs);
    expect(console).toContain(`failed in the step '${step}'`);
    expect(calls).toContain('shutdown -P now');
    expect(calls.filter(call => call.startsWith('systemctl'))).toEqual([]);
  });

  test('powers itself off when it has no Python, as the name of the step says', () => {
    const machine = machineIn(fleetIn().stack, DEPLOYED);
    const { console } = start({ ...machine, script: machine.script.replace('/usr/bin/python3 -c', '/usr/bin/no-python3 -c') });
    expect(console).toContain("failed in the step 'what worker-runner takes: aws, curl, and /usr/bin/python3 of 3.9 or newer'");
  });

  test('makes no user where one is given', () => {
    const { status, calls, read } = startOf(command({ user: 'resize' }));
    expect(status).toBe(0);
    expect(calls.filter(call => call.startsWith('useradd'))).toEqual([]);
    expect(read(UNIT)).toContain('\nUser=resize\n');
  });

  describe('starts it', () => {
    const orderOf = (instance: Partial<MachineImageTemplateProps>) => {
      const { script } = machineIn(fleetIn({ instance }).stack, DEPLOYED);
      const place = (text: string) => script.indexOf(text);
      return ['echo bootstrap', 'echo user', 'systemctl restart \'worker-runner.service\'', 'the bootstrap is complete'].map(place);
    };
    const userData = () => { const made = ec2.UserData.forLinux(); made.addCommands('echo user'); return made; };
    const bootstrap = new Bootstrap({ commands: ['echo bootstrap'] });

    test('after a bootstrap and the user data', () => {
      const places = orderOf({ bootstrap, userData: userData() });
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places).not.toContain(-1);
    });

    test.each<[string, Partial<MachineImageTemplateProps>, number[]]>([
      ['after user data alone', { userData: userData() }, [0]],
      ['after a bootstrap alone', { bootstrap }, [1]],
      ['where there is neither', {}, [0, 1]],
    ])('%s', (_, instance, missing) => {
      const places = orderOf(instance);
      expect(places.flatMap((place, index) => place < 0 ? [index] : [])).toEqual(missing);
      const there = places.filter(place => place >= 0);
      expect(there).toEqual([...there].sort((a, b) => a - b));
    });

    test('after what is added to the user data later, whose failure powers the instance off', () => {
      const given = ec2.UserData.forLinux();
      const { stack, fleet } = fleetIn({ instance: { userData: given } });
      given.addCommands('echo later');
      fleet.autoScalingGroup.addUserData('false');
      const machine = machineIn(stack, DEPLOYED);
      expect(machine.script.indexOf('echo later')).toBeLessThan(machine.script.indexOf('umask 022'));
      const { calls, console } = start(machine);
      expect(console).toContain("failed in the step 'userData'");
      expect(calls.filter(call => call.startsWith('systemctl'))).toEqual([]);
    });

    test('also where the user data are too long for EC2', () => {
      const long = ec2.UserData.forLinux();
      long.addCommands(`: ${'#'.repeat(16_400)}`);
      const stack = shopStack();
      fleetIn({ stack, instance: { userData: long }, ...command({ environment: { BUCKET: new CfnParameter(stack, 'Bucket').valueAsString } }) });
      const machine = machineIn(stack, DEPLOYED);
      expect(machine.script).toContain('fetch the script of the user data');
      expect(Object.values(machine.assets).some(content => content.includes('systemctl restart \'worker-runner.service\''))).toBe(true);
    });
  });

  test('gives the variables to the work, whatever stands in them', () => {
    const stack = shopStack();
    const given = new CfnParameter(stack, 'Given').valueAsString;
    const hostile = 'it\'s "quoted" $(shutdown) `shutdown` $HOME ${HOME} \\ \\n % %h #;\nsecond=line\n\ttab 日本';
    const environment = { EMPTY: '', PLAIN: 'eu', HOSTILE: hostile, GIVEN: given, MIXED: `s3://${given}/"x"` };
    const values = new Proxy<Record<string, string>>({}, { has: () => true, get: (_, name: string) => name === 'Given' ? hostile : name });
    const { status, calls, read, modeOf } = startOf({ stack, ...command({ environment }) }, {}, values);
    expect(status).toBe(0);
    expect(calls).not.toContain('shutdown ');
    expect(modeOf(ENVIRONMENT)).toBe('600');
    expect(variablesIn(read(ENVIRONMENT))).toEqual({ EMPTY: '', PLAIN: 'eu', HOSTILE: hostile, GIVEN: hostile, MIXED: `s3://${hostile}/"x"` });
    expect(read(UNIT)).toContain(`\nEnvironmentFile=${ENVIRONMENT}\n`);
  });

  test('gives none where there are none', () => {
    expect(startOf().read(ENVIRONMENT)).toBe('');
  });
});

/** systemd reads double quotes as a shell does, in which a backslash quotes ", \, ` and $ (systemd.exec, EnvironmentFile). */
function variablesIn(file: string): Record<string, string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'variables-'));
  try {
    fs.writeFileSync(path.join(folder, 'env'), file);
    const all = execFileSync('/bin/bash', ['--norc', '-c', `set -a; . ${folder}/env; exec /usr/bin/env --null`], { encoding: 'utf8', env: {} });
    const pairs = all.split('\0').filter(Boolean).map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
    return Object.fromEntries(pairs.filter(([name]) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name)));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

describe('the configuration of the runner', () => {
  test('says what it takes from where, and whom it tells', () => {
    const { stack, fleet } = fleetIn();
    expect(configurationOf()).toEqual({
      region: 'eu-west-1',
      queueUrl: stack.resolve(fleet.queue.queueUrl).Ref,
      concurrency: 1,
      visibilitySeconds: 60,
      maxProcessingSeconds: 120,
      stopSeconds: 90,
      backoff: { firstSeconds: 30, longestSeconds: 600 },
      handler: { type: 'command', command: ['/opt/resize'] },
      logOutput: false,
      // no name of the group, which is made from this
      autoScaling: { hook: 'drain', hookTimeoutSeconds: 120, protectAfterSeconds: 60 },
      healthPort: 8643,
      metrics: { namespace: 'CdkFaultTolerance/SqsWorkerFleet', dimensions: { Fleet: 'Shop/Fleet' } },
    });
  });

  test('has the options', () => {
    const runner = WorkerRunner.http('http://localhost:8080/work?fast', {
      concurrency: 16, logOutput: true, firstBackoff: Duration.minutes(20), user: 'app',
    });
    expect(configurationOf({ runner })).toMatchObject({
      concurrency: 16,
      logOutput: true,
      backoff: { firstSeconds: 1200, longestSeconds: 1200 },
      handler: { type: 'http', url: 'http://localhost:8080/work?fast' },
    });
    expect(configurationOf(command({ firstBackoff: Duration.seconds(1), longestBackoff: Duration.seconds(1) })).backoff)
      .toEqual({ firstSeconds: 1, longestSeconds: 1 });
  });

  test('hands arguments over as they are, also such as are known at deployment only', () => {
    const stack = shopStack();
    const bucket = new CfnParameter(stack, 'Bucket').valueAsString;
    const words = ['/opt/resize', '--to', `s3://${bucket}/"x y"`, '$(id)', "it's", ''];
    const { handler } = configurationOf({ stack, runner: WorkerRunner.command(words) });
    expect(handler.command).toEqual(['/opt/resize', '--to', 's3://Bucket/"x y"', '$(id)', "it's", '']);
  });

  test.each([[1, 30], [30, 30], [45, 45], [60, 60], [43_200, 60]])('hides a message, of work of %d seconds, for %d at a time', (seconds, visibility) => {
    const setting = { maxProcessingTime: Duration.seconds(seconds) };
    const { fleet, template } = fleetIn(setting);
    expect(fleet.visibilityTimeout.toSeconds()).toBe(visibility);
    template().hasResourceProperties(QUEUE, { VisibilityTimeout: visibility });
    expect(configurationOf(setting).visibilitySeconds).toBe(visibility);
  });

  test('hides a message for as long as is said, which may be shorter than the work', () => {
    const queue = WorkQueue.standard({ visibilityTimeout: Duration.seconds(10) });
    expect(configurationOf({ queue }).visibilitySeconds).toBe(10);
    fleetIn({ queue }).template().hasResourceProperties(QUEUE, { VisibilityTimeout: 10 });
  });

  test('has work that takes longer than a minute, and only such, protect the instance', () => {
    expect(configurationOf({ maxProcessingTime: Duration.seconds(60) }).autoScaling).not.toHaveProperty('protectAfterSeconds');
    expect(configurationOf({ maxProcessingTime: Duration.seconds(61) }).autoScaling).toHaveProperty('protectAfterSeconds', 60);
  });
});

describe('the runner takes', () => {
  const PROGRAMS = path.join(__dirname, '..', '..', 'instance-programs');
  const READER = 'import sys; from worker_runner.configuration import read_configuration; print(read_configuration(sys.argv[1]).concurrency)';

  /** What the runner itself says of the configuration that it is given. */
  function readByRunner(setting: Setting): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'configuration-'));
    try {
      const file = path.join(folder, 'configuration.json');
      fs.writeFileSync(file, JSON.stringify({ ...configurationOf(setting), queueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/work' }));
      const PYTHONPATH = ['common', 'worker-runner'].map(name => path.join(PROGRAMS, name)).join(':');
      return execFileSync('/usr/bin/python3', ['-B', '-c', READER, file], { encoding: 'utf8', env: { PYTHONPATH } }).trim();
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  }

  test.each<[string, Setting]>([
    ['least', { maxProcessingTime: Duration.seconds(1), ...command({ concurrency: 1, firstBackoff: Duration.seconds(1), longestBackoff: Duration.seconds(1) }) }],
    ['most', { maxProcessingTime: Duration.hours(12), ...command({ concurrency: 256, firstBackoff: Duration.hours(12) }) }],
    ['shortest visibility', { queue: WorkQueue.standard({ visibilityTimeout: Duration.seconds(10) }) }],
    ...['http://127.0.0.1', 'http://localhost?a=b', 'http://localhost:65535/a%20b!~[]'].map((url): [string, Setting] => [url, { runner: WorkerRunner.http(url) }]),
  ])('the %s', (_, setting) => {
    expect(readByRunner(setting)).toBe(String(configurationOf(setting).concurrency));
  });
});

describe('SqsWorkerFleet with a runner', () => {
  test('hands a message out five times, unless it is told otherwise', () => {
    const received = (maxReceiveCount: number) => ({ RedrivePolicy: { maxReceiveCount } });
    fleetIn().template().hasResourceProperties(QUEUE, received(5));
    fleetIn({ queue: WorkQueue.fifo({ maxReceiveCount: 3 }) }).template().hasResourceProperties(QUEUE, received(3));
  });

  test('grows and shrinks on what its workers have at once', () => {
    const expressions = (setting: Setting) => Object.values(fleetIn(setting).template().findResources('AWS::AutoScaling::ScalingPolicy'))
      .map(({ Properties: { TargetTrackingConfiguration: { TargetValue, CustomizedMetricSpecification: { Metrics } } } }) =>
        [TargetValue, Metrics.find(({ ReturnData }: { ReturnData: boolean }) => ReturnData).Expression]);
    const ofSixteen = command({ concurrency: 16 });
    expect(expressions(ofSixteen)).toEqual([
      [160, expect.any(String)], [0.8, 'IF(FILL(inFlight, 0) / 16 < 0.65 * workers, 0.65, 0.8)'],
    ]);
    expect(expressions({ ...ofSixteen, scaling: WorkerScaling.onBacklog(20, { messagesAtOnce: 4 }) })).toEqual([
      [20, expect.any(String)], [0.8, 'IF(FILL(inFlight, 0) / 4 < 0.65 * workers, 0.65, 0.8)'],
    ]);
    const scaling = WorkerScaling.onLatency({ acceptableLatency: Duration.hours(1), meanProcessingTime: Duration.seconds(30) });
    expect(expressions({ ...ofSixteen, scaling })).toEqual([
      [53 * 60, 'IF(workers > 0, (visible + FILL(inFlight, 0)) / workers, (visible + FILL(inFlight, 0))) * FILL(processingTime, 480) / 16'],
      [0.8, 'IF(FILL(inFlight, 0) / 16 < 0.65 * workers, 0.65, 0.8)'],
    ]);
  });

  test('replaces instances that protect themselves, whose hook lets them finish', () => {
    const preferences = (ScaleInProtectedInstances: unknown) => ({
      UpdatePolicy: { AutoScalingInstanceRefresh: { Preferences: Match.objectLike({ ScaleInProtectedInstances }) } },
    });
    fleetIn().template().hasResource(GROUP, preferences('Refresh'));
    fleetIn({ maxProcessingTime: Duration.minutes(1) }).template().hasResource(GROUP, preferences(Match.absent()));
    fleetIn({ runner: undefined }).template().hasResource(GROUP, preferences(Match.absent()));
  });

  describe('has a role', () => {
    const statementsOf = (setting: Setting) => {
      const { stack, fleet, template } = fleetIn(setting);
      const role = JSON.stringify(stack.resolve(fleet.launchTemplate.role?.roleName));
      const queue = stack.resolve(fleet.queue.queueArn);
      const statements = Object.values(template().findResources('AWS::IAM::Policy'))
        .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(role))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
      return { statements, queue };
    };
    const fetches = { Effect: 'Allow', Action: 's3:GetObject', Resource: expect.anything() };
    const measures = {
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': 'CdkFaultTolerance/SqsWorkerFleet' } },
    };
    const asks = { Effect: 'Allow', Action: 'autoscaling:DescribeAutoScalingInstances', Resource: '*' };
    const works = (queue: unknown) => ({
      Effect: 'Allow',
      Action: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
      Resource: queue,
    });
    const ofGroup = {
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/:autoScalingGroup:\*:autoScalingGroupName\/\*$/)])] },
      Condition: { StringEquals: { 'autoscaling:ResourceTag/cdk-fault-tolerance:worker-fleet': expect.stringMatching(/^Shop\/ShopFleet/) } },
    };
    const leaves = ['autoscaling:CompleteLifecycleAction', 'autoscaling:RecordLifecycleActionHeartbeat'];

    test('that may protect its instance, tell how it is, and ask for its group, and no more', () => {
      const { statements, queue } = statementsOf({});
      expect(statements).toEqual([fetches, works(queue), { ...ofGroup, Action: [...leaves, 'autoscaling:SetInstanceProtection'] }, asks, measures]);
      expect(JSON.stringify(statements[0].Resource)).toMatch(/:s3:::cdk-hnb659fds-assets-123456789012-eu-west-1\/\*\.c8[0-9a-f]{40}"/);
    });

    test('that does not protect the instance where all work is short', () => {
      expect(statementsOf({ maxProcessingTime: Duration.minutes(1) }).statements).toContainEqual({ ...ofGroup, Action: leaves });
    });
  });

  test('tells when a runner lacks its handler or a permission for five minutes', () => {
    const stack = shopStack();
    const alarmTopic = new sns.Topic(stack, 'Topic');
    const { fleet, template } = fleetIn({ stack, alarmTopic });
    expect(fleet.alarms.map(({ node }) => node.id)).toEqual(['DeadLetters', 'OldestMessage', 'FailingMessages', 'CapacityBelowNeed', 'RunnerMisconfigured']);
    template().hasResourceProperties(ALARM, {
      AlarmActions: [stack.resolve(alarmTopic.topicArn)],
      Namespace: 'CdkFaultTolerance/SqsWorkerFleet',
      MetricName: 'Misconfigured',
      Dimensions: [{ Name: 'Fleet', Value: 'Shop/Fleet' }],
      Statistic: 'Maximum',
      Period: 60,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      EvaluationPeriods: 5,
      TreatMissingData: 'notBreaching',
    });
  });

  test('says how long the work takes, in the mean', () => {
    const { stack, fleet } = fleetIn();
    expect(stack.resolve(fleet.metricProcessingTime().toMetricConfig().metricStat)).toMatchObject({
      namespace: 'CdkFaultTolerance/SqsWorkerFleet', metricName: 'ProcessingTime', dimensions: [{ name: 'Fleet', value: 'Shop/Fleet' }], statistic: 'Average',
    });
    expect(fleet.metricProcessingTime({ statistic: 'p99' }).statistic).toBe('p99');
    expect(() => fleetIn({ runner: undefined }).fleet.metricProcessingTime()).toThrow(
      "there is no 'runner', which measures how long the work takes; give a 'runner', or take a metric of your workers [SqsWorkerFleet at 'Shop/Fleet']");
  });

  test('has the programs for each of two fleets', () => {
    const stack = shopStack();
    const vpc = networkOf(stack);
    for (const id of ['One', 'Two']) {
      new SqsWorkerFleet(stack, id, {
        vpc,
        instanceTemplate: InstanceTemplate.fromMachineImage({
          machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('c7i.large'),
        }),
        maxProcessingTime: Duration.minutes(2),
        runner: WorkerRunner.command(['/opt/resize']),
      });
    }
    const fetched = JSON.stringify(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate')).match(/[0-9a-f]{64}\.c8[0-9a-f]{40}/g);
    expect(new Set(fetched).size).toBe(2);
  });

  test('refuses an image of Windows', () => {
    const app = new App();
    fleetIn({
      stack: new Stack(app, 'Shop', { env: { account: '123456789012', region: 'eu-west-1' } }),
      instance: { machineImage: ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0123456789abcdef0' }) },
    });
    expect(() => app.synth()).toThrow("'runner' is a script in bash, which Windows does not run");
  });

  describe('refuses', () => {
    const told = (options: CommandRunnerOptions): Setting => command(options);
    const http = (url: string): Setting => ({ runner: WorkerRunner.http(url) });
    const noAddress = (url: string) => `'runner' is the address '${url}', which is none on this machine over http; give one such as http://127.0.0.1:8080/work`;
    const script = (text: string): Setting => ({ instance: { userData: ec2.UserData.custom(text) } });
    test.each<[string, Setting, string]>([
      ['a command of no words', { runner: WorkerRunner.command([]) }, "'runner' is a command of no words; give the whole path of a program, and its arguments"],
      ['a command that is known at deployment only', { runner: WorkerRunner.command(Fn.split(' ', Fn.importValue('Command'))) },
        "'runner.command' is a list that is known at deployment only; write a list of Fn.select(index, …)"],
      ['a program without its path', { runner: WorkerRunner.command(['resize']) },
        "'runner' is a command that begins with 'resize'; give the whole path of a program, such as /opt/resize"],
      ['an argument with a byte of 0', { runner: WorkerRunner.command(['/opt/resize', 'a\0b']) },
        "'runner' is a command with a byte of 0 in it, which no argument can hold; leave it out"],
      ...['https://127.0.0.1/', 'http://example.com/', 'http://127.0.0.1.example.com/', 'http://127.0.0.1:0/', 'http://127.0.0.1:65536/', 'http://me@localhost/',
        'http://localhost/a b', 'http://localhost/ü', 'localhost:8080', ''].map((url): [string, Setting, string] => [`the address '${url}'`, http(url), noAddress(url)]),
      ['the port of the runner', http('http://127.0.0.1:8643/work'),
        "'runner' is the address 'http://127.0.0.1:8643/work', and the runner itself answers at that port; let the server listen at another one"],
      ['nothing at once', told({ concurrency: 0 }), "'runner.concurrency' is 0; give a whole number from 1 to 256"],
      ['too much at once', told({ concurrency: 257 }), "'runner.concurrency' is 257; give a whole number from 1 to 256"],
      ['half a message', told({ concurrency: 1.5 }), "'runner.concurrency' is 1.5; give a whole number from 1 to 256"],
      ...['1A', 'A-B', '', 'A B', 'A=B', 'Ä'].map((name): [string, Setting, string] => [`the variable '${name}'`, told({ environment: { [name]: '' } }),
        `'runner.environment' has the name '${name}'; give names of letters, digits and _, that do not begin with a digit`]),
      ...['SQS_QUEUE', 'PYTHONPATH'].map((name): [string, Setting, string] => [`the variable '${name}'`, told({ environment: { [name]: '' } }),
        `'runner.environment' has the name '${name}', and what begins so is the runner's; give another name, or set it in a script that starts the program`]),
      ['a variable with a byte of 0', told({ environment: { A: '\0' } }),
        "'runner.environment' has a byte of 0 in 'A', which no variable can hold; leave it out"],
      ['root', told({ user: 'root' }),
        "'runner.user' is root, whom work on what others send is not for; give a user that may do what the work takes, or leave 'runner.user' out"],
      ...['0', '', 'a b', 'a\nUser=root', '-a', 'a'.repeat(32)].map((user): [string, Setting, string] => [`the user '${user}'`, told({ user }),
        `'runner.user' is '${user}'; give the name of a user: up to 31 letters, digits, _ and -, that does not begin with a digit`]),
      ['no pause at all', told({ firstBackoff: Duration.seconds(0) }), "'runner.firstBackoff' is 0 seconds; give whole seconds from 1 to 43200"],
      ['a longest pause below the first', told({ longestBackoff: Duration.seconds(29) }), "'runner.longestBackoff' is 29 seconds; give whole seconds from 30 to 43200"],
      ['a longest pause of half a second', told({ longestBackoff: Duration.millis(500) }),
        "'runner.longestBackoff' is 0.5 seconds; give whole seconds from 30 to 43200"],
      ['a visibility that cannot be extended in time', { queue: WorkQueue.standard({ visibilityTimeout: Duration.seconds(9) }) },
        "'queue.visibilityTimeout' is 9 seconds; give whole seconds from 10 to 43200"],
      ['work of half a second', { maxProcessingTime: Duration.millis(500) }, "'maxProcessingTime' is 0.5 seconds; give whole seconds from 1 to 43200"],
      ['work of a time that is known at deployment only',
        { maxProcessingTime: Duration.seconds(new CfnParameter(new Stack(), 'Time', { type: 'Number' }).valueAsNumber) },
        "'maxProcessingTime' is not known at synth; give a duration in seconds or minutes"],
      ['a backlog below what a worker has at once', { ...told({ concurrency: 16 }), scaling: WorkerScaling.onBacklog(10) },
        "'scaling.messagesPerInstance' is 10, fewer than an instance works on at once ('runner.concurrency', 16); " +
        'give at least as many, or a fleet grows whose workers have nothing waiting'],
      ['user data that are no script for bash', script('#cloud-config\n'),
        "'userData' beside 'runner' starts with '#cloud-config', which is no script for bash; " +
        "give 'userData' of ec2.UserData.forLinux(), or leave 'runner' out"],
    ])('%s', (_, setting, message) => {
      const stack = shopStack();
      expect(() => fleetIn({ stack, ...setting })).toThrow(`${message} [SqsWorkerFleet at 'Shop/Fleet']`);
      expect(stack.node.findChild('Fleet').node.children).toEqual([]);
    });

    test.each<[string, Setting]>([
      ['the longest name of a user', told({ user: 'a'.repeat(31) })],
      ['the most at once', told({ concurrency: 256 })],
      ['an address without a port', http('http://127.0.0.1/')],
      ['an address without a path', http('http://localhost:8080')],
      ['a shell as interpreter of user data', script('#!/bin/sh\necho')],
    ])('not %s', (_, setting) => {
      expect(() => fleetIn(setting)).not.toThrow();
    });
  });
});
