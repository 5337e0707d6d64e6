import {
  AutoScalingClient, DescribeAutoScalingGroupsCommand, Instance, TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand, DescribeLoadBalancersCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { emulatorOfTests, physicalId } from './subject-deployment';
import { MultiAzWebTier } from '../../../src';
import { env, zoneNames } from '../../helpers/network';
import { inventoryOf } from '../zone-inventory';

const { current, deployed } = emulatorOfTests();

describe('MultiAzWebTier', () => {
  const config = () => current().clientConfig(env.region);

  async function instances(): Promise<Instance[]> {
    const { AutoScalingGroups } = await new AutoScalingClient(config()).send(new DescribeAutoScalingGroupsCommand({}));
    return AutoScalingGroups?.[0].Instances ?? [];
  }

  test('has its instances, and its load balancer, in all three zones', async () => {
    const made = await deployed('MultiAzWebTier by public HTTPS');
    const inventory = await inventoryOf(config(), physicalId(made, made.stack.node.findChild('Vpc')));
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
    const made = await deployed('MultiAzWebTier by public HTTPS');
    const { connections, clients } = made.stack.node.findChild('Web') as MultiAzWebTier;
    const [instanceGroup, balancerGroup] = [connections, clients].map(({ securityGroups }) => physicalId(made, securityGroups[0]));

    const { SecurityGroups } = await new EC2Client(config()).send(new DescribeSecurityGroupsCommand({}));
    const openings = (id: string) => SecurityGroups?.find(({ GroupId }) => GroupId === id)?.IpPermissions?.map(rule => ({
      port: rule.FromPort,
      from: [...rule.IpRanges?.map(({ CidrIp }) => CidrIp) ?? [], ...rule.UserIdGroupPairs?.map(({ GroupId }) => GroupId) ?? []],
    })).sort((a, b) => (a.port ?? 0) - (b.port ?? 0));
    expect(openings(balancerGroup)).toEqual([{ port: 80, from: ['0.0.0.0/0'] }, { port: 443, from: ['0.0.0.0/0'] }]);
    expect(openings(instanceGroup)).toEqual([{ port: 80, from: [balancerGroup] }]);
  });
});
