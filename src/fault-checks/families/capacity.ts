import { Rule } from '../rule';
import { bootThroughOneNat } from '../rules/boot-through-one-nat';
import { deploymentResetsSize } from '../rules/deployment-resets-size';
import { groupBalancedOnly } from '../rules/group-balanced-only';
import { groupOfFewerThanTwo } from '../rules/group-of-fewer-than-two';
import { groupOfOnePool } from '../rules/group-of-one-pool';
import { groupWithoutRoom } from '../rules/group-without-room';
import { instancesOnOneHost } from '../rules/instances-on-one-host';

/** What is left after a fault is too little, or cannot grow. */
export const CAPACITY: readonly Rule[] = [
  groupOfFewerThanTwo,
  groupWithoutRoom,
  groupBalancedOnly,
  groupOfOnePool,
  deploymentResetsSize,
  instancesOnOneHost,
  bootThroughOneNat,
];
