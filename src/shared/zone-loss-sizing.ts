import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import { checkWholeNumber } from './numbers';
import { FEWEST_ZONES } from './zones';

/** The sizes of a group that keeps what is needed through the loss of a zone. */
export interface GroupSizes {
  /** Instances that must be in service at any time. */
  readonly need: number;
  /** Instances to keep running for that. */
  readonly min: number;
  readonly max: number;
}

/** What a user says of the sizes of a group. */
export interface CapacityProps {
  readonly neededCapacity?: number;
  readonly maxCapacity?: number;
}

/**
 * The sizes of a group over so many zones, whose need is at least `leastNeed`.
 *
 * Where the number of zones is not known, it counts as the fewest possible, two: that needs the most instances, so it is
 * enough for any other number as well.
 */
export function sizeForZoneLoss(
  scope: IConstruct, zones: number = FEWEST_ZONES, { neededCapacity, maxCapacity }: CapacityProps, leastNeed = 1,
): GroupSizes {
  checkNeed(scope, leastNeed, neededCapacity);
  const need = neededCapacity ?? zones - 1;
  const min = capacityForZoneLoss(need, zones);
  checkMax(scope, need, zones, min, maxCapacity);
  return { need, min, max: maxCapacity ?? 2 * Math.max(min, zones) };
}

/**
 * Instances to run so that `need` of them are left the moment one of `zones` is gone, before any new launch.
 *
 * With the same number in each of z zones the loss of one leaves (z − 1)/z of them: need · z/(z − 1), rounded up to
 * whole zones, as only then no zone has more than its share.
 */
function capacityForZoneLoss(need: number, zones: number): number {
  return zones * Math.ceil(need / (zones - 1));
}

function checkNeed(scope: IConstruct, leastNeed: number, neededCapacity?: number): void {
  if (neededCapacity === undefined) { return; }
  if (Token.isUnresolved(neededCapacity)) {
    throw new ConfigurationError(scope, "'neededCapacity' is not known at synth, and the sizes of the group are computed from it",
      'give a number, for example out of the context of the app');
  }
  checkWholeNumber(scope, 'neededCapacity', neededCapacity, { from: leastNeed });
}

function checkMax(scope: IConstruct, need: number, zones: number, min: number, maxCapacity?: number): void {
  if (maxCapacity === undefined || Token.isUnresolved(maxCapacity)) { return; }
  checkWholeNumber(scope, 'maxCapacity', maxCapacity, { from: 1 });
  if (maxCapacity < min) {
    throw new ConfigurationError(scope,
      `'maxCapacity' is ${maxCapacity}, but a need of ${need} that outlives the loss of one of ${zones} zones takes ${min} instances`,
      `raise 'maxCapacity' to ${min} or more, or lower 'neededCapacity'`);
  }
}
