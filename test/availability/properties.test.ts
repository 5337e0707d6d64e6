import * as fc from 'fast-check';
import { simulationOf, Site, site } from './templates';
import { assumptionsWith, Availability, availabilityOf } from '../../src/availability/availability';
import { FAULT_RATES, RATED_KINDS } from '../../src/availability/fault-rates';
import { Facts } from '../../src/fault-simulation/topology';

interface Case extends Site {
  readonly need: number | undefined;
}

const cases: fc.Arbitrary<Case> = fc.record({
  zones: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 7 }),
  need: fc.option(fc.integer({ min: 1, max: 7 }), { nil: undefined }),
  database: fc.constantFrom(undefined, 'single' as const, 'pair' as const),
}).map(one => ({ ...one, zones: one.database === 'pair' ? Math.max(2, one.zones) : one.zones }));

const factors = fc.double({ min: 0, max: 1, noNaN: true });

function availabilityIn({ need, ...wanted }: Case, ...given: Parameters<typeof assumptionsWith>): Availability {
  const facts: Facts = need === undefined ? {} : { need: { Fleet: Math.min(need, wanted.size) } };
  return availabilityOf(simulationOf(site(wanted), facts), assumptionsWith(...given))[0];
}

/** Rounding is no difference. */
function expectNoWorse(better: Availability, worse: Availability): void {
  for (const figure of ['lower', 'expected', 'upper', 'simulated'] as const) { expect(better[figure]).toBeGreaterThanOrEqual(worse[figure] - 1e-12); }
}

describe('an availability', () => {
  test('is a share, and an interval around what is expected, at most the ceiling', () => {
    fc.assert(fc.property(cases, one => {
      const { lower, expected, upper, simulated, ceiling, costs } = availabilityIn(one);
      expect(lower).toBeGreaterThan(0);
      expect(lower).toBeLessThanOrEqual(expected);
      expect(expected).toBeLessThanOrEqual(upper);
      expect(upper).toBeLessThanOrEqual(ceiling);
      expect(expected).toBe(Math.min(simulated, ceiling));
      expect(costs.every(({ secondsPerYear }, index) => index === 0 || secondsPerYear <= costs[index - 1].secondsPerYear)).toBe(true);
    }), { numRuns: 60, seed: 1 });
  });

  test('is never worse with a lower rate of any fault', () => {
    fc.assert(fc.property(cases, fc.constantFrom(...RATED_KINDS), factors, (one, kind, factor) => {
      expectNoWorse(availabilityIn(one, { [kind]: FAULT_RATES[kind].perYear * factor }), availabilityIn(one));
    }), { numRuns: 60, seed: 2 });
  });

  test('is never worse with a shorter repair', () => {
    fc.assert(fc.property(cases, fc.integer({ min: 60, max: 14_400 }), (one, seconds) => {
      expectNoWorse(availabilityIn(one, {}, seconds), availabilityIn(one));
    }), { numRuns: 60, seed: 3 });
  });

  test('is never worse with a launch that is held back for less', () => {
    fc.assert(fc.property(cases, fc.integer({ min: 30, max: 7200 }), factors, (one, hookSeconds, factor) => {
      expectNoWorse(availabilityIn({ ...one, hookSeconds: Math.ceil(hookSeconds * factor) }), availabilityIn({ ...one, hookSeconds }));
    }), { numRuns: 60, seed: 4 });
  });

  test('is never worse with more zones, as long as each of them has as many members as are needed', () => {
    // else a further zone is one more that has to be up: three of three are lost more often than two of two
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 4 }), fc.constantFrom(undefined, 'single' as const), (zones, need, database) => {
      const one = { zones, size: 3 * need, need, database };
      expectNoWorse(availabilityIn({ ...one, zones: zones + 1 }), availabilityIn(one));
    }), { numRuns: 40, seed: 5 });
  });

  test('is never worse with a standby of the database', () => {
    fc.assert(fc.property(cases, one => {
      const zones = Math.max(2, one.zones);
      expectNoWorse(availabilityIn({ ...one, zones, database: 'pair' }), availabilityIn({ ...one, zones, database: 'single' }));
    }), { numRuns: 60, seed: 6 });
  });

  test('is never better where more members are needed', () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 6 }), (one, need) => {
      expectNoWorse(availabilityIn({ ...one, need }), availabilityIn({ ...one, need: need + 1 }));
    }), { numRuns: 60, seed: 7 });
  });
});
