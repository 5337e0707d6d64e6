import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Subject, subject, topicIn } from './subject';
import { HaNatPerAz, NatAddresses, NatEgress, NatFailback, TakeoverProfile } from '../../../src';
import { networkOf, networkWithoutNat } from '../network';

export const haNatPerAz: readonly Subject[] = [
  subject('HaNatPerAz in a new VPC', stack => {
    networkOf(stack, 3, { natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic: topicIn(stack) }) });
  }),
  subject('HaNatPerAz in an existing VPC', stack => {
    new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack), alarmTopic: topicIn(stack) });
  }),
  subject('HaNatPerAz of instances in a new VPC', stack => {
    networkOf(stack, 3, { natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances(), alarmTopic: topicIn(stack) }) });
  }),
  subject('HaNatPerAz of instances in an existing VPC, with addresses that follow', stack => {
    new HaNatPerAz(stack, 'Nat', {
      vpc: networkWithoutNat(stack),
      egress: NatEgress.instances({
        instanceType: new ec2.InstanceType('m7i.large'),
        addresses: NatAddresses.FOLLOW,
        profile: TakeoverProfile.FAST,
        failback: NatFailback.MANUAL,
      }),
      alarmTopic: topicIn(stack),
    });
  }),
  subject('HaNatPerAz of instances over two zones, with connections that outlive a takeover', stack => {
    new HaNatPerAz(stack, 'Nat', {
      vpc: networkWithoutNat(stack, 2),
      egress: NatEgress.instances({ addresses: NatAddresses.FOLLOW, preserveConnections: true }),
      alarmTopic: topicIn(stack),
    });
  }),
  subject('HaNatPerAz of a regional gateway', stack => {
    networkOf(stack, 3, { natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.regionalGateway(), alarmTopic: topicIn(stack) }) });
  }),
];
