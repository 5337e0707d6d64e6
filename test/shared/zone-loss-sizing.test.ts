import * as fc from 'fast-check';
import { sizeForZoneLoss } from '../../src/shared/zone-loss-sizing';
import { shopStack } from '../helpers/network';

describe('sizeForZoneLoss', () => {
  const zones = fc.integer({ min: 2, max: 6 });
  const need = fc.integer({ min: 1, max: 500 });
  const stack = shopStack();

  /** What is left of `instances`, spread as evenly as can be, when the fullest zone is lost. */
  const leftAfterLoss = (instances: number, count: number) => instances - Math.ceil(instances / count);

  test('keeps the need through the loss of the fullest zone, at whatever size the group has then', () => {
    fc.assert(fc.property(zones, need, fc.integer({ min: 0, max: 100 }), (count, wanted, more) => {
      const { min } = sizeForZoneLoss(stack, count, { neededCapacity: wanted });
      expect(leftAfterLoss(min + more, count)).toBeGreaterThanOrEqual(wanted);
    }));
  });

  test('keeps no zone more than that takes', () => {
    fc.assert(fc.property(zones, need, (count, wanted) => {
      const { min } = sizeForZoneLoss(stack, count, { neededCapacity: wanted });
      expect(leftAfterLoss(min - count, count)).toBeLessThan(wanted);
    }));
  });

  test('is enough for any number of zones where it is not known', () => {
    fc.assert(fc.property(zones, need, (count, wanted) => {
      const { min } = sizeForZoneLoss(stack, undefined, { neededCapacity: wanted });
      expect(leftAfterLoss(min, count)).toBeGreaterThanOrEqual(wanted);
    }));
  });

  test('lets a group that may go to nothing grow to two instances in each zone', () => {
    expect(sizeForZoneLoss(stack, 3, { neededCapacity: 0 }, 0)).toEqual({ need: 0, min: 0, max: 6 });
  });
});
