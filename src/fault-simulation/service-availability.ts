import { Duration } from 'aws-cdk-lib';

/**
 * What no template says, and an availability rests on.
 */
export interface AvailabilityOptions {
  /**
   * Faults a year of each thing to which they happen, by kind: `zone`, `region`, `instance` (each member of a fleet), `primary-host`,
   * `nat`, `volume`.
   *
   * @default - zone 0.2, region 0.02, instance 0.1, primary-host 0.2, nat 0.1, volume 0.002; all but the last are assumed
   */
  readonly faultRates?: Record<string, number>;

  /**
   * How long it takes until a human has repaired what does not come back by itself, or its zone is back.
   *
   * @default Duration.hours(4)
   */
  readonly timeToRepair?: Duration;

  /**
   * By how much the rates and the time to repair may be wrong, either way: it makes `lower` and `upper`.
   *
   * @default 3
   */
  readonly uncertaintyFactor?: number;
}

/**
 * What a fault costs a service.
 */
export interface AvailabilityCost {
  /** As the command names it: `zone:eu-west-1a`, `instance:Stack/LogicalId`; `members:Stack/LogicalId` for several members at once. */
  readonly fault: string;

  /** How long the service is down by it in a year, on average. */
  readonly downtimePerYear: Duration;
}

/**
 * A service level agreement that caps an availability.
 */
export interface AvailabilityLevel {
  /** The service of AWS. */
  readonly service: string;

  /** What it promises, below 1. */
  readonly availability: number;

  /** Whether AWS's own text was read; else it is what others say of it. */
  readonly isConfirmed: boolean;
}

/**
 * The share of the time that a service is up, as its users see it: 0.9995 for 99.95 %.
 */
export interface ServiceAvailability {
  /** As `Stack/LogicalId`. */
  readonly service: string;

  /** At the worse end of the assumptions. */
  readonly lower: number;

  /** The smaller of `simulated` and `ceiling`. */
  readonly expected: number;

  /** At the better end of the assumptions. */
  readonly upper: number;

  /** By rates of faults and simulated recovery alone, uncapped. */
  readonly simulated: number;

  /** The product of the SLAs of all that the service cannot do without: more may not be promised. */
  readonly ceiling: number;

  /** The factors of the ceiling. */
  readonly levels: AvailabilityLevel[];

  /** Of what is expected: 3 for 99.9 %, 3.3 for 99.95 %; rounded down, and 9 at most. */
  readonly nines: number;

  /** Of what is expected. */
  readonly downtimePerYear: Duration;

  /** In words: what is expected, how long that is in a year, and the interval. */
  readonly description: string;

  /** What costs most first; uncapped. */
  readonly costs: AvailabilityCost[];

  /** What the figures rest on, in words. */
  readonly assumptions: string[];
}
