import { Damage } from '../faults';
import { Context } from '../model';
import { Why } from '../state';
import { Unknown } from '../template/value';
import { Place, placeOf, zoneCount } from '../zones';

/** A place where instances of a fleet may stand, and what is there. */
export interface Spot {
  readonly place: Place;
  /** Whether what stands there works, as far as the spot decides: the zone is up, and the ways from there too. */
  readonly works: boolean | undefined;
  /** Whether it works again later, after so many seconds. */
  readonly later: boolean | undefined;
  readonly seconds: number;
  /** Whether something can be launched there. */
  readonly up: boolean | undefined;
  /** Why it does not work, apart from its zone. */
  readonly why: readonly Why[];
}

/** Whether a place is gone; undefined where the template does not decide it. What AWS chooses is taken at its worst. */
export function isGone(place: Place, damage: Damage): boolean | undefined {
  if (typeof place === 'string') { return damage.hasZone(place); }
  const { chosenByAws, among = [] } = place.traits;
  if (!damage.hasAnyZone) { return false; }
  if (chosenByAws !== undefined) { return damage.hasPartOf(chosenByAws); }
  const [first, ...others] = among.map(value => isGone(placeOf(value), damage));
  return others.every(other => other === first) ? first : undefined;
}

/** Which of the places are gone. Of as many as the Region has zones, each in another one, one is gone with any zone. */
export function goneOf(places: readonly Place[], { topology, damage }: Context): readonly (boolean | undefined)[] {
  const gone = places.map(place => isGone(place, damage));
  const one = damage.onlyZone;
  const asManyAsZones = one !== undefined && places.length === zoneCount(one.split('#')[0]);
  const everywhere = asManyAsZones && gone.every(state => state === undefined) && topology.areApart(places);
  return everywhere ? places.map((_, index) => index === 0) : gone;
}

/** Of `count` members spread evenly over `zones`, the most that can be in `bad` of them. */
export function mostIn(count: number, zones: number, bad: number): number {
  return Math.min(count, Math.floor(count / zones) * bad + Math.min(count % zones, bad));
}

/** Of places that are in different zones, as AWS sees to it, the most that are gone; undefined where the template does not decide it. */
export function mostGone(places: readonly Place[], region: string, damage: Damage): number | undefined {
  const atOnce = damage.onlyZone === undefined ? places.length : 1;
  const chosen = places.every(place => place instanceof Unknown && place.traits.chosenByAws);
  if (chosen) { return damage.hasPartOf(region) ? Math.min(atOnce, places.length) : 0; }
  const gone = places.map(place => isGone(place, damage));
  const count = gone.filter(one => one === true).length;
  return gone.includes(undefined) && count < atOnce ? undefined : Math.min(atOnce, count);
}

/** One of each place. */
export function distinct(places: readonly Place[]): readonly Place[] {
  const seen = new Map<string, Place>();
  for (const place of places) { seen.set(typeof place === 'string' ? place : `? ${place.identity}`, place); }
  return [...seen.values()];
}

export function samePlace(one: Place, other: Place): boolean {
  return one === other || (one instanceof Unknown && other instanceof Unknown && one.identity === other.identity);
}
