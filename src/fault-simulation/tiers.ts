import { membersOf as targetsOf } from './components/balancers';
import { consumersOf, QUEUES } from './components/consumers';
import { isFleet } from './members';
import { Resource } from './template/world';
import { Topology } from './topology';

/** Fleets that serve something, of which a number of members has to be left in all. */
export interface Tier {
  /** The target group, or the queue. */
  readonly thing: Resource;
  readonly fleets: readonly Resource[];
  readonly needed: number;
}

/** What is served by fleets alone, as far as it is known how many members it needs of all of them. */
export function tiersOf(topology: Topology): readonly Tier[] {
  const served = [
    ...topology.ofType('AWS::ElasticLoadBalancingV2::TargetGroup').map(thing => ({ thing, fleets: targetsOf(thing, { topology }) })),
    ...topology.ofType(...QUEUES).map(thing =>
      ({ thing, fleets: consumersOf(thing, topology).flatMap(({ key }) => topology.world.resource(key) ?? []) })),
  ];
  return served.flatMap(({ thing, fleets }) => {
    const need = fleets.length > 0 && fleets.every(isFleet) ? topology.needOf(thing) : undefined;
    return need ? [{ thing, fleets, needed: need.count }] : [];
  });
}
