import { Subject, subject, topicIn } from './subject';
import { HaNatPerAz } from '../../../src';
import { networkOf, networkWithoutNat } from '../network';

export const haNatPerAz: readonly Subject[] = [
  subject('HaNatPerAz in a new VPC', stack => {
    networkOf(stack, 3, { natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic: topicIn(stack) }) });
  }),
  subject('HaNatPerAz in an existing VPC', stack => {
    new HaNatPerAz(stack, 'Nat', { vpc: networkWithoutNat(stack), alarmTopic: topicIn(stack) });
  }),
];
