import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  Bootstrap, BootstrapFile, BootstrapProps, Fault, FaultSimulation, FaultVerdict, InstanceTemplate, MultiAzWebTier, WebEndpoint,
} from '../../src';
import { networkOf, shopStack } from '../helpers/network';

const long = ec2.UserData.forLinux();
long.addCommands('#'.repeat(16_384));

/** How the fleet gets over the loss of the zone of the only NAT gateway. */
function verdictOn(bootstrap: BootstrapProps, beside: { readonly userData?: ec2.UserData; readonly s3Endpoint?: boolean } = {}): FaultVerdict {
  const stack = shopStack();
  const vpc = networkOf(stack, 3, { natGateways: 1 });
  if (beside.s3Endpoint) { vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 }); }
  const fleet = new MultiAzWebTier(stack, 'Web', {
    vpc,
    endpoint: WebEndpoint.internalHttp(),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('m7i.large'),
      bootstrap: new Bootstrap(bootstrap),
      userData: beside.userData,
    }),
  });
  return FaultSimulation.fromStack(stack).under(Fault.availabilityZone(0)).verdictOn(fleet.autoScalingGroups[0]);
}

const file = BootstrapFile.fromLocalFile('/opt/shop', __filename);

describe('after the zone of the only NAT gateway is lost', () => {
  test.each<[string, string, string, Parameters<typeof verdictOn>]>([
    ['packages', 'degraded', 'through the NAT', [{ packages: ['nginx'] }]],
    ['a file from S3', 'degraded', 'through the NAT', [{ files: [file] }]],
    ['a file from S3', 'unaffected', 'through a gateway endpoint', [{ files: [file] }, { s3Endpoint: true }]],
    ['long user data', 'degraded', 'through the NAT', [{}, { userData: long }]],
    ['long user data', 'unaffected', 'through a gateway endpoint', [{}, { userData: long, s3Endpoint: true }]],
    ['packages in long user data', 'degraded', 'past a gateway endpoint', [{ packages: ['nginx'] }, { userData: long, s3Endpoint: true }]],
    ['nothing', 'unaffected', 'from nowhere', [{ files: [BootstrapFile.inline('/etc/shop', 'name=shop')], commands: ['ldconfig'] }]],
  ])('a fleet whose bootstrap fetches %s is %s for good, %s', (_, standing, __, given) => {
    expect(verdictOn(...given)).toMatchObject({ atOnce: 'degraded', afterRecovery: standing });
  });
});
