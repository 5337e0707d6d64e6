import { Duration } from 'aws-cdk-lib';
import { CapacityDistributionStrategy, PoolState } from 'aws-cdk-lib/aws-autoscaling';
import { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { Rollout } from './rollout';
import { ShutdownCommand } from './shutdown-command';
import { ZonalShift } from './zonal-shift';
import { ConfigurationError } from '../shared/configuration-error';
import { GroupProps } from '../shared/fleet';
import { checkDuration, checkWholeNumber } from '../shared/numbers';

/**
 * Instances that are made in advance, and wait to be taken into service.
 */
export interface WarmPoolOptions {
  /**
   * At least so many wait, over all zones, 0 or more.
   *
   * @default - as many as `maxCapacity` leaves
   */
  readonly minSize?: number;

  /**
   * How they wait: stopped ones cost their volumes, running ones as much as those in service. Hibernated ones take an image and an
   * instance type that can hibernate, and a root volume with room for the memory.
   *
   * @default PoolState.STOPPED
   */
  readonly poolState?: PoolState;

  /**
   * Whether an instance that is not needed any more goes back to wait, with what it has on its volumes.
   *
   * @default false
   */
  readonly reuseOnScaleIn?: boolean;
}

/**
 * Capacity that EC2 keeps for the fleet.
 */
export interface ReservedCapacityOptions {
  /**
   * Instances in each zone, 1 or more; they are paid for whether they run or not.
   */
  readonly perZone: number;

  /**
   * What the image runs, as EC2 names the platform of a Capacity Reservation.
   *
   * @default - Linux/UNIX, or Windows for an image of it
   */
  readonly platform?: string;
}

/**
 * How a fleet of instances behaves.
 */
export interface InstanceFleetOptions {
  /**
   * Zones that may be lost at the same time, 1 or more, and fewer than there are.
   *
   * @default 1
   */
  readonly zoneFailureTolerance?: number;

  /**
   * Instances that run at any time, your own figure; no less than `neededCapacity`. If it is less than what the loss of a zone takes,
   * a warning says so.
   *
   * @default - what `neededCapacity` takes over these zones
   */
  readonly minCapacity?: number;

  /**
   * An instance that is older is replaced, so that nothing leaks or decays for longer; 1 to 365 days.
   *
   * @default Duration.days(30)
   */
  readonly maxInstanceLifetime?: Duration;

  /**
   * For so long after its launch the figures of an instance, still busy with its start, count for no scaling, and a rollout waits for
   * it; up to 1 hour.
   *
   * @default Duration.minutes(2)
   */
  readonly instanceWarmup?: Duration;

  /**
   * How a new version takes the place of the old one.
   *
   * @default Rollout.watched()
   */
  readonly rollout?: Rollout;

  /**
   * Whether traffic can be led away from a zone.
   *
   * @default ZonalShift.onRequest()
   */
  readonly zonalShift?: ZonalShift;

  /**
   * Keeps capacity for the fleet in each zone, so that there is some when everybody wants it. It is used first, never only: what it
   * lacks is launched On-Demand. It is of the first instance type.
   *
   * @default - none
   */
  readonly reservedCapacity?: ReservedCapacityOptions;

  /**
   * Keeps instances made in advance, for a start that takes long.
   *
   * @default - none
   */
  readonly warmPool?: WarmPoolOptions;

  /**
   * What an instance runs before it is taken away.
   *
   * @default - nothing; requests that are under way may finish all the same
   */
  readonly shutdown?: ShutdownCommand;
}

/**
 * How a fleet with one Auto Scaling group behaves.
 */
export interface SingleGroupFleetOptions extends InstanceFleetOptions {
  /**
   * What the group does when a zone has no capacity: `BALANCED_BEST_EFFORT` launches in another one, `BALANCED_ONLY` waits for it, and
   * is not whole again before that.
   *
   * @default CapacityDistributionStrategy.BALANCED_BEST_EFFORT
   */
  readonly distribution?: CapacityDistributionStrategy;
}

/**
 * How the instances are spread over the zones, and how they come and go.
 */
export class InstanceFleet {
  /**
   * One Auto Scaling group over all zones: what a lost zone had is launched in the others, and the zones share the load.
   */
  public static overAllZones(options: SingleGroupFleetOptions = {}): InstanceFleet {
    return new InstanceFleet(options, false, options.distribution ?? CapacityDistributionStrategy.BALANCED_BEST_EFFORT);
  }

  /**
   * An Auto Scaling group for each zone: the place of each instance is exact, and what happens in one zone, be it scaling or a
   * replacement, leaves the others alone. A new version is rolled out zone after zone, and gets no farther than the first in which it
   * fails. What a lost zone had is launched in the others only as their load grows.
   */
  public static inEachZone(options: InstanceFleetOptions = {}): InstanceFleet {
    return new InstanceFleet(options, true);
  }

  /** Whether each zone has a group of its own. */
  public readonly isPerZone: boolean;

  /** @internal */
  public readonly _options: InstanceFleetOptions;

  private constructor(options: InstanceFleetOptions, isPerZone: boolean, private readonly distribution?: CapacityDistributionStrategy) {
    this._options = options;
    this.isPerZone = isPerZone;
  }

  /**
   * How each group behaves; `ownAlarms` are those of the construct that a rollout watches, and `protectThemselves` says whether instances
   * may protect themselves from scale-in.
   *
   * @internal
   */
  public _groupProps(ownAlarms: IAlarm[], protectThemselves = false): Pick<GroupProps, 'updatePolicy' | 'minHealthyPercentage' | 'maxHealthyPercentage' | 'instanceWarmup'
  | 'maxInstanceLifetime' | 'distribution'> {
    return {
      updatePolicy: this._rollout._updatePolicy(ownAlarms, protectThemselves),
      // what the group replaces by itself, during maintenance or for its age, goes the way of a rollout
      minHealthyPercentage: this._rollout._minHealthyPercentage,
      maxHealthyPercentage: this._rollout._maxHealthyPercentage,
      instanceWarmup: this.instanceWarmup,
      maxInstanceLifetime: this.maxInstanceLifetime,
      distribution: this.distribution,
    };
  }

  /** @internal */
  public get _rollout(): Rollout {
    return this._options.rollout ?? Rollout.watched();
  }

  /** @internal */
  public get _isBalancedOnly(): boolean {
    return this.distribution === CapacityDistributionStrategy.BALANCED_ONLY;
  }

  /** @internal */
  public get _zonalShift(): ZonalShift {
    return this._options.zonalShift ?? ZonalShift.onRequest();
  }

  /**
   * @param zones undefined where they are not known at synth
   * @param usesSpot whether some of the instances may be Spot
   *
   * @internal
   */
  public _check(scope: IConstruct, zones: number | undefined, usesSpot: boolean): void {
    const { reservedCapacity, warmPool, shutdown } = this._options;
    checkDuration(scope, 'fleet.maxInstanceLifetime', this.maxInstanceLifetime, { from: Duration.days(1).toSeconds(), to: Duration.days(365).toSeconds() });
    checkDuration(scope, 'fleet.instanceWarmup', this.instanceWarmup, { from: 0, to: Duration.hours(1).toSeconds() });
    this._rollout._check(scope);
    this._zonalShift._check(scope);
    shutdown?._check(scope);
    if (reservedCapacity) { checkWholeNumber(scope, 'fleet.reservedCapacity.perZone', reservedCapacity.perZone, { from: 1 }); }
    if (zones === undefined && (this.isPerZone || reservedCapacity)) {
      throw new ConfigurationError(scope, `'fleet' ${this.isPerZone ? 'is InstanceFleet.inEachZone' : 'reserves capacity'}, but the zones of the subnets are not known`,
        "import the subnets with their 'availabilityZone', or the VPC with its 'availabilityZones'");
    }
    if (warmPool) { checkWarmPool(scope, warmPool, usesSpot); }
  }

  private get maxInstanceLifetime(): Duration {
    return this._options.maxInstanceLifetime ?? Duration.days(30);
  }

  private get instanceWarmup(): Duration {
    return this._options.instanceWarmup ?? Duration.minutes(2);
  }
}

function checkWarmPool(scope: IConstruct, { minSize }: WarmPoolOptions, usesSpot: boolean): void {
  if (minSize !== undefined) { checkWholeNumber(scope, 'fleet.warmPool.minSize', minSize, { from: 0 }); }
  if (usesSpot) {
    throw new ConfigurationError(scope, "'fleet.warmPool' is given, and 'instanceTemplate.spotPercentAboveMinimum' is not 0, but Spot Instances cannot wait in a warm pool",
      'leave one of them out');
  }
}
