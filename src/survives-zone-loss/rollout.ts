import { Duration } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkEach } from '../shared/lists';
import { checkDuration, checkFixedNumber } from '../shared/numbers';

/** What EC2 Auto Scaling takes (StartInstanceRefresh in its API reference), in seconds. */
const LONGEST_WAIT = Duration.days(2).toSeconds();

/** What an instance refresh watches at most (InstanceRefreshOptions of CDK). */
const MOST_ALARMS = 10;

/**
 * How careful a rollout is.
 */
export interface RolloutOptions {
  /**
   * Of the instances that the fleet has at that time, so many percent stay in service, 0 to 100.
   *
   * With 100 what replaces an instance is in service before that one goes. It is a share of what runs, so that a fleet that has
   * scaled out is not thrown back to its minimum.
   *
   * @default 100
   */
  readonly minHealthyPercentage?: number;

  /**
   * Up to so many percent of the instances that the fleet has run at the same time, 100 to 200, at most 100 more than
   * `minHealthyPercentage`: the more, the sooner the rollout is done.
   *
   * @default 150
   */
  readonly maxHealthyPercentage?: number;

  /**
   * After so many percent of the instances the rollout pauses for `checkpointDelay`; ascending, 1 to 100 each.
   *
   * @default - no pause
   */
  readonly checkpoints?: number[];

  /**
   * How long the rollout pauses at each of `checkpoints`, up to 2 days.
   *
   * @default Duration.minutes(10)
   */
  readonly checkpointDelay?: Duration;

  /**
   * For so long after the last replacement the alarms may still call the rollout a failure, up to 2 days. Give it longer than your alarms
   * take to go off.
   *
   * @default Duration.minutes(10), twice as long as the tier's own alarms take; none where no alarm watches
   */
  readonly bakeTime?: Duration;

  /**
   * Alarms of yours that stop the rollout, besides those of the tier.
   *
   * @default - only the tier's own
   */
  readonly alarms?: IAlarm[];
}

/**
 * How a new version (an image, user data, an instance type) takes the place of the old one: by an instance refresh. When that fails,
 * the deployment fails, and CloudFormation rolls out the old version again.
 *
 * This goes for versions of a fixed image. One that is resolved at each launch is no part of the deployment, and is not rolled back.
 */
export class Rollout {
  /**
   * Stops when a new instance does not get well, or when the alarms of the tier on what its clients get, or your own, go off.
   *
   * It does not start either while one of them is on: a version that mends an outage is rolled out `unwatched`.
   */
  public static watched(options: RolloutOptions = {}): Rollout {
    return new Rollout(options, true);
  }

  /**
   * Stops when a new instance does not get well, whatever the alarms of the tier say.
   */
  public static unwatched(options: RolloutOptions = {}): Rollout {
    return new Rollout(options, false);
  }

  private constructor(private readonly options: RolloutOptions, private readonly isWatched: boolean) {
  }

  /** @internal */
  public get _minHealthyPercentage(): number {
    return this.options.minHealthyPercentage ?? 100;
  }

  /** @internal */
  public get _maxHealthyPercentage(): number {
    return this.options.maxHealthyPercentage ?? 150;
  }

  /** @internal */
  public _check(scope: IConstruct): void {
    const { checkpoints, checkpointDelay, bakeTime, alarms } = this.options;
    const [least, most] = [this._minHealthyPercentage, this._maxHealthyPercentage];
    checkFixedNumber(scope, 'fleet.rollout.minHealthyPercentage', least, { from: 0, to: 100 });
    checkFixedNumber(scope, 'fleet.rollout.maxHealthyPercentage', most, { from: 100, to: 200 });
    if (most - least > 100 || most === least) {
      throw new ConfigurationError(scope,
        `'fleet.rollout.maxHealthyPercentage' (${most}) is ${most === least ? 'the same as' : 'more than 100 above'} 'fleet.rollout.minHealthyPercentage' (${least})`,
        `give ${Math.max(100, least + 1)} to ${Math.min(200, least + 100)}`);
    }
    if (checkpoints) { checkCheckpoints(scope, checkpoints); }
    if (checkpointDelay) { checkDelay(scope, checkpointDelay, checkpoints); }
    if (bakeTime) { checkDuration(scope, 'fleet.rollout.bakeTime', bakeTime, { from: 0, to: LONGEST_WAIT }); }
    checkEach(scope, 'fleet.rollout.alarms', alarms, { from: 0, to: MOST_ALARMS - 2 });
  }

  /**
   * The update policy of a group; `ownAlarms` are the tier's. Instances that protect themselves from scale-in are replaced as well: their
   * termination hook lets them finish.
   *
   * @internal
   */
  public _updatePolicy(ownAlarms: IAlarm[], protectThemselves: boolean): autoscaling.UpdatePolicy {
    const { checkpoints, checkpointDelay, bakeTime, alarms = [] } = this.options;
    const watched = [...this.isWatched ? ownAlarms : [], ...alarms];
    return autoscaling.UpdatePolicy.instanceRefresh({
      strategy: autoscaling.InstanceRefreshStrategy.ROLLING,
      minHealthyPercentage: this._minHealthyPercentage,
      maxHealthyPercentage: this._maxHealthyPercentage,
      checkpointPercentages: checkpoints && [...checkpoints.filter(percent => percent < 100), 100],
      checkpointDelay: checkpoints && (checkpointDelay ?? Duration.minutes(10)),
      bakeTime: bakeTime ?? (watched.length > 0 ? Duration.minutes(10) : undefined),
      alarms: watched.length > 0 ? watched : undefined,
      scaleInProtectedInstances: protectThemselves ? autoscaling.ScaleInProtectedInstances.REFRESH : undefined,
    });
  }
}

function checkCheckpoints(scope: IConstruct, checkpoints: number[]): void {
  checkEach(scope, 'fleet.rollout.checkpoints', checkpoints, { from: 1 });
  checkpoints.forEach(percent => checkFixedNumber(scope, 'fleet.rollout.checkpoints', percent, { from: 1, to: 100 }));
  if (checkpoints.some((percent, index) => index > 0 && percent <= checkpoints[index - 1])) {
    throw new ConfigurationError(scope, `'fleet.rollout.checkpoints' is ${checkpoints.join(', ')}, which does not ascend`, 'give each percentage once, the least first');
  }
}

function checkDelay(scope: IConstruct, delay: Duration, checkpoints?: number[]): void {
  if (!checkpoints) {
    throw new ConfigurationError(scope, "'fleet.rollout.checkpointDelay' is given without 'fleet.rollout.checkpoints'", 'give both, or none');
  }
  checkDuration(scope, 'fleet.rollout.checkpointDelay', delay, { from: 0, to: LONGEST_WAIT });
}
