import { Annotations, Token } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import { checkWholeNumber } from './numbers';
import { isStillToBeLookedUp } from './zones';

/** The sizes of a fleet that keeps what is needed through the loss of a zone. */
export interface FleetSizes {
  /** Instances that must be in service at any time. */
  readonly need: number;
  /** Instances to keep running for that. */
  readonly min: number;
  readonly max: number;
}

/** What a user says of the sizes of a fleet. */
export interface CapacityProps {
  readonly neededCapacity?: number;
  readonly maxCapacity?: number;
  /** Instances to keep running, instead of as many as the need takes. */
  readonly minCapacity?: number;
  /** Zones that may be lost at the same time; one, unless told. */
  readonly zoneFailureTolerance?: number;
}

/**
 * What of the user's figures can be judged: of a VPC that is still to be looked up the need alone, as a refusal for the zones of its
 * stand-ins would keep it from being looked up.
 */
export function capacityIn(vpc: IVpc, props: CapacityProps): CapacityProps {
  return isStillToBeLookedUp(vpc) ? { neededCapacity: props.neededCapacity } : props;
}

/**
 * The sizes of a fleet over so many zones, whose need is at least `leastNeed`.
 *
 * Where the number of zones is not known, it counts as the fewest possible, one more than may be lost: that needs the most
 * instances, so it is enough for any other number as well.
 */
export function sizeForZoneLoss(scope: IConstruct, zones: number | undefined, props: CapacityProps, leastNeed = 1): FleetSizes {
  const { neededCapacity, minCapacity, maxCapacity } = props;
  const lost = toleranceOf(scope, zones, props);
  const over = zones ?? lost + 1;
  checkKnown(scope, 'neededCapacity', neededCapacity, leastNeed);
  const need = neededCapacity ?? over - lost;
  const enough = capacityForZoneLoss(need, over, lost);
  checkKnown(scope, 'fleet.minCapacity', minCapacity, Math.max(leastNeed, need));
  const min = minCapacity ?? enough;
  checkMax(scope, { need, over, lost, min, isOwn: minCapacity !== undefined }, maxCapacity);
  return { need, min, max: maxCapacity ?? 2 * Math.max(min, over) };
}

/** Says where the user's own figures leave the promise without head-room. */
export function warnOfSizes(
  scope: IConstruct, { need, min, max }: FleetSizes, zones: number | undefined, { zoneFailureTolerance = 1 }: CapacityProps,
): void {
  const over = zones ?? zoneFailureTolerance + 1;
  const left = min - Math.min(min, zoneFailureTolerance * Math.ceil(min / over));
  if (left < need) {
    Annotations.of(scope).addWarningV2('cdk-fault-tolerance:noHeadRoom',
      `'fleet.minCapacity' is ${min}: without ${inZones(zoneFailureTolerance)} of ${over}, ${left} of the ${need} instances that are needed are left until `
      + `others have started; leave it out, or give ${capacityForZoneLoss(need, over, zoneFailureTolerance)}`);
  }
  if (min > 0 && max === min) {
    Annotations.of(scope).addWarningV2('cdk-fault-tolerance:noGrowth',
      `'maxCapacity' lets ${max} instances run, as many as always do: the fleet does not grow with its load; give more`);
  }
}

/**
 * Instances to run so that `need` of them are left the moment `lost` of `zones` are gone, before any new launch.
 *
 * With the same number in each of z zones the loss of t leaves (z − t)/z of them: need · z/(z − t), rounded up to whole zones, as
 * only then no zone has more than its share.
 */
function capacityForZoneLoss(need: number, zones: number, lost: number): number {
  return zones * Math.ceil(need / (zones - lost));
}

function toleranceOf(scope: IConstruct, zones: number | undefined, { zoneFailureTolerance }: CapacityProps): number {
  if (zoneFailureTolerance === undefined) { return 1; }
  checkKnown(scope, 'fleet.zoneFailureTolerance', zoneFailureTolerance, 1);
  if (zones !== undefined && zoneFailureTolerance >= zones) {
    throw new ConfigurationError(scope, `'fleet.zoneFailureTolerance' is ${zoneFailureTolerance}, but the subnets are in ${zones} zones, and one has to be left`,
      `give ${zones - 1} or less, or subnets in more zones`);
  }
  return zoneFailureTolerance;
}

function checkKnown(scope: IConstruct, prop: string, value: number | undefined, least: number): void {
  if (value === undefined) { return; }
  if (Token.isUnresolved(value)) {
    throw new ConfigurationError(scope, `'${prop}' is not known at synth, and the sizes of the group are computed from it`,
      'give a number, for example out of the context of the app');
  }
  checkWholeNumber(scope, prop, value, { from: least });
}

function checkMax(
  scope: IConstruct, { need, over, lost, min, isOwn }: { need: number; over: number; lost: number; min: number; isOwn: boolean },
  maxCapacity?: number,
): void {
  if (maxCapacity === undefined || Token.isUnresolved(maxCapacity)) { return; }
  checkWholeNumber(scope, 'maxCapacity', maxCapacity, { from: 1 });
  if (maxCapacity < min && isOwn) {
    throw new ConfigurationError(scope, `'maxCapacity' is ${maxCapacity}, fewer than 'fleet.minCapacity' (${min})`, 'raise the one, or lower the other');
  }
  if (maxCapacity < min) {
    throw new ConfigurationError(scope,
      `'maxCapacity' is ${maxCapacity}, but a need of ${need} that outlives the loss of ${lost === 1 ? 'one' : lost} of ${over} zones takes ${min} instances`,
      `raise 'maxCapacity' to ${min} or more, or lower 'neededCapacity'`);
  }
}

function inZones(count: number): string {
  return count === 1 ? 'one zone' : `${count} zones`;
}
