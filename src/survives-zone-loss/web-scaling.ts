import { Duration, Token } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { ComparisonOperator, IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { IConstruct } from 'constructs';
import { ForecastOptions, ScheduleOptions } from './web-scaling-options';
import { ConfigurationError } from '../shared/configuration-error';
import { checkDuration, checkWholeNumber } from '../shared/numbers';
import {
  addSchedule, addStep, addTracking, checkSchedule, checkTrackable, claimsOfSchedule, instanceMetric, inWords, ScalingContext,
} from '../shared/scaling';

/**
 * What a web tier grows and shrinks on. It never shrinks below what the loss of a zone calls for. Of several the one counts that wants
 * the most instances.
 */
export abstract class WebScaling {
  /**
   * Keeps the mean CPU utilization of the instances at about `targetUtilizationPercent`, 1 to 100.
   *
   * The loss of one of three zones raises it by half at once, so leave room: 60 becomes 90.
   */
  public static onCpuUtilization(targetUtilizationPercent: number): WebScaling {
    return new CpuScaling(targetUtilizationPercent);
  }

  /**
   * Keeps the requests of each instance at about `requestsPerInstancePerMinute`, 1 or more. Behind an application load balancer only.
   */
  public static onRequestCount(requestsPerInstancePerMinute: number): WebScaling {
    return new RequestScaling(requestsPerInstancePerMinute);
  }

  /**
   * Keeps what comes in over the network at about `bytesPerInstancePerMinute`, 1 or more, in the mean of the instances.
   */
  public static onNetworkIn(bytesPerInstancePerMinute: number): WebScaling {
    return new TrackedScaling('NetworkInScaling', 'bytesPerInstancePerMinute', bytesPerInstancePerMinute, group => instanceMetric(group, 'NetworkIn'));
  }

  /**
   * Keeps what goes out over the network at about `bytesPerInstancePerMinute`, 1 or more, in the mean of the instances.
   */
  public static onNetworkOut(bytesPerInstancePerMinute: number): WebScaling {
    return new TrackedScaling('NetworkOutScaling', 'bytesPerInstancePerMinute', bytesPerInstancePerMinute, group => instanceMetric(group, 'NetworkOut'));
  }

  /**
   * Keeps reads and writes of EBS volumes at about `operationsPerInstancePerMinute`, 1 or more, in the mean of the instances.
   *
   * CloudWatch has them of instances of the Nitro System only.
   */
  public static onDiskOperations(operationsPerInstancePerMinute: number): WebScaling {
    return new TrackedScaling('DiskScaling', 'operationsPerInstancePerMinute', operationsPerInstancePerMinute, group => new MathExpression({
      expression: 'reads + writes',
      usingMetrics: { reads: instanceMetric(group, 'EBSReadOps'), writes: instanceMetric(group, 'EBSWriteOps') },
      period: Duration.minutes(1),
    }));
  }

  /**
   * Keeps a metric at about `target`, more than 0: one that halves when the instances are doubled, such as the work of each of them. What
   * counts is its figure of each minute, whatever its own period.
   *
   * @param metric of the stack's own account and Region; metric math too
   * @param target in the unit of the metric
   */
  public static onMetric(metric: IMetric, target: number): WebScaling {
    return new TrackedScaling('MetricScaling', 'target', target, () => metric, metric);
  }

  /**
   * In steps: 10 % more instances when their mean CPU utilization is above 60 % for 5 minutes, 10 % fewer when it is below 30 % for
   * 20 minutes, at least one each time.
   *
   * Out faster than in, since a start takes longer than an end; the figures are those of AWS's course "Architecting Highly Available
   * Applications on AWS". Target tracking answers sooner to a steep rise.
   */
  public static inCpuSteps(): WebScaling {
    return new CpuStepScaling();
  }

  /**
   * Keeps more instances at times that are known beforehand. It raises the minimum alone, so that a schedule never throws back what the
   * tier has grown to. The end of one brings the minimum down whatever another one says, so schedules may not overlap.
   */
  public static onSchedule(options: ScheduleOptions): WebScaling {
    return new ScheduledScaling(options);
  }

  /**
   * Launches ahead of what the CPU utilization of the last two weeks lets expect; it never shrinks the tier. It takes a day of figures
   * before it says anything, so that something else has to scale the tier besides.
   */
  public static onForecast(options: ForecastOptions): WebScaling {
    return new PredictiveScaling(options);
  }

  /**
   * The beginning of the construct id.
   *
   * @internal
   */
  public abstract readonly _kind: string;

  /**
   * Whether it takes a load balancer that sees requests.
   *
   * @internal
   */
  public readonly _isOfRequests: boolean = false;

  /**
   * What AWS leaves to one policy of a group: a figure, or a time.
   *
   * @internal
   */
  public _claims(): string[] {
    return [`the figure of ${this._kind}`];
  }

  /** @internal */
  public abstract _check(scope: IConstruct, sizes: { readonly min: number; readonly max: number }): void;

  /** @internal */
  public abstract _addTo(context: ScalingContext): void;
}

class CpuScaling extends WebScaling {
  public readonly _kind = 'CpuScaling';

  constructor(private readonly targetUtilizationPercent: number) {
    super();
  }

  public _check(scope: IConstruct): void {
    checkWholeNumber(scope, 'scaling.targetUtilizationPercent', this.targetUtilizationPercent, { from: 1, to: 100 });
  }

  public _addTo({ group, id }: ScalingContext): void {
    group.scaleOnCpuUtilization(id, { targetUtilizationPercent: this.targetUtilizationPercent });
  }
}

class RequestScaling extends WebScaling {
  public readonly _kind = 'RequestScaling';
  public readonly _isOfRequests = true;

  constructor(private readonly requestsPerInstancePerMinute: number) {
    super();
  }

  public _check(scope: IConstruct): void {
    checkWholeNumber(scope, 'scaling.requestsPerInstancePerMinute', this.requestsPerInstancePerMinute, { from: 1 });
  }

  public _addTo({ group, id }: ScalingContext): void {
    group.scaleOnRequestCount(id, { targetRequestsPerMinute: this.requestsPerInstancePerMinute });
  }
}

class TrackedScaling extends WebScaling {
  constructor(
    public readonly _kind: string,
    private readonly name: string,
    private readonly target: number,
    private readonly metricOf: (group: autoscaling.AutoScalingGroup) => IMetric,
    private readonly given?: IMetric,
  ) {
    super();
  }

  public _check(scope: IConstruct): void {
    if (!Token.isUnresolved(this.target) && !(this.target > 0 && this.target < Infinity)) {
      throw new ConfigurationError(scope, `'scaling.${this.name}' is ${this.target}`, 'give a number above 0');
    }
    if (this.given) { checkTrackable(scope, 'scaling.metric', this.given); }
  }

  public _claims(): string[] {
    return this.given ? [`the figure ${inWords(this.given)}`] : super._claims();
  }

  public _addTo({ group, id }: ScalingContext): void {
    addTracking(group, id, group, this.metricOf(group), this.target);
  }
}

class CpuStepScaling extends WebScaling {
  public readonly _kind = 'CpuSteps';

  public _check(): void {
    // its figures are its own
  }

  public _addTo({ group, id }: ScalingContext): void {
    const percent = { adjustmentType: autoscaling.AdjustmentType.PERCENT_CHANGE_IN_CAPACITY, minAdjustmentMagnitude: 1 };
    const metric = instanceMetric(group, 'CPUUtilization');
    addStep(group, `${id}Out`, group, { ...percent, change: 10 }, {
      alarmDescription: 'The CPU utilization is above 60 % for 5 minutes: 10 % more instances.',
      metric,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 60,
      evaluationPeriods: 5,
    });
    addStep(group, `${id}In`, group, { ...percent, change: -10 }, {
      alarmDescription: 'The CPU utilization is below 30 % for 20 minutes: 10 % fewer instances.',
      metric,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 30,
      evaluationPeriods: 20,
    });
  }
}

class ScheduledScaling extends WebScaling {
  public readonly _kind = 'Schedule';

  constructor(private readonly options: ScheduleOptions) {
    super();
  }

  public _check(scope: IConstruct, sizes: { readonly min: number; readonly max: number }): void {
    checkSchedule(scope, this.options, sizes);
  }

  public _claims(): string[] {
    return claimsOfSchedule(this.options);
  }

  public _addTo({ group, id, min, groups }: ScalingContext): void {
    addSchedule(group, id, this.options, Math.ceil(this.options.minCapacity / groups), min);
  }
}

class PredictiveScaling extends WebScaling {
  public readonly _kind = 'Forecast';

  constructor(private readonly options: ForecastOptions) {
    super();
  }

  public _check(scope: IConstruct): void {
    checkWholeNumber(scope, 'scaling.targetUtilizationPercent', this.options.targetUtilizationPercent, { from: 1, to: 100 });
    checkDuration(scope, 'scaling.launchAhead', this.launchAhead, { from: 0, to: 3600 });
  }

  /** In the L1, as there is no L2 of it. */
  public _addTo({ group, id }: ScalingContext): void {
    new autoscaling.CfnScalingPolicy(group, id, {
      autoScalingGroupName: group.autoScalingGroupName,
      policyType: 'PredictiveScaling',
      predictiveScalingConfiguration: {
        metricSpecifications: [{
          targetValue: this.options.targetUtilizationPercent,
          predefinedMetricPairSpecification: { predefinedMetricType: 'ASGCPUUtilization' },
        }],
        mode: this.options.forecastOnly ? 'ForecastOnly' : 'ForecastAndScale',
        schedulingBufferTime: this.launchAhead.toSeconds(),
      },
    });
  }

  private get launchAhead(): Duration {
    return this.options.launchAhead ?? Duration.minutes(5);
  }
}
