import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { mostly, networks, optional, selections, topicIn } from './inputs';
import { HaNatPerAz } from '../../../src';
import { importedNetworkOf, networkOf, networkWithoutNat } from '../../helpers/network';

const nats = fc.record({
  network: mostly(
    fc.constantFrom((stack: Stack): ec2.IVpc => networkWithoutNat(stack), (stack: Stack): ec2.IVpc => importedNetworkOf(stack)),
    networks,
  ),
  told: fc.boolean(),
  props: fc.record({ publicSubnets: mostly(fc.constant(undefined), selections), privateSubnets: selections }, { requiredKeys: [] }),
});

const natProviders = fc.record({
  zones: mostly(fc.integer({ min: 2, max: 3 }), fc.constant(1)),
  natGateways: optional(fc.integer({ min: 1, max: 4 })),
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
    fuzz(natProviders, ({ zones, natGateways }) => isAccepted(stack => {
      networkOf(stack, zones, { natGateways, natGatewayProvider: HaNatPerAz.asNatProvider() });
    }));
  });
});
