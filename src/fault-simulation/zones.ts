import { Unknown, Value, Zone } from './template/value';

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

/** The zone that a value of a template in this Region means. */
export function placeOf(value: Value | undefined, own?: string): Place {
  if (value instanceof Zone) { return zoneAt(value.region, value.index); }
  if (value instanceof Unknown) { return value; }
  // CDK's names for the zones of an account that it has not asked yet
  const dummy = typeof value === 'string' ? /^dummy1([a-c])$/.exec(value)?.[1] : undefined;
  if (dummy && own) { return zoneAt(own, dummy.charCodeAt(0) - 'a'.charCodeAt(0)); }
  const [, region, letter] = (typeof value === 'string' && /^([a-z]{2}(?:-[a-z]+)+-\d)([a-z])$/.exec(value)) || [];
  return region ? zoneAt(region, letter.charCodeAt(0) - 'a'.charCodeAt(0)) : new Unknown('the zone is not given', JSON.stringify(value));
}
