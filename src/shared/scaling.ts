import { Stack, Token } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { AutoScalingAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct, IConstruct } from 'constructs';
import { ConfigurationError } from './configuration-error';
import { groupMetric } from './fleet';
import { firstRepeated } from './lists';
import { checkWholeNumber } from './numbers';

/** What a scaling policy of a tier is made for. */
export interface ScalingContext {
  readonly group: autoscaling.AutoScalingGroup;
  readonly id: string;
  /** How many instances of the group always run. */
  readonly min: number;
  /** Of how many groups of the tier this is one. */
  readonly groups: number;
}

/** A step of so much, of so many percent or to so much, when an alarm goes off. */
export interface Step {
  readonly adjustmentType: autoscaling.AdjustmentType;
  readonly change: number;
  /** At least so many instances, for a change in percent. */
  readonly minAdjustmentMagnitude?: number;
  /** As much again for each `by` that the figure is further beyond the threshold, up to so many times; for growth. */
  readonly grows?: { readonly by: number; readonly times: number };
}

/** Changes the capacity of a group by one step when an alarm goes off. */
export function addStep(scope: Construct, id: string, group: autoscaling.AutoScalingGroup, step: Step, alarm: cloudwatch.AlarmProps): void {
  const { change, grows = { by: 0, times: 1 }, ...props } = step;
  const action = new autoscaling.StepScalingAction(scope, id, { autoScalingGroup: group, ...props });
  if (change > 0) {
    for (let time = 1; time <= grows.times; time++) {
      const upperBound = time < grows.times ? time * grows.by : undefined;
      action.addAdjustment({ adjustment: time * change, lowerBound: (time - 1) * grows.by, upperBound });
    }
  } else {
    action.addAdjustment({ adjustment: change, upperBound: 0 });
  }
  new cloudwatch.Alarm(scope, `${id}Alarm`, { treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING, ...alarm })
    .addAlarmAction(new AutoScalingAction(action));
}

/** Keeps a metric, or what comes of several, at about `targetValue`. In the L1, since the L2 takes no metric math for that. */
export function addTracking(
  scope: Construct, id: string, group: autoscaling.AutoScalingGroup, metric: cloudwatch.IMetric, targetValue: number,
): void {
  new autoscaling.CfnScalingPolicy(scope, id, {
    autoScalingGroupName: group.autoScalingGroupName,
    policyType: 'TargetTrackingScaling',
    targetTrackingConfiguration: { targetValue, customizedMetricSpecification: { metrics: queriesOf(metric) } },
  });
}

/** When more instances are kept, and how many. */
export interface ScheduledMinimum {
  readonly start: autoscaling.Schedule;
  readonly end: autoscaling.Schedule;
  readonly minCapacity: number;
  readonly timeZone?: string;
}

/** Raises the minimum of a group at one time, and brings it back to `min` at another. */
export function addSchedule(group: autoscaling.AutoScalingGroup, id: string, times: ScheduledMinimum, minCapacity: number, min: number): void {
  const { start, end, timeZone } = times;
  group.scaleOnSchedule(`${id}Start`, { schedule: start, minCapacity, timeZone });
  group.scaleOnSchedule(`${id}End`, { schedule: end, minCapacity: min, timeZone });
}

/** Refuses a schedule that does not raise the minimum of a fleet, or beyond its maximum. */
export function checkSchedule(
  scope: IConstruct, { minCapacity, timeZone }: ScheduledMinimum, { min, max }: { readonly min: number; readonly max: number },
): void {
  if (Token.isUnresolved(minCapacity)) {
    throw new ConfigurationError(scope, "'scaling.minCapacity' is not known at synth", 'give a number, for example out of the context of the app');
  }
  checkWholeNumber(scope, 'scaling.minCapacity', minCapacity, { from: min + 1 });
  if (!Token.isUnresolved(max) && minCapacity > max) {
    throw new ConfigurationError(scope, `'scaling.minCapacity' is ${minCapacity}, more than the ${max} that 'maxCapacity' lets run`,
      "lower it, or raise 'maxCapacity'");
  }
  if (timeZone !== undefined && !Token.isUnresolved(timeZone) && !isTimeZone(timeZone)) {
    throw new ConfigurationError(scope, `'scaling.timeZone' is '${timeZone}'`, "give a name of the IANA database, such as 'Europe/Berlin'");
  }
}

/** The times of a schedule, of which AWS takes each only once in a group. */
export function claimsOfSchedule({ start, end, timeZone = 'UTC' }: ScheduledMinimum): string[] {
  return [start, end].map(({ expressionString }) => `the time ${expressionString} of ${timeZone}`);
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** Refuses a metric on which AWS scales no group: of another account or Region, or with one name for two figures. */
export function checkTrackable(scope: IConstruct, prop: string, metric: cloudwatch.IMetric): void {
  for (const { metricStat: stat } of figuresOf(metric)) {
    const { account, region } = Stack.of(scope);
    const elsewhere = [[stat?.account, account], [stat?.region, region]]
      .find(([of, here]) => of !== undefined && of !== here && !Token.isUnresolved(of) && !Token.isUnresolved(here));
    if (elsewhere) {
      throw new ConfigurationError(scope, `'${prop}' is a metric of ${elsewhere[0]}, and a group is scaled on those of its own account and Region only`,
        'give one of the stack itself');
    }
  }
  const twice = firstRepeated(queriesOf(metric).map(({ id }) => id));
  if (twice) {
    throw new ConfigurationError(scope, `'${prop}' uses the name '${twice}' for two different figures`, "give each its own name in 'usingMetrics'");
  }
}

/** A metric as a policy asks for it, for a message and to tell it from others. */
export function inWords(metric: cloudwatch.IMetric): string {
  return JSON.stringify(queriesOf(metric).map(({ expression, metricStat }) => expression ?? metricStat));
}

/** What a scaling policy asks CloudWatch, what counts last. */
function queriesOf(metric: cloudwatch.IMetric): autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty[] {
  const queries = namedQueriesOf('result', metric, true);
  return queries.filter((query, index) => index === queries.findIndex(other => JSON.stringify(other) === JSON.stringify(query)));
}

function namedQueriesOf(
  id: string, metric: cloudwatch.IMetric, returnData: boolean,
): autoscaling.CfnScalingPolicy.TargetTrackingMetricDataQueryProperty[] {
  const { metricStat: stat, mathExpression: math, renderingProperties } = metric.toMetricConfig();
  const label = renderingProperties?.label as string | undefined;
  if (math) {
    const used = Object.entries(math.usingMetrics).flatMap(([name, one]) => namedQueriesOf(name, one, false));
    return [...used, { id, label, expression: math.expression, returnData }];
  }
  const { namespace, metricName, dimensions } = stat as cloudwatch.MetricStatConfig;
  return [{
    id,
    label,
    metricStat: {
      metric: { namespace, metricName, dimensions: dimensions?.map(({ name, value }) => ({ name, value: String(value) })) },
      stat: stat?.statistic ?? 'Average',
      unit: stat?.unitFilter,
    },
    returnData,
  }];
}

function figuresOf(metric: cloudwatch.IMetric): cloudwatch.MetricConfig[] {
  const config = metric.toMetricConfig();
  return [config, ...Object.values(config.mathExpression?.usingMetrics ?? {}).flatMap(figuresOf)];
}

/** A figure of the instances of a group, by default their mean each minute. */
export function instanceMetric(group: autoscaling.AutoScalingGroup, metricName: string): cloudwatch.Metric {
  return groupMetric(group, metricName, 'AWS/EC2');
}
