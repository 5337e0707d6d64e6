import { Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HaNatPerAz, NatAddresses, NatEgress, NatFailback, NatInstancesOptions, TakeoverProfile } from '../../src';
import { networkOf, networkWithoutNat, shopStack, shopStackAnywhere } from '../helpers/network';
import { Machine, machineIn, Start, start } from '../launch-templates/machine';

const CONFIGURATION = '/etc/cdk-fault-tolerance/failover-agent.json';

/** What CloudFormation knows at deployment: here, of each thing its name. */
const DEPLOYED = new Proxy<Record<string, string>>({}, {
  has: () => true,
  get: (_, name: string) => name.startsWith('{') ? name.replace(/"Fn::\w+":|[{}[\]"]/g, '').replace(/,/g, '.') : name,
});

/** The machine of the first zone. */
function machineOf(options: NatInstancesOptions = {}): Machine {
  const stack = shopStack();
  const zones = options.preserveConnections ? 2 : 3;
  new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack, zones), egress: NatEgress.instances(options) });
  return machineIn(stack, DEPLOYED);
}

/** Started, without a folder at the root of this machine. */
function startOf(options: NatInstancesOptions = {}, stubs: Record<string, string> = {}): Start {
  return start(machineOf(options), {
    mkdir: 'exec /bin/mkdir --parents "$MACHINE/disk${!#}"',
    curl: '',
    python3: '/usr/bin/python3 "${@:1:$#-1}" "$MACHINE/disk${!#}"',
    rm: 'exec /bin/rm "$@"',
    ...stubs,
  });
}

function configurationOf(options: NatInstancesOptions = {}) {
  return JSON.parse(startOf(options).read(CONFIGURATION));
}

const eni = (zone: string) => `Nateuwest1${zone}InterfaceNetworkInterface${{ a: '94F5A564', b: '3DD8DE38', c: '3FEB441A' }[zone]}`;
const addressOf = (zone: string) => `${eni(zone)}.PrimaryPrivateIpAddress`;
const secondaryOf = (zone: string, index: number) => `${index}.${eni(zone)}.SecondaryPrivateIpAddresses`;
const zoneMap = <T>(value: (zone: string, index: number) => T) => Object.fromEntries(['a', 'b', 'c'].map((zone, index) => [`eu-west-1${zone}`, value(zone, index)]));

describe('the user data of a NAT instance', () => {
  test('install what the image lacks, put the programs and the configuration in place, and start the agent', () => {
    const { status, calls, console, read, modeOf } = startOf({}, { bash: '' });
    expect(status).toBe(0);
    expect(console).toContain('the bootstrap is complete');
    expect(calls.filter(call => /^(dnf|aws|systemctl)/.test(call))).toEqual([
      ...calls.filter(call => call.startsWith('dnf')),
      expect.stringMatching(/^aws s3 cp s3:\/\/cdk-hnb659fds-assets-123456789012-eu-west-1\/[0-9a-f]{64}\.c8[0-9a-f]{40} \/tmp\.\w+ --region eu-west-1 --only-show-errors$/),
      'systemctl restart systemd-networkd',
      'systemctl daemon-reload',
      'systemctl enable --now failover-agent.service',
    ]);
    expect(read('/opt/cdk-fault-tolerance/failover-agent/failover_agent/__main__.py')).toBeTruthy();
    expect(modeOf(CONFIGURATION)).toBe('600');
    expect(read('/etc/systemd/networkd.conf.d/10-cdk-fault-tolerance.conf'))
      .toBe('[Network]\nManageForeignRoutes=no\nManageForeignRoutingPolicyRules=no\n');
  });

  test('run the agent as long as its configuration is whole', () => {
    const unit = startOf().read('/etc/systemd/system/failover-agent.service').split('\n');
    expect(unit).toEqual(expect.arrayContaining([
      'After=network-online.target',
      'Wants=network-online.target',
      'StartLimitIntervalSec=0',
      'Type=simple',
      'Environment=PYTHONPATH=/opt/cdk-fault-tolerance/common:/opt/cdk-fault-tolerance/failover-agent',
      'Environment=PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1',
      'ExecStart=/usr/bin/python3 -m failover_agent /etc/cdk-fault-tolerance/failover-agent.json',
      'Restart=always',
      'RestartSec=200ms',
      'RestartPreventExitStatus=78',
      'TimeoutStopSec=30',
      'KillMode=mixed',
      'WantedBy=multi-user.target',
    ]));
  });

  test('find the programs in S3 in each zone', () => {
    const stack = shopStack();
    new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack), egress: NatEgress.instances() });
    const fetched = JSON.stringify(Template.fromStack(stack).findResources('AWS::EC2::LaunchTemplate')).match(/[0-9a-f]{64}\.c8[0-9a-f]{40}/g) ?? [];
    expect(new Set(fetched).size).toBe(3);
    expect(Object.keys(machineIn(stack, DEPLOYED).assets)).toEqual(expect.arrayContaining(fetched));
  });

  test('power the machine off, to be replaced, when something fails', () => {
    const { status, calls, console } = startOf({}, { aws: 'exit 1' });
    expect(status).not.toBe(0);
    expect(calls.filter(call => call.startsWith('aws'))).toHaveLength(5);
    expect(calls).toContain('shutdown -P now');
    expect(console).toContain("failed in the step 'programs'");
  });

  test('wait for the agent to answer, whatever it says', () => {
    const { status, calls } = startOf({}, { curl: '[ $(grep --count ^curl "$MACHINE/calls") -gt 3 ]' });
    expect(status).toBe(0);
    expect(calls.filter(call => call.startsWith('sleep'))).toEqual(Array(3).fill('sleep 5'));
    expect(calls.filter(call => call.startsWith('curl')).at(-1)).toBe(`curl --silent --output /dev/null --max-time 2 http://${addressOf('a')}:8642/healthz`);
  });

  test('power the machine off when the agent does not answer for four minutes', () => {
    const { status, calls, console } = startOf({}, { curl: 'exit 7' });
    expect(status).not.toBe(0);
    expect(calls.filter(call => call.startsWith('sleep'))).toHaveLength(48);
    expect(calls).toContain('shutdown -P now');
    expect(console).toContain("failed in the step 'the answer of failover-agent.service'");
  });

  test('give way to what the user adds', () => {
    const stack = shopStack();
    const nat = new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack), egress: NatEgress.instances() });
    nat.autoScalingGroups[0].addUserData('echo added');
    const { script } = machineIn(stack, DEPLOYED);
    expect(script.indexOf('echo added')).toBeGreaterThan(script.indexOf('systemctl enable --now failover-agent.service'));
    expect(script.indexOf('echo added')).toBeLessThan(script.indexOf('the bootstrap is complete'));
  });
});

