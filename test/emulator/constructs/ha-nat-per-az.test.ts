import { AutoScalingClient, AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import {
  Address, DescribeAddressesCommand, DescribeInstancesCommand, DescribeInstanceTypesCommand, DescribeLaunchTemplateVersionsCommand,
  DescribeNetworkInterfacesCommand, DescribeRouteTablesCommand, DescribeTagsCommand, EC2Client, NetworkInterface, RouteTable,
} from '@aws-sdk/client-ec2';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { emulatorOfTests, physicalId, SubjectDeployment } from './subject-deployment';
import { HaNatPerAz } from '../../../src';
import { roomOf } from '../../../src/survives-zone-loss/nat-instance-type';
import { env, zoneNames } from '../../helpers/network';
import { inventoryOf } from '../zone-inventory';

const { current, deployed } = emulatorOfTests();
const config = () => current().clientConfig(env.region);
const client = () => new EC2Client(config());

const OF_INSTANCES = 'HaNatPerAz of instances in a new VPC';
const THAT_FOLLOW = 'HaNatPerAz of instances in an existing VPC, with addresses that follow';

function natIn({ stack }: SubjectDeployment): HaNatPerAz {
  return (stack.node.tryFindChild('Nat') ?? stack.node.findChild('Vpc').node.findChild('HaNat')) as HaNatPerAz;
}

async function interfacesOf(made: SubjectDeployment): Promise<NetworkInterface[]> {
  const ids = natIn(made).networkInterfaces.map(networkInterface => physicalId(made, networkInterface));
  const { NetworkInterfaces: found = [] } = await client().send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ids }));
  return ids.map(id => found.find(({ NetworkInterfaceId }) => NetworkInterfaceId === id) as NetworkInterface);
}

/** The tables of the private subnets, in the order of the zones. */
async function privateTablesOf(made: SubjectDeployment): Promise<RouteTable[]> {
  const { privateSubnets } = made.stack.node.findChild('Vpc') as ec2.Vpc;
  const ids = privateSubnets.map(subnet => made.deployment.physicalId(made.stack.getLogicalId(subnet.node.findChild('RouteTable') as ec2.CfnRouteTable)));
  const { RouteTables: found = [] } = await client().send(new DescribeRouteTablesCommand({ RouteTableIds: ids }));
  return ids.map(id => found.find(({ RouteTableId }) => RouteTableId === id) as RouteTable);
}

async function groupsOf(made: SubjectDeployment): Promise<AutoScalingGroup[]> {
  const names = natIn(made).autoScalingGroups.map(group => physicalId(made, group));
  const { AutoScalingGroups: found = [] } = await new AutoScalingClient(config()).send(new DescribeAutoScalingGroupsCommand({}));
  return names.map(name => found.find(({ AutoScalingGroupName }) => AutoScalingGroupName === name) as AutoScalingGroup);
}

async function addresses(): Promise<Address[]> {
  return (await client().send(new DescribeAddressesCommand({}))).Addresses ?? [];
}

const zonesOf = ({ Instances = [] }: AutoScalingGroup) => Instances.map(({ AvailabilityZone }) => AvailabilityZone);

const wayOut = ({ Routes = [] }: RouteTable) => Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0')?.NetworkInterfaceId;

/** What the agent of a zone reads, out of the user data that EC2 has. */
async function configurationOf(made: SubjectDeployment, zone: string) {
  const template = natIn(made).node.findChild(zone).node.findChild('Instance').node.findChild('LaunchTemplate');
  const { LaunchTemplateVersions: [version] = [] } = await client().send(new DescribeLaunchTemplateVersionsCommand({
    LaunchTemplateId: physicalId(made, template), Versions: ['$Latest'],
  }));
  const script = Buffer.from(version.LaunchTemplateData?.UserData ?? '', 'base64').toString();
  const [, configuration] = /printf %s "\$\(base64 --decode <<< '([^']+)'\)" \| install [^\n]*failover-agent.json/.exec(script) ?? [];
  return JSON.parse(Buffer.from(configuration, 'base64').toString());
}

