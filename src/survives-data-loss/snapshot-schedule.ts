import { Duration, Token } from 'aws-cdk-lib';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';

/** The intervals that Data Lifecycle Manager knows, in hours. */
const INTERVALS = [1, 2, 3, 4, 6, 8, 12, 24];

/** Where few are at work in Europe and America. */
const DEFAULT_START = '03:00';

/**
 * When the first snapshot of a day is taken.
 */
export interface SnapshotIntervalOptions {
  /**
   * The time in UTC, as `hh:mm`; the snapshot is begun within an hour after it.
   *
   * @default '03:00'
   */
  readonly startTime?: string;
}

/**
 * When snapshots are taken. What was written since the last one is what a lost volume takes along.
 */
export abstract class SnapshotSchedule {
  /**
   * At even distances: every 1, 2, 3, 4, 6, 8, 12 or 24 hours.
   */
  public static every(interval: Duration, options: SnapshotIntervalOptions = {}): SnapshotSchedule {
    return new IntervalSchedule(interval, options.startTime ?? DEFAULT_START);
  }

  /**
   * At the times of a cron expression in UTC with its six fields (minute, hour, day of month, month, day of week, year), at most
   * once an hour: `0 3 ? * MON-FRI *`.
   */
  public static cron(expression: string): SnapshotSchedule {
    return new CronSchedule(expression);
  }

  /** The most that a lost volume takes along; undefined where a cron expression decides. */
  public abstract readonly interval?: Duration;

  /** @internal */
  public abstract _check(scope: IConstruct): void;

  /** @internal */
  public abstract _createRule(): CfnLifecyclePolicy.CreateRuleProperty;
}

class IntervalSchedule extends SnapshotSchedule {
  constructor(public readonly interval: Duration, private readonly startTime: string) {
    super();
  }

  public _check(scope: IConstruct): void {
    if (this.interval.isUnresolved()) {
      throw new ConfigurationError(scope, "the interval of 'schedule' is not known at synth", `give one of ${INTERVALS.join(', ')} hours`);
    }
    const hours = this.interval.toHours({ integral: false });
    if (!INTERVALS.includes(hours)) {
      throw new ConfigurationError(scope, `the interval of 'schedule' is ${hours} hours, which Data Lifecycle Manager does not know`,
        `give one of ${INTERVALS.join(', ')} hours`);
    }
    if (!Token.isUnresolved(this.startTime) && !/^([01]\d|2[0-3]):[0-5]\d$/.test(this.startTime)) {
      throw new ConfigurationError(scope, `'schedule.startTime' is '${this.startTime}'`, "give hours and minutes of UTC as 'hh:mm'");
    }
  }

  public _createRule(): CfnLifecyclePolicy.CreateRuleProperty {
    return { interval: this.interval.toHours(), intervalUnit: 'HOURS', times: [this.startTime] };
  }
}

class CronSchedule extends SnapshotSchedule {
  public readonly interval = undefined;

  constructor(private readonly expression: string) {
    super();
  }

  public _check(scope: IConstruct): void {
    if (Token.isUnresolved(this.expression)) { return; }
    if (this.expression.includes('(')) {
      throw new ConfigurationError(scope, `the cron expression of 'schedule' is '${this.expression}'`, "leave out 'cron(' and ')'");
    }
    const fields = this.expression.trim().split(/\s+/);
    if (fields.length !== 6) {
      throw new ConfigurationError(scope, `the cron expression of 'schedule' is '${this.expression}', which has ${fields.length} fields`,
        'give six: minute, hour, day of month, month, day of week, year');
    }
    if (!/^\d{1,2}$/.test(fields[0]) || Number(fields[0]) > 59) {
      throw new ConfigurationError(scope,
        `the cron expression of 'schedule' has '${fields[0]}' for the minute, but Data Lifecycle Manager takes a snapshot at most once an hour`,
        'give one minute from 0 to 59');
    }
  }

  public _createRule(): CfnLifecyclePolicy.CreateRuleProperty {
    return { cronExpression: `cron(${this.expression})` };
  }
}