describe('the configuration of the agent', () => {
  test('says who it is, whom it watches, and what it may take over', () => {
    expect(configurationOf()).toEqual({
      group: 'Shop/Nat',
      region: 'eu-west-1',
      member: 'eu-west-1a',
      members: ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'],
      peers: { 'eu-west-1b': addressOf('b'), 'eu-west-1c': addressOf('c') },
      healthPort: 8642,
      profile: { intervalSeconds: 0.5, timeoutSeconds: 0.4, failures: 3 },
      failback: 'automatic',
      failbackAfterSeconds: 30,
      interface: { id: eni('a'), address: addressOf('a') },
      objects: [['a', 'b', 'c'], ['b', 'c', 'a'], ['c', 'a', 'b']].map((order, index) => ({
        name: `eu-west-1${order[0]}`,
        order: order.map(zone => `eu-west-1${zone}`),
        parts: [{
          type: 'route', table: expect.stringContaining(`VpcPrivateSubnet${index + 1}RouteTable`), destination: '0.0.0.0/0', targets: zoneMap(eni),
        }],
      })),
      nat: {
        vpcCidrs: [expect.stringMatching(/^Vpc\w+\.CidrBlock$/)],
        canaries: ['ec2', 'sts', 'monitoring'].map(service => `${service}.eu-west-1.AWS::URLSuffix:443`),
      },
      metrics: { namespace: 'CdkFaultTolerance/HaNat', dimensions: { Group: 'Shop/Nat', AvailabilityZone: 'eu-west-1a' } },
    });
  });

  test('says where the addresses go that follow, and who goes out by which', () => {
    const { objects, nat } = configurationOf({ addresses: NatAddresses.FOLLOW });
    expect(objects[1].parts[1]).toEqual({
      type: 'elasticIp',
      allocation: expect.stringMatching(/^Nateuwest1bInterfaceEIP\w+\.AllocationId$/),
      targets: zoneMap(zone => ({ interface: eni(zone), address: secondaryOf(zone, 1) })),
    });
    expect(nat.sources).toEqual(zoneMap((_, index) => ({ cidrs: [expect.stringMatching(/^10\.0\.\d+\.0\/\d+$/)], address: secondaryOf('a', index) })));
    expect(nat).not.toHaveProperty('preserveConnections');
  });

  test('has the options', () => {
    const configuration = configurationOf({
      addresses: NatAddresses.FOLLOW,
      profile: TakeoverProfile.FAST,
      failback: NatFailback.MANUAL,
      vpcCidrs: ['10.0.0.0/16', '10.1.0.0/16'],
      eipAllocationIds: ['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0c'],
    });
    expect(configuration).toMatchObject({ profile: { intervalSeconds: 0.2, timeoutSeconds: 0.2, failures: 3 }, failback: 'manual' });
    expect(configuration.nat.vpcCidrs).toEqual(['10.0.0.0/16', '10.1.0.0/16']);
    expect(configuration.objects.map(({ parts }: { parts: { allocation?: string }[] }) => parts[1].allocation)).toEqual(['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0c']);
  });

  test('gives connections that outlive an address of no zone', () => {
    const { nat } = configurationOf({ addresses: NatAddresses.FOLLOW, preserveConnections: true });
    expect(nat.preserveConnections).toEqual({ 'eu-west-1a': '100.64.0.1', 'eu-west-1b': '100.64.0.2' });
  });

  test('names zones that are known at deployment only', () => {
    const stack = shopStackAnywhere();
    new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances() }) });
    const { script } = machineIn(stack, DEPLOYED);
    const [, encoded] = /printf %s "\$\(base64 --decode <<< '([^']+)'\)"/.exec(script) ?? [];
    const { member, members, peers, region } = JSON.parse(Buffer.from(encoded, 'base64').toString());
    expect(region).toBe('AWS::Region');
    expect(member).toBe(members[0]);
    expect(Object.keys(peers)).toEqual([members[1]]);
  });

  test.each([[5, 1], [4, 3]])('fits into user data for %d zones with %d private subnets each, with all there is', (zones, subnets) => {
    const stack = shopStack();
    const vpc = networkOf(stack, zones, {
      availabilityZones: ['a', 'b', 'c', 'd', 'e'].slice(0, zones).map(zone => `eu-west-1${zone}`),
      natGateways: 0,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
        ...['Web', 'App', 'Batch'].slice(0, subnets).map(name => ({ name, subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS })),
      ],
    });
    new HaNatPerAz(stack, 'Nat', { vpc, egress: NatEgress.instances({ addresses: NatAddresses.FOLLOW }) });
    expect(() => machineIn(stack, DEPLOYED)).not.toThrow();
  });
});
