/**
 * NAT instances in three zones with an instance behind each, for `prove.ts`. Costs money while it stands: about two dollars a day.
 */
import { App, CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { HaNatPerAz, NatAddresses, NatEgress } from '../../src';

const app = new App();
const stack = new Stack(app, 'ProveNatInstances', { env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION } });
const preserve = app.node.tryGetContext('preserve') === 'true';
const egress = preserve
  ? NatEgress.instances({ addresses: NatAddresses.FOLLOW, preserveConnections: true })
  : NatEgress.instances();
const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: preserve ? 2 : 3, natGatewayProvider: HaNatPerAz.asNatProvider({ egress }) });
const nat = vpc.node.findChild('HaNat') as HaNatPerAz;

vpc.privateSubnets.forEach((subnet, index) => {
  const client = new ec2.Instance(stack, `Client${index}`, {
    vpc,
    vpcSubnets: { subnets: [subnet] },
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.NANO),
    machineImage: ec2.MachineImage.latestAmazonLinux2023({ cpuType: ec2.AmazonLinuxCpuType.ARM_64 }),
    requireImdsv2: true,
  });
  client.role.addManagedPolicy(iam.ManagedPolicy.fromAwsManagedPolicyName('AmazonSSMManagedInstanceCore'));
  client.node.addDependency(subnet.internetConnectivityEstablished);
  Tags.of(client).add('prove-nat', 'client');
  new CfnOutput(stack, `ClientId${index}`, { value: client.instanceId });
});
nat.autoScalingGroups.forEach((group, index) => new CfnOutput(stack, `Group${index}`, { value: group.autoScalingGroupName }));
