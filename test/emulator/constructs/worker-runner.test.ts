import { ChildProcess, execFileSync, spawn } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand, SetInstanceProtectionCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeLaunchTemplateVersionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { emulatorOfTests, physicalId } from './subject-deployment';
import { SqsWorkerFleet, WorkerRunner } from '../../../src';
import { env, networkWithoutNat, zonesContext } from '../../helpers/network';
import { instanceTemplate } from '../../helpers/subjects/subject';
import { Start, start } from '../../launch-templates/machine';
import { freePort, PYTHON } from '../emulator';
import { metadataServiceOf } from '../metadata-service';

const { current } = emulatorOfTests();
const config = () => current().clientConfig(env.region);

const RUNNER = path.join(__dirname, '..', 'worker_runner_process.py');
const ON_INSTANCE = '/opt/cdk-fault-tolerance';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'worker-'));
const handler = path.join(folder, 'handler.sh');
const results = path.join(folder, 'results');
fs.writeFileSync(handler, `#!/bin/sh
body=$(cat)
echo "$SQS_RECEIVE_COUNT $1 $BUCKET $SQS_ATTRIBUTE_TENANT $body" >> "$RESULTS"
[ "$body" != poison ]
`, { mode: 0o755 });
fs.writeFileSync(results, '');
afterAll(() => fs.rmSync(folder, { recursive: true }));

const done = () => fs.readFileSync(results, 'utf8').trim().split('\n');

/** A fleet whose handler is on this machine, really made. */
async function deployedFleet() {
  const stack = new Stack(new App({ context: zonesContext }), 'Shop', { env });
  const bucket = new s3.Bucket(stack, 'Pictures', { enforceSSL: true });
  const fleet = new SqsWorkerFleet(stack, 'Resizing', {
    vpc: networkWithoutNat(stack),
    instanceTemplate: instanceTemplate(),
    maxProcessingTime: Duration.minutes(2),
    runner: WorkerRunner.command([handler, '--fast'], {
      environment: { BUCKET: bucket.bucketName, RESULTS: results }, firstBackoff: Duration.seconds(1), longestBackoff: Duration.seconds(1),
    }),
  });
  const made = { stack, deployment: await current().deploy(stack) };
  return { fleet, bucketName: physicalId(made, bucket), idOf: (construct: Parameters<typeof physicalId>[1]) => physicalId(made, construct) };
}

/** The script that EC2 has for the instances of a launch template. */
async function userDataOf(launchTemplate: string): Promise<string> {
  const { LaunchTemplateVersions: [version] = [] } = await new EC2Client(config()).send(new DescribeLaunchTemplateVersionsCommand({
    LaunchTemplateId: launchTemplate, Versions: ['$Latest'],
  }));
  return Buffer.from(version.LaunchTemplateData?.UserData ?? '', 'base64').toString();
}

/** What the script fetches, out of the bucket. */
async function fetchedBy(script: string): Promise<{ readonly key: string; readonly content: Buffer }> {
  const [, bucket, key] = /^retry aws s3 cp 's3:\/\/([^/]+)\/([^']+)'/m.exec(script) ?? [];
  const { Body: body } = await new S3Client(config()).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return { key, content: Buffer.from(await body!.transformToByteArray()) };
}

