/**
 * The stacks that the lab runs, one for each way in which NAT instances can be set up.
 *
 * Synthesized into the folder of CDK_OUTDIR.
 */
import { App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HaNatPerAz } from '../../src/survives-zone-loss/ha-nat-per-az';
import { NatEgress } from '../../src/survives-zone-loss/nat-egress';
import { NatAddresses, NatInstancesOptions, TakeoverProfile } from '../../src/survives-zone-loss/nat-instances-options';

const fast = { profile: TakeoverProfile.FAST };
const follow = { addresses: NatAddresses.FOLLOW };
const preserving = { ...follow, preserveConnections: true };

const three = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];
const two = three.slice(0, 2);

const variants: Record<string, { readonly zones: string[]; readonly options: NatInstancesOptions }> = {
  PerAz: { zones: three, options: {} },
  PerAzFast: { zones: three, options: fast },
  FollowFast: { zones: three, options: { ...follow, ...fast } },
  Preserving: { zones: two, options: preserving },
  PreservingFast: { zones: two, options: { ...preserving, ...fast } },
};

const app = new App();
for (const [name, { zones, options }] of Object.entries(variants)) {
  const stack = new Stack(app, name, { env: { account: '123456789012', region: 'eu-west-1' } });
  new ec2.Vpc(stack, 'Vpc', {
    ipAddresses: ec2.IpAddresses.cidr('10.0.0.0/16'),
    availabilityZones: zones,
    natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances(options) }),
  });
}
app.synth();
