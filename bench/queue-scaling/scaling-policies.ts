import { Point } from './expression';
import { Figures, Series } from './figures';

/** How the service that scales counts what was already begun. */
export interface Capacity {
  readonly desired: number;
  /** What counts as there when it is to grow: without what was launched lately. */
  readonly settled: number;
  /** Whether what was launched lately is still to take effect. */
  readonly isGrowing: boolean;
  /** Whether what was taken away lately is still to take effect. */
  readonly isShrinking: boolean;
  /** What is on its way out and still there. */
  readonly leaving: number;
}

/** A policy of a group: to how many instances it would go, and whether that is more or fewer. */
export interface ScalingPolicy {
  readonly isTracking: boolean;
  readonly scalesIn: boolean;
  /** None: it says nothing. Target tracking that would not shrink vetoes others of its kind that would. */
  propose(figures: Figures, minute: number, capacity: Capacity): number | undefined;
}

/** Three one-minute data points out, fifteen in: the alarms that target tracking makes for itself. */
export const TRACKING = { pointsOut: 3, pointsIn: 15, margin: 0.1 };

/** Keeps a figure at a target. */
export class TargetTracking implements ScalingPolicy {
  public readonly isTracking = true;

  constructor(private readonly series: Series, private readonly target: number, public readonly scalesIn = true) {
  }

  public propose(figures: Figures, minute: number, capacity: Capacity): number | undefined {
    const points = this.series.last(TRACKING.pointsIn, figures, minute);
    const newest = points[points.length - 1];
    if (newest === undefined) { return undefined; }
    const wanted = (there: number) => Math.ceil(Number((there * newest / this.target).toFixed(6)));
    if (points.slice(-TRACKING.pointsOut).every(point => point !== undefined && point > this.target)) {
      return Math.max(capacity.desired, wanted(capacity.settled));
    }
    const low = this.target * (1 - TRACKING.margin);
    if (this.scalesIn && !capacity.isGrowing && !capacity.isShrinking && points.every(point => point !== undefined && point < low)) {
      // what is on its way out is still counted, so that it is not taken off twice
      return Math.min(capacity.desired, wanted(capacity.desired + capacity.leaving));
    }
    return undefined;
  }
}

export type Comparison = 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

const BREACHES: Readonly<Record<Comparison, (point: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (point, threshold) => point > threshold,
  GreaterThanOrEqualToThreshold: (point, threshold) => point >= threshold,
  LessThanThreshold: (point, threshold) => point < threshold,
  LessThanOrEqualToThreshold: (point, threshold) => point <= threshold,
};

/** An alarm of CloudWatch; where a point is missing it does not go off. */
export class Alarm {
  constructor(
    private readonly series: Series,
    public readonly threshold: number,
    private readonly comparison: Comparison,
    private readonly periods: number,
    private readonly pointsToAlarm = periods,
  ) {
  }

  /** What it went off at: the newest point; none while all is well. */
  public breach(figures: Figures, minute: number): Point {
    const points = this.series.last(this.periods, figures, minute);
    const breaching = points.filter(point => point !== undefined && BREACHES[this.comparison](point, this.threshold));
    return breaching.length >= this.pointsToAlarm ? points[points.length - 1] : undefined;
  }
}

export type AdjustmentType = 'ChangeInCapacity' | 'PercentChangeInCapacity' | 'ExactCapacity';

export interface StepAdjustment {
  readonly lower: number;
  readonly upper: number;
  readonly change: number;
}

/** Goes so far as an alarm is breached. */
export class StepScaling implements ScalingPolicy {
  public readonly isTracking = false;
  public readonly scalesIn = true;

  constructor(
    private readonly alarm: Alarm,
    private readonly adjustmentType: AdjustmentType,
    private readonly steps: readonly StepAdjustment[],
    private readonly leastChange = 1,
  ) {
  }

  public propose(figures: Figures, minute: number, capacity: Capacity): number | undefined {
    const point = this.alarm.breach(figures, minute);
    if (point === undefined) { return undefined; }
    const over = point - this.alarm.threshold;
    const step = this.steps.find(({ lower, upper }) => lower <= over && over < upper) ?? this.steps.find(({ upper }) => over === upper);
    if (!step) { return undefined; }
    if (this.adjustmentType === 'ExactCapacity') { return this.guarded(step.change, capacity); }
    return step.change > 0
      // only what goes beyond what was already begun
      ? Math.max(capacity.desired, capacity.settled + this.changeOf(step.change, capacity.settled))
      : this.guarded(Math.min(capacity.desired, capacity.desired + capacity.leaving + this.changeOf(step.change, capacity.desired)), capacity);
  }

  private guarded(wanted: number, { desired, isGrowing, isShrinking }: Capacity): number | undefined {
    return wanted < desired && (isGrowing || isShrinking) ? undefined : wanted;
  }

  /** As EC2 Auto Scaling rounds a percentage: towards nothing, but at least to one. */
  private changeOf(change: number, of: number): number {
    if (this.adjustmentType === 'ChangeInCapacity') { return change; }
    const exact = of * change / 100;
    return Math.sign(exact) * Math.max(Math.floor(Math.abs(exact)), this.leastChange);
  }
}

/**
 * To how many the policies of a group go together: of several that would grow it, or shrink it, the one that leaves the most. Target
 * tracking shrinks a group only if all such policies that may do so would.
 */
export function together(policies: readonly ScalingPolicy[], figures: Figures, minute: number, capacity: Capacity): number {
  const proposals = policies.map(policy => ({ policy, to: policy.propose(figures, minute, capacity) }));
  const more = proposals.flatMap(({ to }) => to !== undefined && to > capacity.desired ? [to] : []);
  if (more.length > 0) { return Math.max(...more); }
  const fewer = (of: typeof proposals) => of.flatMap(({ to }) => to !== undefined && to < capacity.desired ? [to] : []);
  const tracking = proposals.filter(({ policy }) => policy.isTracking && policy.scalesIn);
  const agreed = fewer(tracking).length === tracking.length ? fewer(tracking) : [];
  const less = [...agreed, ...fewer(proposals.filter(({ policy }) => !policy.isTracking))];
  return less.length > 0 ? Math.max(...less) : capacity.desired;
}
