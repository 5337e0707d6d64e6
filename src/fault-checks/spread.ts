import { broken, Judgement, undecided } from './rule';
import { listOf, Reference, Text, Unknown } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';
import { nameOfZone, Place } from '../fault-simulation/zones';

/** Where an Auto Scaling group launches. */
export function placesOfGroup({ properties }: Resource, topology: Topology): readonly Place[] | Unknown {
  const { VPCZoneIdentifier: subnets, AvailabilityZones: zones, AvailabilityZoneIds: ids } = properties;
  const [first, ...others] = Array.isArray(subnets) ? subnets : [];
  // one text may name several, with commas
  if (others.length === 0 && (first instanceof Unknown || first instanceof Text)) { return new Unknown('the subnets are named in one text', JSON.stringify(first)); }
  if (subnets !== undefined) { return topology.zonesOfSubnets(subnets); }
  if (ids !== undefined || zones instanceof Reference) { return new Unknown('the zones are not given by their names', JSON.stringify(ids ?? zones)); }
  return zones instanceof Unknown ? zones : listOf(zones).map(zone => topology.place(zone));
}

/**
 * What is against these places if things are to stand in as many zones at least; undefined if nothing is.
 *
 * @param property the one that gives the places, if one does
 */
export function judgeZones(places: readonly Place[] | Unknown, least: number, property?: string): Judgement | undefined {
  if (places instanceof Unknown) { return undecided(places.reason, property); }
  const known = new Set(places.filter(place => typeof place === 'string'));
  const open = places.filter((place): place is Unknown => place instanceof Unknown);
  const different = known.size + new Set(open.map(({ identity }) => identity)).size;
  // places that are the same, whatever they are, are one; others may be
  if (known.size >= least) { return undefined; }
  if (different < least) { return broken(`it stands in ${inWords(known, different)}`, property); }
  return undecided(open[0].reason, property);
}

function inWords(known: ReadonlySet<string>, different: number): string {
  return known.size === 1 ? `${nameOfZone([...known][0])} alone` : different === 0 ? 'no zone that is given' : `${different} ${different === 1 ? 'zone' : 'zones'}`;
}
