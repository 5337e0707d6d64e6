/** Equal members in several zones, of which some have to be up. */
export interface FleetOdds {
  /** How many members stand in each zone. */
  readonly members: readonly number[];
  readonly needed: number;
  /** The share of the time that a zone is up; all of its members go with it. */
  readonly zoneUp: number;
  /** The share of the time that a member is up while its zone is. */
  readonly memberUp: number;
}

/** A(Z, m, K): the share of the time that K members are up, of m in each of Z zones. */
export function availabilityOfFleet(zones: number, members: number, needed: number, zoneUp: number, memberUp: number): number {
  return 1 - chanceOfTooFew({ members: Array.from({ length: zones }, () => members), needed, zoneUp, memberUp });
}

/**
 * The share of the time that fewer members are up than are needed, summed over the states themselves: the complement of
 * what is almost 1 would be all rounding.
 *
 * @param leastFaults of the states only those with as many faults, a zone with its members being one
 */
export function chanceOfTooFew({ members, needed, zoneUp, memberUp }: FleetOdds, leastFaults: 0 | 2 = 0): number {
  let states: Odds = [[1], [], []];
  for (const count of members) { states = withZone(states, zoneOdds(count, zoneUp, memberUp)); }
  return states.slice(leastFaults).reduce((sum, byUp) => sum + byUp.slice(0, Math.max(0, needed)).reduce(plus, 0), 0);
}

/** Chances by the number of faults, two or more being one, and by the number of members that are up. */
type Odds = readonly [none: readonly number[], one: readonly number[], more: readonly number[]];

const plus = (one: number, other: number) => one + other;

/** A zone by itself: down as a whole, or up with some of its members. */
function zoneOdds(count: number, zoneUp: number, memberUp: number): Odds {
  const byUp = binomial(count, memberUp).map(chance => chance * zoneUp);
  const only = (from: number, to: number) => byUp.map((chance, up) => up >= from && up <= to ? chance : 0);
  const one = only(count - 1, count - 1);
  one[0] = (one[0] ?? 0) + (1 - zoneUp);
  return [only(count, count), one, only(0, count - 2)];
}

function withZone(before: Odds, zone: Odds): Odds {
  const after: [number[], number[], number[]] = [[], [], []];
  before.forEach((ones, faults) => zone.forEach((others, more) => {
    const sums = after[Math.min(2, faults + more)];
    ones.forEach((chance, up) => others.forEach((other, upToo) => { sums[up + upToo] = (sums[up + upToo] ?? 0) + chance * other; }));
  }));
  return after.map(list => Array.from(list, chance => chance ?? 0)) as unknown as Odds;
}

/** The chances that 0, 1, … of these are up. */
function binomial(count: number, up: number): number[] {
  let chances = [1];
  for (let member = 0; member < count; member++) {
    chances = Array.from({ length: chances.length + 1 }, (_, index) => (chances[index] ?? 0) * (1 - up) + (chances[index - 1] ?? 0) * up);
  }
  return chances;
}

/** Members spread evenly, as AWS does. */
export function spreadOver(zones: number, members: number): number[] {
  return Array.from({ length: zones }, (_, index) => Math.floor(members / zones) + (index < members % zones ? 1 : 0));
}
