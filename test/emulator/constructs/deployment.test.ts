import {
  AutoScalingClient, DescribeAutoScalingGroupsCommand, Instance, TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand, DescribeLoadBalancersCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { MultiAzWebTier } from '../../../src';
import { env, zoneNames, zonesContext } from '../../helpers/network';
import { subjects } from '../../helpers/subjects';
import { Deployment, Emulator } from '../emulator';
import { inventoryOf } from '../zone-inventory';

let emulator: Emulator;
beforeAll(async () => { emulator = await Emulator.start(); }, 60_000);
beforeEach(() => emulator.reset());
afterAll(() => emulator.stop());

/** Makes one of the subjects; the emulator reads each property back by itself. */
async function deployed(name: string): Promise<{ stack: Stack; deployment: Deployment }> {
  const subject = subjects.find(candidate => candidate.name === name);
  if (!subject) { throw new Error(`no subject '${name}'`); }
  const stack = subject.build(new App({ context: zonesContext }));
  return { stack, deployment: await emulator.deploy(stack) };
}

function inventoryIn({ stack, deployment }: { stack: Stack; deployment: Deployment }) {
  const vpc = stack.node.findChild('Vpc').node.defaultChild as CfnElement;
  return inventoryOf(emulator.clientConfig(env.region), deployment.physicalId(stack.getLogicalId(vpc)));
}

describe('the emulator makes every resource, and reads back every promised property, of', () => {
  test.each(subjects)('$name', async ({ name }) => {
    const { deployment } = await deployed(name);
    expect(deployment.resources.length).toBeGreaterThan(0);
  });
});

describe('HaNatPerAz', () => {
  test.each(['HaNatPerAz in a new VPC', 'HaNatPerAz in an existing VPC'])('%s leads each zone out through its own gateway and address', async name => {
    const inventory = await inventoryIn(await deployed(name));
    expect(inventory.map(({ zone, wayOut }) => [zone, wayOut])).toEqual(zoneNames.map(zone => [zone, zone]));
    expect(new Set(inventory.map(({ publicAddress }) => publicAddress)).size).toBe(3);
  });
});

describe('MultiAzWebTier', () => {
  const config = () => emulator.clientConfig(env.region);

  async function instances(): Promise<Instance[]> {
    const { AutoScalingGroups } = await new AutoScalingClient(config()).send(new DescribeAutoScalingGroupsCommand({}));
    return AutoScalingGroups?.[0].Instances ?? [];
  }

  test('has its instances, and its load balancer, in all three zones', async () => {
    const inventory = await inventoryIn(await deployed('MultiAzWebTier by public HTTPS'));
    expect(inventory.map(({ zone, instances: count, loadBalancer }) => ({ zone, count, loadBalancer })))
      .toEqual(zoneNames.map(zone => ({ zone, count: 2, loadBalancer: true })));
  });

  test('replaces an instance that is killed, in the zone that lacks it', async () => {
    await deployed('MultiAzWebTier by public HTTPS');
    const before = await instances();
    const victim = before[0];
    await new AutoScalingClient(config()).send(new TerminateInstanceInAutoScalingGroupCommand({
      InstanceId: victim.InstanceId,
      ShouldDecrementDesiredCapacity: false,
    }));
    const after = await instances();
    expect(after).toHaveLength(before.length);
    expect(after.map(({ InstanceId }) => InstanceId)).not.toContain(victim.InstanceId);
    const inZone = (zone?: string) => after.filter(({ AvailabilityZone }) => AvailabilityZone === zone).length;
    expect(inZone(victim.AvailabilityZone)).toBe(2);
  });

  test('has all its instances behind the load balancer, without a public address', async () => {
    await deployed('MultiAzWebTier by public HTTPS');
    const elb = new ElasticLoadBalancingV2Client(config());
    const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({}));
    const { Listeners } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn: LoadBalancers?.[0].LoadBalancerArn }));
    const https = Listeners?.find(({ Port }) => Port === 443);
    const { TargetHealthDescriptions } = await elb.send(new DescribeTargetHealthCommand({
      TargetGroupArn: https?.DefaultActions?.[0].TargetGroupArn,
    }));
    const ids = (await instances()).map(({ InstanceId }) => InstanceId).sort();
    expect(TargetHealthDescriptions?.map(({ Target }) => Target?.Id).sort()).toEqual(ids);

    const { Reservations } = await new EC2Client(config()).send(new DescribeInstancesCommand({ InstanceIds: ids as string[] }));
    const machines = Reservations?.flatMap(reservation => reservation.Instances ?? []) ?? [];
    expect(machines.map(({ PublicIpAddress }) => PublicIpAddress ?? 'none')).toEqual(ids.map(() => 'none'));
  });

  test('lets the internet in at the load balancer only, and only there to the instances', async () => {
    const { stack, deployment } = await deployed('MultiAzWebTier by public HTTPS');
    const { connections, loadBalancer } = stack.node.findChild('Web') as MultiAzWebTier;
    const idOf = (group: typeof connections.securityGroups[0]) =>
      deployment.physicalId(stack.getLogicalId(group.node.defaultChild as CfnElement));
    const [instanceGroup, balancerGroup] = [idOf(connections.securityGroups[0]), idOf(loadBalancer.connections.securityGroups[0])];

    const { SecurityGroups } = await new EC2Client(config()).send(new DescribeSecurityGroupsCommand({}));
    const openings = (id: string) => SecurityGroups?.find(({ GroupId }) => GroupId === id)?.IpPermissions?.map(rule => ({
      port: rule.FromPort,
      from: [...rule.IpRanges?.map(({ CidrIp }) => CidrIp) ?? [], ...rule.UserIdGroupPairs?.map(({ GroupId }) => GroupId) ?? []],
    })).sort((a, b) => (a.port ?? 0) - (b.port ?? 0));
    expect(openings(balancerGroup)).toEqual([{ port: 80, from: ['0.0.0.0/0'] }, { port: 443, from: ['0.0.0.0/0'] }]);
    expect(openings(instanceGroup)).toEqual([{ port: 80, from: [balancerGroup] }]);
  });
});