/** Does what the script does with a folder in place of the root, and then what systemd does with the unit. */
async function startedRunner(
  started: Start, archive: Buffer, metadataPort: number,
): Promise<{ readonly runner: ChildProcess; readonly health: string }> {
  const inFolder = (name: string) => path.join(folder, name);
  fs.writeFileSync(inFolder('programs.tar'), archive);
  execFileSync(PYTHON, ['-m', 'tarfile', '-e', inFolder('programs.tar'), inFolder('programs')]);
  const healthPort = await freePort(); // that of the configuration may be somebody else's on this machine
  const configuration = JSON.parse(started.read('/etc/cdk-fault-tolerance/worker-runner.json'));
  fs.writeFileSync(inFolder('configuration'), JSON.stringify({ ...configuration, healthPort }));
  fs.writeFileSync(inFolder('environment'), started.read('/etc/cdk-fault-tolerance/worker-runner.env'));
  const [, modules] = /^Environment=PYTHONPATH=(.+)$/m.exec(started.read('/etc/systemd/system/worker-runner.service')) ?? [];
  const log = fs.openSync(inFolder('log'), 'w');
  const runner = spawn('/bin/bash', ['--norc', '-c', `set -a; . ${folder}/environment; exec "$@"`, '-',
    PYTHON, '-B', RUNNER, new URL(current().endpoint).port, String(metadataPort), inFolder('configuration')], {
    env: { PATH: process.env.PATH, PYTHONPATH: modules.replaceAll(ON_INSTANCE, inFolder('programs')) }, stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  return { runner, health: `http://127.0.0.1:${healthPort}/healthz` };
}

async function eventually<T>(value: () => T | Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + 30_000;
  const isThere = async () => JSON.stringify(await value()) === JSON.stringify(expected);
  while (!await isThere() && Date.now() < deadline) { await sleep(100); }
  if (!await isThere()) { process.stdout.write(fs.readFileSync(path.join(folder, 'log'), 'utf8')); }
  expect(await value()).toEqual(expected);
}

test('messages go through the queues of a fleet to the runner that its user data install, and to the work', async () => {
  const { fleet, bucketName, idOf } = await deployedFleet();
  const script = await userDataOf(idOf(fleet.launchTemplate));
  execFileSync('/bin/bash', ['-n'], { input: script });
  const { key, content } = await fetchedBy(script);
  const started = start({ script, assets: { [key]: content.toString() } }, {
    curl: '', id: 'echo 994', mkdir: '', python3: '', rm: '', useradd: '',
  });
  expect(started.console).toContain('the bootstrap is complete');

  const autoscaling = new AutoScalingClient(config());
  const groupName = idOf(fleet.autoScalingGroup);
  const instance = async () => (await autoscaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] })))
    .AutoScalingGroups?.[0].Instances?.[0];
  const instanceId = (await instance())?.InstanceId as string;
  // as if the runner before had been killed at long work
  await autoscaling.send(new SetInstanceProtectionCommand({
    AutoScalingGroupName: groupName, InstanceIds: [instanceId], ProtectedFromScaleIn: true,
  }));

  const sqs = new SQSClient(config());
  const [queue, deadLetters] = [idOf(fleet.queue), idOf(fleet.deadLetterQueue)];
  const countsOf = async (QueueUrl: string) => {
    const { Attributes: counts = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    return [counts.ApproximateNumberOfMessages, counts.ApproximateNumberOfMessagesNotVisible];
  };
  const metadata = await metadataServiceOf(instanceId, config().credentials.accessKeyId);
  const { runner, health } = await startedRunner(started, content, metadata.port);
  const ended = new Promise(resolve => runner.once('exit', resolve));
  try {
    await eventually(() => fetch(health).then(answer => answer.status, () => 0), 200);
    await sqs.send(new SendMessageCommand({
      QueueUrl: queue, MessageBody: 'picture-1', MessageAttributes: { tenant: { DataType: 'String', StringValue: 'shop' } },
    }));
    await eventually(done, [`1 --fast ${bucketName} shop picture-1`]);
    await eventually(() => countsOf(queue), ['0', '0']);

    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'poison' }));
    await eventually(() => countsOf(deadLetters), ['1', '0']);
    expect(done().slice(1)).toEqual([1, 2, 3, 4, 5].map(receive => `${receive} --fast ${bucketName}  poison`));
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: deadLetters }))).Messages?.[0].Body).toBe('poison');
    expect(await countsOf(queue)).toEqual(['0', '0']);

    runner.kill('SIGTERM');
    await sleep(500);
    // ends the poll that is under way, and is for another worker
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'late' }));
    expect(await ended).toBe(0);
    expect(await countsOf(queue)).toEqual(['1', '0']);
    expect(done()).toHaveLength(6);
    // it has found the group that no user data can name
    expect((await instance())?.ProtectedFromScaleIn).toBe(false);
  } finally {
    runner.kill('SIGKILL');
    await ended;
    metadata.stop();
  }
}, 120_000);
