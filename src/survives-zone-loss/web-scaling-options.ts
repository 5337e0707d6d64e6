import { Duration } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-autoscaling';

/**
 * When a fleet keeps more instances than it needs at other times.
 */
export interface ScheduleOptions {
  /**
   * When the minimum is raised; a minute or two before it is needed is too late for a start that takes five.
   */
  readonly start: Schedule;

  /**
   * When the minimum is as always again. What then runs without being busy goes bit by bit, as the other scaling of the fleet has it.
   */
  readonly end: Schedule;

  /**
   * The minimum in between, over all zones; more than the fleet keeps anyhow, and no more than `maxCapacity`.
   */
  readonly minCapacity: number;

  /**
   * The time zone of `start` and `end`, such as `Europe/Berlin`.
   *
   * @default - UTC
   */
  readonly timeZone?: string;
}

/**
 * What a forecast aims at.
 */
export interface ForecastOptions {
  /**
   * The mean CPU utilization of the instances to keep, 1 to 100.
   */
  readonly targetUtilizationPercent: number;

  /**
   * Whether the forecast is only to be looked at: nothing is launched because of it.
   *
   * @default false
   */
  readonly forecastOnly?: boolean;

  /**
   * So long before they are needed instances are launched, up to 1 hour.
   *
   * @default Duration.minutes(5)
   */
  readonly launchAhead?: Duration;
}
