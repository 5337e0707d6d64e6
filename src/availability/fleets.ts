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

/** The share of the time that fewer members are up than are needed: summed over those states, as 1 minus almost 1 would be all rounding. */
export function chanceOfTooFew({ members, needed, zoneUp, memberUp }: FleetOdds): number {
  let byUp = [1];
  for (const count of members) { byUp = joined(byUp, zoneOdds(count, zoneUp, memberUp)); }
  return byUp.slice(0, Math.max(0, needed)).reduce((sum, chance) => sum + chance, 0);
}

/** The chances that 0, 1, … members of a zone are up, which goes down as a whole, too. */
function zoneOdds(count: number, zoneUp: number, memberUp: number): number[] {
  return binomial(count, memberUp).map((chance, up) => chance * zoneUp + (up === 0 ? 1 - zoneUp : 0));
}

/** The chances of both together. */
function joined(ones: readonly number[], others: readonly number[]): number[] {
  const sums = Array.from({ length: ones.length + others.length - 1 }, () => 0);
  ones.forEach((chance, up) => others.forEach((other, upToo) => { sums[up + upToo] += chance * other; }));
  return sums;
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
