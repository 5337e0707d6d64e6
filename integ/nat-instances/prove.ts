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

/** Says at its end what it has noticed. */
const PROBE = `
import http.client, signal, threading, time
answers, addresses, opened = [], set(), 0
def ask(connection):
    try:
        connection.request('GET', '/')
        addresses.add(connection.getresponse().read().decode().strip())
        return True
    except Exception:
        return False
def new():
    if ask(http.client.HTTPSConnection('checkip.amazonaws.com', timeout=1)):
        answers.append(time.time())
def same():
    global opened
    while True:
        connection = http.client.HTTPSConnection('checkip.amazonaws.com', timeout=20)
        opened += 1
        while ask(connection):
            time.sleep(0.2)
def end(*_):
    at = sorted(answers)
    outage = max((later - earlier for earlier, later in zip(at, at[1:])), default=0)
    print(f'new connections: {outage:.2f} s without an answer at most; the open one broke {opened - 1} times; addresses seen: {sorted(addresses)}', flush=True)
    raise SystemExit
signal.signal(signal.SIGTERM, end)
threading.Thread(target=same, daemon=True).start()
while True:
    threading.Thread(target=new, daemon=True).start()
    time.sleep(0.2)
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

/** The instance cannot hand over any more; it attaches the interface again. */
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

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => { setTimeout(resolve, milliseconds); });
}

async function tryOut(name: string, lose: (instance: string) => Promise<void>, client: string, group: string): Promise<void> {
  const instance = await instanceOf(group);
  if (!instance) { throw new Error(`no instance is in service in ${group}`); }
  await onClient(client, `cat > /tmp/probe.py <<'END'\n${PROBE}\nEND\nnohup python3 /tmp/probe.py > /tmp/probe.log 2>&1 & echo $! > /tmp/probe.pid`);
  await pause(10_000);
  const lost = await attachmentOf(instance);
  await lose(instance);
  const ends = Date.now() + RECOVERY_MS;
  let attachment: string | undefined;
  do {
    await pause(5000);
    const now = await instanceOf(group);
    attachment = now && await attachmentOf(now);
  } while ((attachment === undefined || attachment === lost) && Date.now() < ends);
  await pause(FAILBACK_MS);
  const noticed = await onClient(client, 'kill "$(cat /tmp/probe.pid)"; sleep 2; cat /tmp/probe.log');
  console.log(`${name}: ${noticed.trim()}; ${attachment ? 'the interface is attached again' : 'NOT PROVEN: the interface is not attached again'}`);
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
