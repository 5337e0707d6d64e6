import { Lazy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { mostly, networks, optional, selections, topicIn } from './inputs';
import { HaNatPerAz, NatAddresses, NatEgress, NatFailback, NatInstancesOptions, TakeoverProfile } from '../../../src';
import { importedNetworkOf, networkOf, networkWithoutNat } from '../../helpers/network';

const allocationIds = optional(mostly<string[]>(
  fc.constant(['eipalloc-0a', 'eipalloc-0b', 'eipalloc-0c']),
  fc.array(fc.oneof(fc.constantFrom('eipalloc-0a', 'eipalloc-0b', '198.51.100.7'), fc.string()), { maxLength: 4 }),
));

const allocationIdsOfZones = optional(mostly(
  fc.constant<Record<string, string[]>>({ 'eu-west-1a': ['eipalloc-0a'], 'eu-west-1b': ['eipalloc-0b', 'eipalloc-1b'], 'eu-west-1c': ['eipalloc-0c'] }),
  fc.dictionary(fc.constantFrom('eu-west-1a', 'eu-west-1b', 'us-east-1a'), fc.array(fc.constantFrom('eipalloc-0a', 'eipalloc-0b', ''), { maxLength: 2 })),
));

const instanceTypes = mostly(
  fc.constantFrom('t4g.small', 't3.small', 'm7i.large', 'c7gn.medium'),
  fc.constantFrom('t4g.nano', 'd3.xlarge', 'x9.what', Lazy.string({ produce: () => 't4g.small' })),
).map(name => new ec2.InstanceType(name));

const images = mostly<ec2.IMachineImage>(
  fc.constant(ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' })),
  fc.constantFrom<ec2.IMachineImage>(
    ec2.MachineImage.latestAmazonLinux2023(),
    ec2.MachineImage.fromSsmParameter('/shop/nat-arm64'),
    ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0123456789abcdef0' }),
  ),
  4,
);

const instances: fc.Arbitrary<NatInstancesOptions> = fc.record({
  instanceType: instanceTypes,
  machineImage: optional(images),
  rootDeviceName: mostly(fc.constantFrom('/dev/xvda', '/dev/sda1'), fc.string()),
  addresses: mostly(fc.constantFrom(...Object.values(NatAddresses)), fc.string().map(text => text as NatAddresses)),
  eipAllocationIds: allocationIds,
  profile: mostly(fc.constantFrom(...Object.values(TakeoverProfile)), fc.string().map(text => text as TakeoverProfile)),
  failback: mostly(fc.constantFrom(...Object.values(NatFailback)), fc.string().map(text => text as NatFailback)),
  preserveConnections: mostly(fc.constant(false), fc.constant(true), 4),
  vpcCidrs: mostly(fc.constantFrom(['10.0.0.0/16'], ['10.0.0.0/16', '10.1.0.0/16']), fc.array(fc.string(), { maxLength: 2 })),
}, { requiredKeys: [] });

const egresses: fc.Arbitrary<NatEgress | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.record({ eipAllocationIds: allocationIds }).map(options => NatEgress.gateways(options)),
  fc.record({ eipAllocationIds: allocationIdsOfZones }).map(options => NatEgress.regionalGateway(options)),
  { weight: 4, arbitrary: instances.map(options => NatEgress.instances(options)) },
);

const nats = fc.record({
  network: mostly(
    fc.constantFrom((stack: Stack): ec2.IVpc => networkWithoutNat(stack), (stack: Stack): ec2.IVpc => importedNetworkOf(stack)),
    networks,
  ),
  told: fc.boolean(),
  props: fc.record({
    publicSubnets: mostly(fc.constant(undefined), selections),
    privateSubnets: mostly(fc.constant(undefined), selections),
    egress: egresses,
    ipv6Egress: fc.boolean(),
  }, { requiredKeys: [] }),
});

const natProviders = fc.record({
  zones: mostly(fc.integer({ min: 2, max: 3 }), fc.constant(1)),
  natGateways: optional(fc.integer({ min: 1, max: 4 })),
  egress: egresses,
});

describe('HaNatPerAz synthesizes whatever it is given without a finding, or refuses as promised:', () => {
  test('in an existing VPC', () => {
    fuzz(nats, ({ network, told, props }) => isAccepted(stack => {
      const vpc = network(stack);
      const alarmTopic = told ? topicIn(stack) : undefined;
      refusedWhole(stack, 'Nat', () => new HaNatPerAz(stack, 'Nat', { ...props, vpc, alarmTopic }));
    }));
  });

  test('in a new VPC', () => {
    fuzz(natProviders, ({ zones, natGateways, egress }) => isAccepted(stack => {
      networkOf(stack, zones, { natGateways, natGatewayProvider: HaNatPerAz.asNatProvider({ egress }) });
    }));
  });
});
