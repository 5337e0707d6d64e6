import { AutoScalingClient, DescribeAutoScalingGroupsCommand, Instance } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeListenersCommand, DescribeLoadBalancersCommand, DescribeTargetGroupsCommand, DescribeTargetHealthCommand, ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { emulatorOfTests, physicalId } from './subject-deployment';
import { MultiAzWebTier } from '../../../src';
import { env, zoneNames } from '../../helpers/network';
import { inventoryOf } from '../zone-inventory';

const { current, deployed } = emulatorOfTests();

/** So many in each zone but the first. */
function overTheOthers(each: number): Record<string, number> {
  return Object.fromEntries(zoneNames.slice(1).map(zone => [zone, each]));
}

function perZone(instances: readonly Instance[]): Record<string, number> {
  const zones = [...new Set(instances.map(({ AvailabilityZone }) => AvailabilityZone ?? ''))].sort();
  return Object.fromEntries(zones.map(zone => [zone, instances.filter(({ AvailabilityZone }) => AvailabilityZone === zone).length]));
}

const idsOf = (instances: readonly Instance[]) => instances.map(({ InstanceId }) => InstanceId ?? '').sort();

describe('MultiAzWebTier', () => {
  const config = () => current().clientConfig(env.region);

  async function instances(): Promise<Instance[]> {
    const { AutoScalingGroups } = await new AutoScalingClient(config()).send(new DescribeAutoScalingGroupsCommand({}));
    return AutoScalingGroups?.flatMap(group => group.Instances ?? []) ?? [];
  }

  /** What the first target group of the instances sends to. */
  async function registered(): Promise<string[]> {
    const elb = new ElasticLoadBalancingV2Client(config());
    const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({}));
    const ofInstances = TargetGroups?.find(({ TargetType }) => TargetType === 'instance');
    const { TargetHealthDescriptions } = await elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: ofInstances?.TargetGroupArn }));
    return TargetHealthDescriptions?.map(({ Target }) => Target?.Id ?? '').sort() ?? [];
  }

  test('has its instances, and its load balancer, in all three zones', async () => {
    const made = await deployed('MultiAzWebTier by public HTTPS');
    const inventory = await inventoryOf(config(), physicalId(made, made.stack.node.findChild('Vpc')));
    expect(inventory.map(({ zone, instances: count, loadBalancer }) => ({ zone, count, loadBalancer })))
      .toEqual(zoneNames.map(zone => ({ zone, count: 2, loadBalancer: true })));
  });

  test.each<{ variant: string; subject: string; size: number; left: number; refilled: Record<string, number> }>([
    { variant: 'one group over all zones', subject: 'MultiAzWebTier by public HTTPS', size: 6, left: 4, refilled: overTheOthers(3) },
    { variant: 'every option', subject: 'MultiAzWebTier by internal HTTP, with all options', size: 6, left: 4, refilled: overTheOthers(3) },
    { variant: 'a group in each zone', subject: 'MultiAzWebTier with a group in each zone', size: 6, left: 4, refilled: overTheOthers(2) },
    { variant: 'a network load balancer', subject: 'MultiAzWebTier by public TLS', size: 6, left: 4, refilled: overTheOthers(3) },
    { variant: 'zones that balance for themselves', subject: 'MultiAzWebTier by internal TCP', size: 6, left: 4, refilled: overTheOthers(3) },
    {
      variant: 'several types, Spot above the minimum',
      subject: 'MultiAzWebTier of bootstrapped instances of several types, Spot above the minimum',
      size: 6,
      left: 4,
      refilled: overTheOthers(3),
    },
    { variant: 'every scaling', subject: 'MultiAzWebTier around anomalies, with every scaling', size: 6, left: 4, refilled: overTheOthers(3) },
    { variant: 'CloudFront in front', subject: 'MultiAzWebTier by CloudFront', size: 6, left: 4, refilled: overTheOthers(3) },
  ])('with $variant, replaces an instance that dies in the zone that lacks it, and has what is needed when a zone is lost', async (
    { subject, size, left, refilled },
  ) => {
    await deployed(subject);
    const [victim] = await instances();
    await current().killInstance(victim.InstanceId ?? '');
    expect(await instances()).toHaveLength(size - 1);
    await current().checkHealth();
    const whole = await instances();
    expect(whole.map(({ InstanceId }) => InstanceId)).not.toContain(victim.InstanceId);
    expect(perZone(whole)).toEqual(Object.fromEntries(zoneNames.map(zone => [zone, size / 3])));
    expect(await registered()).toEqual(idsOf(whole));

    await current().loseZone(zoneNames[0]);
    expect(await instances()).toHaveLength(left);
    await current().checkHealth();
    const after = await instances();
    expect(perZone(after)).toEqual(refilled);
    expect(await registered()).toEqual(idsOf(after));
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
