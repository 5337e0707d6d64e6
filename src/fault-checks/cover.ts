import { Judgement } from './rule';
import { judgeZones } from './spread';
import { firstUnknown, Unknown } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Place } from '../fault-simulation/zones';

export type Places = readonly Place[] | Unknown;

/** The first of the users' places that certainly is none of those served; what leaves it open, if something does; undefined if all are served. */
export function leftOut(users: Places, served: Places): string | Unknown | undefined {
  if (users instanceof Unknown || served instanceof Unknown) {
    const isSame = users instanceof Unknown && served instanceof Unknown && users.identity === served.identity;
    return isSame ? undefined : firstUnknown([users, served]);
  }
  const ids = new Set(served.map(idOf));
  const left = users.filter(place => !ids.has(idOf(place)));
  const open = firstUnknown(served);
  const certain = open ? undefined : left.find((place): place is string => typeof place === 'string');
  return certain ?? firstUnknown(left) ?? (left.length > 0 ? open : undefined);
}

function idOf(place: Place): string {
  return typeof place === 'string' ? place : `? ${place.identity}`;
}

/** What is against these places where AWS refuses two subnets of one zone: two that are given are two zones, whichever these are. */
export function judgeApart({ raw }: Resource, places: Places, property: string): Judgement | undefined {
  const judgement = judgeZones(places, 2, property);
  const isGiven = !(places instanceof Unknown) && !JSON.stringify(raw.Properties?.[property] ?? '').includes('"Fn::If"');
  return judgement?.compliance === 'unknown' && isGiven ? undefined : judgement;
}
