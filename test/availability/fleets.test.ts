import { random } from './random';
import { availabilityOfFleet, chanceOfTooFew, FleetOdds, spreadOver } from '../../src/availability/fleets';

/** A(Z, m, K) with zones up 99.9 % and members 99.5 % of the time, worked out elsewhere. */
const GOLDEN: readonly (readonly [zones: number, members: number, needed: number, availability: number])[] = [
  [1, 1, 1, 0.994005000], [1, 2, 1, 0.998975025], [2, 1, 1, 0.999964060], [2, 1, 2, 0.988045940], [2, 2, 2, 0.999978573],
  [2, 2, 3, 0.997852296], [3, 1, 2, 0.999892611], [3, 2, 3, 0.999996547], [3, 2, 4, 0.999935105], [3, 2, 6, 0.967464302],
];

/** Each state by itself, zone by zone and member by member. */
function byStates({ members, needed, zoneUp, memberUp }: FleetOdds): number {
  const visit = (zone: number, chance: number, up: number): number => {
    if (zone === members.length) { return up < needed ? chance : 0; }
    let sum = visit(zone + 1, chance * (1 - zoneUp), up);
    for (let state = 0; state < 2 ** members[zone]; state++) {
      const here = [...state.toString(2)].filter(bit => bit === '1').length;
      const odds = memberUp ** here * (1 - memberUp) ** (members[zone] - here);
      sum += visit(zone + 1, chance * zoneUp * odds, up + here);
    }
    return sum;
  };
  return visit(0, 1, 0);
}

describe('a fleet of which some members have to be up', () => {
  test.each(GOLDEN)('of %d zones with %d members, of which %d are needed, is up %d', (zones, members, needed, availability) => {
    expect(availabilityOfFleet(zones, members, needed, 0.999, 0.995)).toBeCloseTo(availability, 9);
  });

  test('is counted as state by state', () => {
    for (const members of [[1], [3], [1, 1], [2, 1], [3, 2, 2], [1, 0]]) {
      for (const needed of [0, 1, 2, 3, 7]) {
        const odds = { members, needed, zoneUp: 0.97, memberUp: 0.9 };
        expect(chanceOfTooFew(odds)).toBeCloseTo(byStates(odds), 12);
      }
    }
  });

  test('keeps its digits where almost nothing is missing', () => {
    // both zones at once, 1e-12; 1 - (1 - 1e-12) would have four digits
    expect(chanceOfTooFew({ members: [1, 1], needed: 1, zoneUp: 1 - 1e-6, memberUp: 1 }) / 1e-12).toBeCloseTo(1, 6);
  });

  test('is spread as evenly as it can be', () => {
    expect([spreadOver(3, 6), spreadOver(3, 4), spreadOver(2, 1)]).toEqual([[2, 2, 2], [2, 1, 1], [1, 0]]);
  });

  test('is down as long as the clock says: a Monte Carlo of its members and zones', () => {
    const [years, zoneRate, zoneHours, memberRate, memberHours] = [500, 100, 4, 300, 1];
    const hours = years * 8766;
    const next = random(7);
    const events: [at: number, change: number, what: number][] = [];
    const fail = (what: number, rate: number, duration: number) => {
      const gap = () => -Math.log(1 - next()) * 8766 / rate;
      for (let at = gap(); at < hours; at += gap()) { events.push([at, 1, what], [at + duration, -1, what]); }
    };
    [0, 1].forEach(zone => fail(zone, zoneRate, zoneHours));
    [2, 3, 4, 5].forEach(member => fail(member, memberRate, memberHours));
    events.sort(([one], [other]) => one - other);
    const broken = [0, 0, 0, 0, 0, 0];
    const up = () => [2, 3, 4, 5].filter(member => broken[member] === 0 && broken[member % 2] === 0).length;
    let [down, since] = [0, 0];
    for (const [at, change, what] of events) {
      if (up() < 2) { down += at - since; }
      since = at;
      broken[what] += change;
    }
    const share = (rate: number, duration: number) => Math.exp(-rate * duration / 8766);
    const computed = chanceOfTooFew({ members: [2, 2], needed: 2, zoneUp: share(zoneRate, zoneHours), memberUp: share(memberRate, memberHours) });
    expect(Math.abs(down / hours / computed - 1)).toBeLessThan(0.05);
  });
});
