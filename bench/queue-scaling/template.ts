import { Query, Series, Statistic } from './figures';
import { FleetSettings } from './fleet';
import { AdjustmentType, Alarm, Comparison, ScalingPolicy, StepAdjustment, StepScaling, TargetTracking } from './scaling-policies';
import { QueueSettings } from './simulation';

type Properties = Readonly<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any
type Resource = { readonly Type: string; readonly Properties: Properties };

/** A synthesized template, as far as the scaling of a queue's workers goes. */
export type Template = { readonly Resources: Readonly<Record<string, Resource>> };

/** What the template says of the group, its policies and the queue. */
export interface Scaled {
  readonly fleet: FleetSettings;
  readonly policies: readonly ScalingPolicy[];
  readonly queue: QueueSettings;
}

/** The defaults of AWS where a template is silent, in seconds: EC2 Auto Scaling's default cooldown, that of ECS services, SQS's timeout. */
const DEFAULTS = { warmup: 300, cooldown: 300, visibility: 30 };

const PREDEFINED: Readonly<Record<string, string>> = { ASGAverageCPUUtilization: 'CPUUtilization', ECSServiceAverageCPUUtilization: 'CPUUtilization' };

/** Reads an Auto Scaling group, or the scalable target of an ECS service, with everything that scales it. */
export function readTemplate(template: Template): Scaled {
  const resources = Object.entries(template.Resources);
  const service = resources.find(([, { Type }]) => Type === 'AWS::ApplicationAutoScaling::ScalableTarget')?.[1].Properties;
  const type = service ? 'AWS::ApplicationAutoScaling::ScalingPolicy' : 'AWS::AutoScaling::ScalingPolicy';
  return {
    fleet: service ? fleetOfService(service) : fleetOfGroup(only(resources, 'AWS::AutoScaling::AutoScalingGroup')),
    policies: resources.filter(([, { Type }]) => Type === type).map(([id, { Properties }]) => policyOf(id, Properties, template)),
    queue: queueOf(resources.map(([, resource]) => resource)),
  };
}

function only(resources: readonly (readonly [string, Resource])[], type: string): Properties {
  const found = resources.filter(([, { Type }]) => Type === type);
  if (found.length !== 1) { throw new Error(`${found.length} of ${type} where one is asked for`); }
  return found[0][1].Properties;
}

function fleetOfService({ MinCapacity, MaxCapacity }: Properties): FleetSettings {
  return { scaledBy: 'application', min: MinCapacity, max: MaxCapacity, warmupSeconds: 0, cooldownSeconds: DEFAULTS.cooldown, drainSeconds: Infinity };
}

function fleetOfGroup(group: Properties): FleetSettings {
  const hook = (group.LifecycleHookSpecificationList ?? []).find((one: Properties) => one.LifecycleTransition.endsWith('TERMINATING'));
  return {
    scaledBy: 'ec2',
    min: Number(group.MinSize),
    max: Number(group.MaxSize),
    warmupSeconds: group.DefaultInstanceWarmup ?? DEFAULTS.warmup,
    cooldownSeconds: 0,
    drainSeconds: hook?.HeartbeatTimeout ?? Infinity,
  };
}

/** The queue from which messages are moved to another one. */
function queueOf(resources: readonly Resource[]): QueueSettings {
  const queue = resources.find(({ Type, Properties }) => Type === 'AWS::SQS::Queue' && Properties?.RedrivePolicy)?.Properties;
  return { visibilitySeconds: queue?.VisibilityTimeout ?? DEFAULTS.visibility, maxReceives: queue?.RedrivePolicy.maxReceiveCount ?? Infinity };
}

function policyOf(id: string, properties: Properties, template: Template): ScalingPolicy {
  const tracking = properties.TargetTrackingConfiguration ?? properties.TargetTrackingScalingPolicyConfiguration;
  if (tracking) { return new TargetTracking(trackedBy(tracking), tracking.TargetValue, tracking.DisableScaleIn !== true); }
  const steps = properties.StepScalingPolicyConfiguration ?? properties;
  return new StepScaling(
    alarmOf(id, template),
    steps.AdjustmentType as AdjustmentType,
    (steps.StepAdjustments as Properties[]).map((step): StepAdjustment => ({
      lower: step.MetricIntervalLowerBound ?? -Infinity,
      upper: step.MetricIntervalUpperBound ?? Infinity,
      change: step.ScalingAdjustment,
    })),
    steps.MinAdjustmentMagnitude,
  );
}

function trackedBy({ PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: custom }: Properties): Series {
  if (predefined) {
    const metricName = PREDEFINED[predefined.PredefinedMetricType];
    if (!metricName) { throw new Error(`the figure ${predefined.PredefinedMetricType} is not known`); }
    return new Series([{ id: 'metric', metricName, statistic: 'Average' }], 'metric', 1);
  }
  return seriesOf(custom, 1);
}

function alarmOf(policy: string, { Resources }: Template): Alarm {
  const alarm = Object.values(Resources).find(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' && (Properties.AlarmActions ?? []).some((action: Properties) => action.Ref === policy))?.Properties;
  if (!alarm) { throw new Error(`no alarm sets off ${policy}`); }
  const period = alarm.Period ?? Math.max(...alarm.Metrics.map(({ MetricStat }: Properties) => MetricStat?.Period ?? 0));
  const alarmed = seriesOf(alarm, period / 60);
  return new Alarm(alarmed, alarm.Threshold, alarm.ComparisonOperator as Comparison, alarm.EvaluationPeriods, alarm.DatapointsToAlarm);
}

function seriesOf({ Metrics, MetricName, Statistic: statistic }: Properties, minutes: number): Series {
  if (!Metrics) { return new Series([{ id: 'metric', metricName: MetricName, statistic: statistic as Statistic }], 'metric', minutes); }
  const queries = (Metrics as Properties[]).map(({ Id, Expression, MetricStat }): Query => ({
    id: Id, expression: Expression, metricName: MetricStat?.Metric.MetricName, statistic: MetricStat?.Stat as Statistic,
  }));
  const [result] = (Metrics as Properties[]).filter(({ ReturnData }) => ReturnData !== false);
  return new Series(queries, result.Id, minutes);
}
