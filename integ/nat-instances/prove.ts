/**
 * Proves on AWS what no emulator can: see docs/decisions/0004. It has not been run on AWS.
 *
 *     npx cdk deploy --app 'npx tsx integ/nat-instances/app.ts'
 *     npx tsx integ/nat-instances/prove.ts
 *     npx cdk destroy --app 'npx tsx integ/nat-instances/app.ts'
 *
 * (With `-c preserve=true` at both for connections that are to survive.) A client behind the first zone's NAT asks for its public address
 * five times a second, each time by a new connection, and besides all the time by one and the same. Meanwhile the NAT instance goes: first
 * in a way in which it can hand over, then in one in which it cannot. What the client noticed is printed, and whether the next instance has
 * got the interface.
 */
import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeInstancesCommand, DetachNetworkInterfaceCommand, EC2Client, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { GetCommandInvocationCommand, SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';

const ec2 = new EC2Client();
const ssm = new SSMClient();

/** Lines of what kind of connection got an answer when, in seconds, and from which address it had asked. */
const PROBE = `
import http.client, threading, time
def ask(connection, kind):
    try:
        connection.request('GET', '/'); print(kind, time.time(), connection.getresponse().read().decode().strip(), flush=True); return True
    except Exception:
        return False
def same():
    while True:
        connection = http.client.HTTPSConnection('checkip.amazonaws.com', timeout=20); print('opened', time.time(), '-', flush=True)
        while ask(connection, 'same'): time.sleep(0.2)
threading.Thread(target=same, daemon=True).start()
while True:
    threading.Thread(target=lambda: ask(http.client.HTTPSConnection('checkip.amazonaws.com', timeout=1), 'new'), daemon=True).start(); time.sleep(0.2)
`;
const RECOVERY_MS = 6 * 60_000;
const FAILBACK_MS = 90_000;

async function outputs(): Promise<Record<string, string>> {
  const { Stacks: [stack] = [] } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: 'ProveNatInstances' }));
  return Object.fromEntries((stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

async function instanceOf(group: string): Promise<string | undefined> {
  const { AutoScalingGroups: [found] = [] } = await new AutoScalingClient().send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }));
  return found?.Instances?.find(({ LifecycleState }) => LifecycleState === 'InService')?.InstanceId;
}

async function attachmentOf(instance: string): Promise<string | undefined> {
  const { Reservations: [reservation] = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instance] }));
  const interfaces = reservation?.Instances?.[0].NetworkInterfaces ?? [];
  return interfaces.map(({ Attachment }) => Attachment).find(attachment => attachment?.DeviceIndex === 1)?.AttachmentId;
}

async function handOver(instance: string): Promise<void> {
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
}

/** The instance notices too late to do anything, and gives up after two minutes. */
async function cutOff(instance: string): Promise<void> {
  await ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: await attachmentOf(instance), Force: true }));
}

async function onClient(instance: string, script: string): Promise<string> {
  const { Command } = await ssm.send(new SendCommandCommand({
    InstanceIds: [instance], DocumentName: 'AWS-RunShellScript', Parameters: { commands: [script] },
  }));
  for (;;) {
    await pause(2000);
    const found = await ssm.send(new GetCommandInvocationCommand({ CommandId: Command?.CommandId, InstanceId: instance })).catch(() => undefined);
    if (found && !['Pending', 'InProgress', 'Delayed'].includes(found.Status ?? '')) { return found.StandardOutputContent ?? ''; }
  }
}

/** The longest time without an answer to a new connection, in seconds, how often the old one broke, and the addresses that were seen. */
function summary(log: string): string {
  const lines = log.trim().split('\n').map(line => line.split(' '));
  const answers = lines.filter(([kind]) => kind === 'new');
  const times = answers.map(([, time]) => Number(time)).sort((a, b) => a - b);
  const outage = Math.max(0, ...times.slice(1).map((time, index) => time - times[index]));
  const opened = lines.filter(([kind]) => kind === 'opened').length;
  return `new connections: ${outage.toFixed(2)} s without an answer at most; the open one broke ${opened - 1} times; `
    + `addresses seen: ${[...new Set(answers.map(([, , address]) => address))].join(', ')}`;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => { setTimeout(resolve, milliseconds); });
}

async function tryOut(name: string, lose: (instance: string) => Promise<void>, client: string, group: string): Promise<void> {
  const instance = await instanceOf(group);
  if (!instance) { throw new Error(`no instance is in service in ${group}`); }
  await onClient(client, `cat > /tmp/probe.py <<'END'\n${PROBE}\nEND\nnohup python3 /tmp/probe.py > /tmp/probe.log 2>&1 & echo $! > /tmp/probe.pid`);
  await pause(10_000);
  await lose(instance);
  const ends = Date.now() + RECOVERY_MS;
  let next: string | undefined;
  do {
    await pause(5000);
    next = await instanceOf(group);
  } while ((!next || next === instance || !await attachmentOf(next)) && Date.now() < ends);
  const hasInterface = next !== undefined && next !== instance && await attachmentOf(next) !== undefined;
  await pause(FAILBACK_MS);
  // Systems Manager shows 24,000 characters, so that the log is thinned out where nothing happened
  const log = await onClient(client, 'kill "$(cat /tmp/probe.pid)"; awk \'$1 != "same" && ($2 - last > 0.5 || NR % 20 == 1 || $1 == "opened") '
    + '{ if (previous != "") print previous; print } { if ($1 == "new") { last = $2; previous = $0 } }\' /tmp/probe.log');
  console.log(`${name}: ${summary(log)}; ${hasInterface ? 'the next instance has the interface' : 'NOT PROVEN: no other instance has the interface'}`);
}

async function main(): Promise<void> {
  const { ClientId0: client, Group0: group } = await outputs();
  await tryOut('planned', handOver, client, group);
  await tryOut('unplanned', cutOff, client, group);
}

main().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
