import { App, AppProps, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';

/** Without a fixed environment CDK knows two zones only. */
export const env = { account: '123456789012', region: 'eu-west-1' };

export const zoneNames = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

/** What CDK would look up in the account. */
export const zonesContext = { [`availability-zones:account=${env.account}:region=${env.region}`]: zoneNames };

export function shopStack(props?: AppProps): Stack {
  return new Stack(new App(props), 'Shop', { env });
}

/** A stack of which neither account nor Region is known at synth. */
export function shopStackAnywhere(): Stack {
  return new Stack(new App(), 'Shop');
}

/** A VPC over the first `zones` zones, with public and private subnets. */
export function networkOf(stack: Stack, zones = 3, props: ec2.VpcProps = {}): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', { availabilityZones: zoneNames.slice(0, zones), ...props });
}

/** A VPC whose private subnets wait for somebody else to give them a way out. */
export function networkWithoutNat(stack: Stack, zones = 3): ec2.Vpc {
  return networkOf(stack, zones, {
    natGateways: 0,
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    ],
  });
}

/** A VPC with public, private and isolated subnets in each zone. */
export function networkWithData(stack: Stack, zones = 3): ec2.Vpc {
  return networkOf(stack, zones, {
    subnetConfiguration: [
      { name: 'Public', subnetType: ec2.SubnetType.PUBLIC },
      { name: 'Private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    ],
  });
}

/** A VPC made elsewhere, of which the app knows ids and zones. */
export function importedNetworkOf(stack: Stack, zones = 3): ec2.IVpc {
  const ids = (kind: string, first: string) => zoneNames.slice(0, zones).map((_, i) => `${kind}-0123456789abcde${first}${i}`);
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: zoneNames.slice(0, zones),
    publicSubnetIds: ids('subnet', 'a'),
    publicSubnetRouteTableIds: ids('rtb', 'a'),
    privateSubnetIds: ids('subnet', 'b'),
    privateSubnetRouteTableIds: ids('rtb', 'b'),
  });
}
