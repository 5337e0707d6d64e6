import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import * as cdk from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Emulator } from './emulator';

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

function webTier() {
  const stack = new cdk.Stack(new cdk.App(), 'WebTier', { env: { region: REGION } });
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: ZONES });
  const group = new autoscaling.AutoScalingGroup(stack, 'Group', {
    vpc,
    launchTemplate: new ec2.LaunchTemplate(stack, 'Template', {
      instanceType: new ec2.InstanceType('t3.micro'),
      machineImage: ec2.MachineImage.latestAmazonLinux2023(),
      securityGroup: new ec2.SecurityGroup(stack, 'Instances', { vpc }),
    }),
    minCapacity: 3,
    maxCapacity: 6,
  });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  const targets = balancer.addListener('Http', { port: 80 }).addTargets('Targets', { port: 80, targets: [group] });
  return { stack, group, targets };
}