describe('HaNatPerAz', () => {
  test.each(['HaNatPerAz in a new VPC', 'HaNatPerAz in an existing VPC'])('%s leads each zone out through its own gateway and address', async name => {
    const made = await deployed(name);
    const inventory = await inventoryOf(config(), physicalId(made, made.stack.node.findChild('Vpc')));
    expect(inventory.map(({ zone, wayOut: through }) => [zone, through])).toEqual(zoneNames.map(zone => [zone, zone]));
    expect(new Set(inventory.map(({ publicAddress }) => publicAddress)).size).toBe(3);
  });

  describe('of instances', () => {
    test.each([OF_INSTANCES, THAT_FOLLOW])('%s leads each zone out through its own interface, which passes on what is not its own', async name => {
      const made = await deployed(name);
      const interfaces = await interfacesOf(made);
      expect(interfaces.map(({ AvailabilityZone }) => AvailabilityZone)).toEqual(zoneNames);
      expect(interfaces.map(({ SourceDestCheck }) => SourceDestCheck)).toEqual([false, false, false]);
      expect((await privateTablesOf(made)).map(wayOut)).toEqual(interfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId));
    });

    test('has an address on each interface', async () => {
      const made = await deployed(OF_INSTANCES);
      const interfaces = await interfacesOf(made);
      const placed = new Map((await addresses()).map(({ NetworkInterfaceId, PublicIp }) => [NetworkInterfaceId, PublicIp]));
      expect(new Set(interfaces.map(({ NetworkInterfaceId }) => placed.get(NetworkInterfaceId))).size).toBe(3);
    });

    test('leaves addresses that follow to the instances, with a place for each on every interface', async () => {
      const made = await deployed(THAT_FOLLOW);
      expect((await addresses()).map(({ AssociationId }) => AssociationId)).toEqual([undefined, undefined, undefined]);
      expect((await interfacesOf(made)).map(({ PrivateIpAddresses }) => PrivateIpAddresses?.length)).toEqual([4, 4, 4]);
    });

    test('keeps one instance in each zone, tagged with the interface that it may have, and replaces one that dies', async () => {
      const made = await deployed(OF_INSTANCES);
      const [first, ...others] = await groupsOf(made);
      expect([first, ...others].map(zonesOf)).toEqual(zoneNames.map(zone => [zone]));
      const dead = first.Instances?.[0].InstanceId as string;
      const { Tags: tags = [] } = await client().send(new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [dead] }] }));
      const [own] = await interfacesOf(made);
      expect(tags.find(({ Key }) => Key === 'cdk-fault-tolerance:nat-interface')?.Value).toBe(own.NetworkInterfaceId);

      await current().killInstance(dead);
      await current().checkHealth();

      const [refilled, ...untouched] = await groupsOf(made);
      expect(zonesOf(refilled)).toEqual([zoneNames[0]]);
      expect(refilled.Instances?.[0].InstanceId).not.toBe(dead);
      expect(untouched.map(({ Instances }) => Instances?.[0].InstanceId)).toEqual(others.map(({ Instances }) => Instances?.[0].InstanceId));
      expect((await privateTablesOf(made)).map(wayOut)).toEqual((await interfacesOf(made)).map(({ NetworkInterfaceId }) => NetworkInterfaceId));
    });

    test('starts instances with a public address of their own', async () => {
      await deployed(OF_INSTANCES);
      const { Reservations: reservations = [] } = await client().send(new DescribeInstancesCommand({}));
      const started = reservations.flatMap(({ Instances = [] }) => Instances);
      expect(started.map(({ PublicIpAddress }) => PublicIpAddress)).toEqual(started.map(() => expect.any(String)));
      expect(started).toHaveLength(3);
    });

    test('tells each agent what there is: interfaces, addresses and routes, by the ids that EC2 gave them', async () => {
      const made = await deployed(THAT_FOLLOW);
      const interfaces = await interfacesOf(made);
      const tables = await privateTablesOf(made);
      const allocations = natIn(made).elasticIps.map(address => physicalId(made, address));
      const known = await addresses();
      const idOf = (index: number) => interfaces[index].NetworkInterfaceId;
      const secondary = (index: number) => interfaces[index].PrivateIpAddresses?.filter(({ Primary }) => !Primary)
        .map(({ PrivateIpAddress }) => PrivateIpAddress) ?? [];
      for (const [own, zone] of zoneNames.entries()) {
        const configuration = await configurationOf(made, zone);
        expect(configuration).toMatchObject({
          member: zone,
          members: zoneNames,
          interface: { id: idOf(own), address: interfaces[own].PrivateIpAddress },
          nat: { vpcCidrs: ['10.0.0.0/16'], canaries: ['ec2', 'sts', 'monitoring'].map(service => `${service}.eu-west-1.amazonaws.com:443`) },
        });
        const peers = zoneNames.map((peer, i) => [peer, interfaces[i].PrivateIpAddress]).filter((_, i) => i !== own);
        expect(configuration.peers).toEqual(Object.fromEntries(peers));
        expect(configuration.objects.map(({ parts }: { parts: unknown }) => parts)).toEqual(zoneNames.map((_, i) => [
          { type: 'route', table: tables[i].RouteTableId, destination: '0.0.0.0/0', targets: Object.fromEntries(zoneNames.map((at, j) => [at, idOf(j)])) },
          {
            type: 'elasticIp',
            allocation: known.find(({ PublicIp }) => PublicIp === allocations[i])?.AllocationId,
            targets: Object.fromEntries(zoneNames.map((at, j) => [at, { interface: idOf(j), address: secondary(j)[i] }])),
          },
        ]));
        expect(Object.values<{ address: string }>(configuration.nat.sources).map(({ address }) => address)).toEqual(secondary(own));
      }
    });

    test('knows how many addresses an interface of each type has room for', async () => {
      const wrong: unknown[] = [];
      let NextToken: string | undefined;
      do {
        const page = await client().send(new DescribeInstanceTypesCommand({ NextToken }));
        for (const { InstanceType: type = '', NetworkInfo: network } of page.InstanceTypes ?? []) {
          const [room, real] = [roomOf(new ec2.InstanceType(type)), network?.Ipv4AddressesPerInterface ?? 0];
          // seven are enough for six zones
          if (room === Infinity ? real < 7 : room !== real) { wrong.push([type, room, real]); }
        }
        NextToken = page.NextToken;
      } while (NextToken);
      expect(wrong).toEqual([]);
    });
  });

  test('of a regional gateway leads all zones out through it, and leaves it to AWS to expand it', async () => {
    const made = await deployed('HaNatPerAz of a regional gateway');
    const [gateway] = natIn(made).natGateways;
    const tables = await privateTablesOf(made);
    expect(tables.map(({ Routes = [] }) => Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0')?.NatGatewayId))
      .toEqual(zoneNames.map(() => physicalId(made, gateway)));
  });
});
