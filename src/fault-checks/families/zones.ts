import { Rule } from '../rule';
import { balancerInOneZone } from '../rules/balancer-in-one-zone';
import { balancerZoneWithoutTargets } from '../rules/balancer-zone-without-targets';
import { classicBalancerInOneZone } from '../rules/classic-balancer-in-one-zone';
import { groupInOneZone } from '../rules/group-in-one-zone';
import { singleTarget } from '../rules/single-target';
import { targetGroupKeepsToZones } from '../rules/target-group-keeps-to-zones';
import { targetsBeyondBalancer } from '../rules/targets-beyond-balancer';

/** A zone goes, and all of something with it. */
export const ZONES: readonly Rule[] = [
  groupInOneZone,
  balancerInOneZone,
  classicBalancerInOneZone,
  balancerZoneWithoutTargets,
  targetGroupKeepsToZones,
  singleTarget,
  targetsBeyondBalancer,
];
