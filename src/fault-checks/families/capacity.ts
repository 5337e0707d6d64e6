import { Rule } from '../rule';
import { bootThroughOneNat } from '../rules/boot-through-one-nat';
import { deploymentResetsSize } from '../rules/deployment-resets-size';
import { fewNodes } from '../rules/few-nodes';
import { functionInOneZone } from '../rules/function-in-one-zone';
import { groupBalancedOnly } from '../rules/group-balanced-only';
import { groupOfFewerThanTwo } from '../rules/group-of-fewer-than-two';
import { groupOfOnePool } from '../rules/group-of-one-pool';
import { groupWithoutRoom } from '../rules/group-without-room';
import { instancesOnOneHost } from '../rules/instances-on-one-host';
import { noZoneRebalancing } from '../rules/no-zone-rebalancing';
import { scaledToFewerThanTwo } from '../rules/scaled-to-fewer-than-two';
import { serviceOfOneTask } from '../rules/service-of-one-task';

/** What is left after a fault is too little, or cannot grow. */
export const CAPACITY: readonly Rule[] = [
  groupOfFewerThanTwo,
  groupWithoutRoom,
  groupBalancedOnly,
  groupOfOnePool,
  deploymentResetsSize,
  instancesOnOneHost,
  bootThroughOneNat,
  serviceOfOneTask,
  noZoneRebalancing,
  functionInOneZone,
  fewNodes,
  scaledToFewerThanTwo,
];
