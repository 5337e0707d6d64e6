import { Unknown, Value, Zone } from './template/value';
import { UNNAMED_REGION } from './template/world';

/** Zones that an account finds, where they are not three (EC2 User Guide, "AWS Regions"). */
const ZONE_COUNTS: Readonly<Record<string, number>> = { 'us-east-1': 6, 'us-west-2': 4, 'ap-northeast-1': 3, 'ap-northeast-2': 4 };

/** How many zones Fn::GetAZs lists. */
export function zoneCount(region: string): number {
  return ZONE_COUNTS[region] ?? 3;
}

/** Where something stands: a zone, by its Region and index, or what decides it. */
export type Place = string | Unknown;

/** The zone with this index in the Region: the one whose name ends with that letter of the alphabet. */
export function zoneAt(region: string, index: number): string {
  return `${region}#${index}`;
}

/** The zone that a value of a template means. */
export function placeOf(value: Value | undefined): Place {
  if (value instanceof Zone) { return zoneAt(value.region, value.index); }
  if (value instanceof Unknown) { return value; }
  const named = typeof value === 'string' ? zoneNamed(value) : undefined;
  return named ? zoneAt(named.region, named.index) : new Unknown('the zone is not given', JSON.stringify(value));
}

/** The name of a zone; its index where its Region has none. */
export function nameOfZone(zone: string): string {
  const [region, index] = zone.split('#');
  return region === UNNAMED_REGION ? index : `${region}${String.fromCharCode('a'.charCodeAt(0) + Number(index))}`;
}

/** A zone of this Region that nothing decides but AWS. */
export function chosenByAws(reason: string, region: string, identity = reason): Unknown {
  return new Unknown(reason, identity, { chosenByAws: region });
}

/** The Region and the index of a zone by its name; undefined if it is no name of a zone. */
export function zoneNamed(name: string): { readonly region: string; readonly index: number } | undefined {
  const [, region, letter] = /^([a-z]{2}(?:-[a-z]+)+-\d)([a-z])$/.exec(name) ?? [];
  return region === undefined ? undefined : { region, index: letter.charCodeAt(0) - 'a'.charCodeAt(0) };
}
