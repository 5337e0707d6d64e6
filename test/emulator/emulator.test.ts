import { AutoScalingClient, DescribeAutoScalingGroupsCommand, DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import * as cdk from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { Deployment, Emulator } from './emulator';

const REGION = 'eu-west-1';
const ZONES = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

describe(Emulator, () => {
  let emulator: Emulator;
  beforeAll(async () => { emulator = await Emulator.start(); }, 60_000);
  afterAll(async () => { await emulator.stop(); });
  beforeEach(async () => { await emulator.reset(); });

  test('spreads an Auto Scaling group over the three zones of its VPC', async () => {
    const { stack, group } = webTier();
    const deployment = await emulator.deploy(stack);

    const client = new AutoScalingClient(emulator.clientConfig(REGION));
    const name = deployment.physicalId(stack.getLogicalId(group.node.defaultChild as cdk.CfnElement));
    const answer = await client.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
    const zones = answer.AutoScalingGroups?.[0].Instances?.map(instance => instance.AvailabilityZone);
    expect(zones?.sort()).toEqual(ZONES);
  });

  test('refuses a stack by the name of the resource and the reason', async () => {
    const { stack, targets } = webTier();
    (targets.node.defaultChild as elbv2.CfnTargetGroup).healthCheckPath = 'health';

    await expect(emulator.deploy(stack)).rejects.toThrow(/TargetGroup.*must begin with a '\/' character/);
  });

  test('deploys several stacks of one app', async () => {
    const app = new cdk.App();
    const network = new cdk.Stack(app, 'Network', { env: { region: REGION } });
    const vpc = new ec2.Vpc(network, 'Vpc', { availabilityZones: ZONES.slice(0, 2), natGateways: 0 });
    const user = new cdk.Stack(app, 'User', { env: { region: REGION } });
    new ec2.SecurityGroup(user, 'Group', { vpc });

    await emulator.deploy(network);
    const deployment = await emulator.deploy(user);
    expect(deployment.resources.map(resource => resource.type)).toEqual(['AWS::EC2::SecurityGroup']);
  });
});

describe('an emulator that loses a zone', () => {
  let emulator: Emulator;
  beforeAll(async () => { emulator = await Emulator.start(); }, 60_000);
  afterAll(async () => { await emulator.stop(); });
  beforeEach(async () => { await emulator.reset(); });

  /** The zones of the group's instances, all of which must be behind the load balancer, and nothing else. */
  const zonesOf = async ({ deployment, stack, group, targets }: Deployed) => {
    const config = emulator.clientConfig(REGION);
    const idOf = (element: IConstruct) => deployment.physicalId(stack.getLogicalId(element.node.defaultChild as cdk.CfnElement));
    const { AutoScalingGroups } = await new AutoScalingClient(config)
      .send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [idOf(group)] }));
    const instances = AutoScalingGroups?.[0].Instances ?? [];
    const { TargetHealthDescriptions } = await new ElasticLoadBalancingV2Client(config)
      .send(new DescribeTargetHealthCommand({ TargetGroupArn: idOf(targets) }));
    expect(TargetHealthDescriptions?.map(({ Target }) => Target?.Id).sort()).toEqual(instances.map(({ InstanceId }) => InstanceId).sort());
    return instances.map(({ AvailabilityZone }) => AvailabilityZone).sort();
  };
  const deployed = async (zones?: string[]): Promise<Deployed> => {
    const tier = webTier(6, zones);
    return { ...tier, deployment: await emulator.deploy(tier.stack) };
  };
  const [a, b, c] = ZONES;

  test('keeps what stands in the others, and launches the rest there at the next health check', async () => {
    const tier = await deployed();
    await emulator.loseZone(a);
    expect(await zonesOf(tier)).toEqual([b, b, c, c]);
    await emulator.checkHealth();
    expect(await zonesOf(tier)).toEqual([b, b, b, c, c, c]);
  });

  test('launches nothing for a group of that zone alone, until the zone is restored', async () => {
    const tier = await deployed([a]);
    await emulator.loseZone(a);
    await emulator.checkHealth();
    expect(await zonesOf(tier)).toEqual([]);
    await emulator.restoreZone(a);
    await emulator.checkHealth();
    expect(await zonesOf(tier)).toEqual([a, a, a, a, a, a]);
  });

  test('replaces an instance that is killed', async () => {
    const tier = await deployed();
    const { AutoScalingInstances } = await new AutoScalingClient(emulator.clientConfig(REGION)).send(new DescribeAutoScalingInstancesCommand({}));
    await emulator.killInstance(AutoScalingInstances?.[0].InstanceId ?? '');
    expect(await zonesOf(tier)).toHaveLength(5);
    await emulator.checkHealth();
    expect(await zonesOf(tier)).toEqual([a, a, b, b, c, c]);
  });

  test('knows its zones and its instances', async () => {
    await expect(emulator.loseZone('eu-west-1z')).rejects.toThrow('no zone eu-west-1z');
    await expect(emulator.killInstance('i-12345678')).rejects.toThrow('no instance i-12345678');
  });
});

type Deployed = ReturnType<typeof webTier> & { readonly deployment: Deployment };

function webTier(minCapacity = 3, groupZones?: string[]) {
  const stack = new cdk.Stack(new cdk.App(), 'WebTier', { env: { region: REGION } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: ZONES });
  const group = new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    launchTemplate: new ec2.LaunchTemplate(stack, 'Template', {
      instanceType: new ec2.InstanceType('t3.micro'),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
      securityGroup: new ec2.SecurityGroup(stack, 'Instances', { vpc }),
    }),
    vpcSubnets: { availabilityZones: groupZones, subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    minCapacity,
    maxCapacity: 6,
  });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  const targets = balancer.addListener('Http', { port: 80 }).addTargets('Targets', { port: 80, targets: [group] });
  return { stack, group, targets };
}
