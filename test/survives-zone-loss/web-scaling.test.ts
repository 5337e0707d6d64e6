import { CfnParameter, Duration, Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-autoscaling';
import { MathExpression, Metric, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceFleet, MultiAzWebTier, ScheduleOptions, WebEndpoint, WebScaling } from '../../src';
import { shopStack } from '../helpers/network';
import { refuses, Setting, tierIn } from '../helpers/web-tier';

const POLICY = 'AWS::AutoScaling::ScalingPolicy';
const SCHEDULED = 'AWS::AutoScaling::ScheduledAction';

const scalingOn = (...scaling: WebScaling[]): Setting => ({ scaling, neededCapacity: 4 });

/** The ids of what scales the first group of the tier. */
const idsIn = ({ autoScalingGroups: [group] }: MultiAzWebTier) => group.node.children.map(({ node }) => node.id).filter(id => /Scaling|Cpu|Schedule|Forecast/.test(id));

/** What a tier tracks, with `group` in the place of the name of its group. */
function trackedBy(scaling: WebScaling): Record<string, unknown> {
  const { stack, tier, template } = tierIn(scalingOn(scaling));
  template().resourceCountIs(POLICY, 1);
  const [policy] = Object.values(template().findResources(POLICY));
  const name = JSON.stringify(stack.resolve(tier.autoScalingGroups[0].autoScalingGroupName));
  const { AutoScalingGroupName: group, ...properties } = JSON.parse(JSON.stringify(policy.Properties).replaceAll(name, '"group"'));
  expect(group).toBe('group');
  return properties;
}

/** One figure of the instances as a policy asks for it. */
const queryOf = (id: string, metricName: string, returnData: boolean) => ({
  Id: id,
  MetricStat: { Metric: { Namespace: 'AWS/EC2', MetricName: metricName, Dimensions: [{ Name: 'AutoScalingGroupName', Value: 'group' }] }, Stat: 'Average' },
  ReturnData: returnData,
});

const tracking = (targetValue: number, ...metrics: unknown[]) => ({
  PolicyType: 'TargetTrackingScaling', TargetTrackingConfiguration: { TargetValue: targetValue, CustomizedMetricSpecification: { Metrics: metrics } },
});

const figure = (metricName: string) => new Metric({ namespace: 'Shop', metricName });

describe('WebScaling', () => {
  test('keeps the CPU utilization at half, by default', () => {
    const { tier, template } = tierIn();
    expect(idsIn(tier)).toEqual(['ScalingPolicyCpuScaling']);
    template().hasResourceProperties(POLICY, {
      TargetTrackingConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' }, TargetValue: 50 },
    });
  });

  test('keeps the CPU utilization where it is told', () => {
    expect(trackedBy(WebScaling.onCpuUtilization(60))).toEqual({
      PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' }, TargetValue: 60 },
    });
  });

  test('keeps the requests of each instance, as the load balancer counts them for this target group', () => {
    tierIn(scalingOn(WebScaling.onRequestCount(600))).template().hasResourceProperties(POLICY, {
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: {
          PredefinedMetricType: 'ALBRequestCountPerTarget',
          ResourceLabel: { 'Fn::Join': ['', Match.arrayWith(['/', { 'Fn::GetAtt': [Match.stringLikeRegexp('^WebTargetGroup'), 'TargetGroupFullName'] }])] },
        },
        TargetValue: 600,
      },
    });
  });

  test.each<[string, WebScaling, string]>([
    ['comes in', WebScaling.onNetworkIn(5e6), 'NetworkIn'],
    ['goes out', WebScaling.onNetworkOut(5e6), 'NetworkOut'],
  ])('keeps what %s over the network, in the mean of the instances', (_, scaling, metricName) => {
    expect(trackedBy(scaling)).toEqual(tracking(5e6, queryOf('result', metricName, true)));
  });

  test('keeps reads and writes of the volumes together', () => {
    expect(trackedBy(WebScaling.onDiskOperations(3000))).toEqual(tracking(3000,
      queryOf('reads', 'EBSReadOps', false), queryOf('writes', 'EBSWriteOps', false), { Id: 'result', Expression: 'reads + writes', ReturnData: true }));
  });

  test('counts what each group has by itself, where each zone has its own', () => {
    const { stack, tier, template } = tierIn({ ...scalingOn(WebScaling.onNetworkIn(5e6)), fleet: InstanceFleet.inEachZone() });
    template().resourceCountIs(POLICY, 3);
    for (const group of tier.autoScalingGroups) {
      const name = stack.resolve(group.autoScalingGroupName);
      template().hasResourceProperties(POLICY, {
        AutoScalingGroupName: name,
        TargetTrackingConfiguration: {
          CustomizedMetricSpecification: { Metrics: [Match.objectLike({ MetricStat: Match.objectLike({ Metric: Match.objectLike({ Dimensions: [{ Name: 'AutoScalingGroupName', Value: name }] }) }) })] },
        },
      });
    }
  });

  describe('onMetric', () => {
    const orders = new Metric({ namespace: 'Shop', metricName: 'Orders', statistic: 'Sum', dimensionsMap: { Site: 'main' }, unit: Unit.COUNT });
    const ordersQuery = {
      MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Orders', Dimensions: [{ Name: 'Site', Value: 'main' }] }, Stat: 'Sum', Unit: 'Count' },
    };

    test('keeps a figure of the user', () => {
      expect(trackedBy(WebScaling.onMetric(orders, 0.5))).toEqual(tracking(0.5, { Id: 'result', ...ordersQuery, ReturnData: true }));
    });

    test('keeps what comes of several, each asked for once, however deep they are', () => {
      const visits = new Metric({ namespace: 'Shop', metricName: 'Visits', label: 'Visitors' });
      const share = new MathExpression({ expression: 'orders / visits', usingMetrics: { orders, visits } });
      const work = new MathExpression({ expression: 'share * 100 + orders', usingMetrics: { share, orders }, label: 'Work' });
      expect(trackedBy(WebScaling.onMetric(work, 20))).toEqual(tracking(20,
        { Id: 'orders', ...ordersQuery, ReturnData: false },
        { Id: 'visits', Label: 'Visitors', MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Visits' }, Stat: 'Average' }, ReturnData: false },
        { Id: 'share', Expression: 'orders / visits', ReturnData: false },
        { Id: 'result', Label: 'Work', Expression: 'share * 100 + orders', ReturnData: true },
      ));
    });

    test('takes one of the stack itself that says so', () => {
      const here = orders.with({ region: 'eu-west-1', account: '123456789012' });
      expect(() => tierIn(scalingOn(WebScaling.onMetric(here, 1)))).not.toThrow();
    });

    const shared = (metric: Metric) => new MathExpression({ expression: 'orders', usingMetrics: { orders: metric } });
    test.each<[string, WebScaling, string]>([
      ['one of another Region', WebScaling.onMetric(orders.with({ region: 'us-east-1' }), 1),
        "'scaling.metric' is a metric of us-east-1, and a group is scaled on those of its own account and Region only; give one of the stack itself"],
      ['one of another account', WebScaling.onMetric(orders.with({ account: '210987654321' }), 1), "'scaling.metric' is a metric of 210987654321"],
      ['one of another Region within an expression', WebScaling.onMetric(shared(orders.with({ region: 'us-east-1' })), 1), "'scaling.metric' is a metric of us-east-1"],
      ['the name of what comes of it all for a part of it', WebScaling.onMetric(new MathExpression({
        expression: 'result * 100', usingMetrics: { result: orders },
      }), 1), "'scaling.metric' uses the name 'result' for two different figures; give each its own name in 'usingMetrics'"],
      ['a target of nothing', WebScaling.onMetric(orders, 0), "'scaling.target' is 0; give a number above 0"],
      ['a target without end', WebScaling.onMetric(orders, Infinity), "'scaling.target' is Infinity; give a number above 0"],
      ['no number', WebScaling.onMetric(orders, NaN), "'scaling.target' is NaN; give a number above 0"],
    ])('refuses %s', (_, scaling, message) => refuses(scalingOn(scaling), message));
  });

  test('goes in the steps of the course: 10 % more above 60 % for 5 minutes, 10 % fewer below 30 % for 20, at least one', () => {
    const { stack, tier, template } = tierIn(scalingOn(WebScaling.inCpuSteps()));
    const group = stack.resolve(tier.autoScalingGroups[0].autoScalingGroupName);
    const ids = (way: string) => Object.keys(template().findResources(POLICY)).filter(id => id.includes(way));
    for (const step of [
      {
        way: 'CpuStepsOut',
        adjustment: { MetricIntervalLowerBound: 0, ScalingAdjustment: 10 },
        operator: 'GreaterThanThreshold',
        threshold: 60,
        minutes: 5,
        says: 'The CPU utilization is above 60 % for 5 minutes: 10 % more instances.',
      },
      {
        way: 'CpuStepsIn',
        adjustment: { MetricIntervalUpperBound: 0, ScalingAdjustment: -10 },
        operator: 'LessThanThreshold',
        threshold: 30,
        minutes: 20,
        says: 'The CPU utilization is below 30 % for 20 minutes: 10 % fewer instances.',
      },
    ]) {
      template().hasResourceProperties(POLICY, {
        AutoScalingGroupName: group, PolicyType: 'StepScaling', AdjustmentType: 'PercentChangeInCapacity', MinAdjustmentMagnitude: 1, StepAdjustments: [step.adjustment],
      });
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/EC2',
        MetricName: 'CPUUtilization',
        Dimensions: [{ Name: 'AutoScalingGroupName', Value: group }],
        Statistic: 'Average',
        Period: 60,
        ComparisonOperator: step.operator,
        Threshold: step.threshold,
        EvaluationPeriods: step.minutes,
        TreatMissingData: 'notBreaching',
        AlarmActions: ids(step.way).map(id => ({ Ref: id })),
        AlarmDescription: step.says,
      });
    }
    template().resourceCountIs(POLICY, 2);
  });

  describe('onSchedule', () => {
    const morning: ScheduleOptions = { start: Schedule.cron({ hour: '7', minute: '30' }), end: Schedule.cron({ hour: '20', minute: '0' }), minCapacity: 9, timeZone: 'Europe/Berlin' };

    test('raises the minimum alone, and comes back to that of the tier', () => {
      const { stack, tier, template } = tierIn(scalingOn(WebScaling.onSchedule(morning)));
      const AutoScalingGroupName = stack.resolve(tier.autoScalingGroups[0].autoScalingGroupName);
      expect(Object.values(template().findResources(SCHEDULED)).map(({ Properties }) => Properties)).toEqual([
        { AutoScalingGroupName, MinSize: 9, Recurrence: '30 7 * * *', TimeZone: 'Europe/Berlin' },
        { AutoScalingGroupName, MinSize: 6, Recurrence: '0 20 * * *', TimeZone: 'Europe/Berlin' },
      ]);
    });

    test('goes by UTC where nothing else is said', () => {
      const { template } = tierIn(scalingOn(WebScaling.onSchedule({ ...morning, timeZone: undefined })));
      template().allResourcesProperties(SCHEDULED, { TimeZone: Match.absent() });
    });

    test('gives each group its share, rounded up, where each zone has its own', () => {
      const { template } = tierIn({ ...scalingOn(WebScaling.onSchedule({ ...morning, minCapacity: 10 })), fleet: InstanceFleet.inEachZone() });
      expect(Object.values(template().findResources(SCHEDULED)).map(({ Properties }) => Properties.MinSize)).toEqual([4, 2, 4, 2, 4, 2]);
    });

    test('may raise it to all there may be', () => {
      tierIn(scalingOn(WebScaling.onSchedule({ ...morning, minCapacity: 12 }))).template().hasResourceProperties(SCHEDULED, { MinSize: 12 });
    });

    test('may raise it to anything where the maximum is known at deployment only', () => {
      const stack = shopStack();
      const most = new CfnParameter(stack, 'Most', { type: 'Number' }).valueAsNumber;
      const { template } = tierIn({ ...scalingOn(WebScaling.onSchedule({ ...morning, minCapacity: 100 })), stack, maxCapacity: most });
      template().hasResourceProperties(SCHEDULED, { MinSize: 100 });
      const always = scalingOn(WebScaling.onSchedule({ ...morning, minCapacity: 6 }));
      expect(() => tierIn({ ...always, stack, id: 'Always', maxCapacity: most, vpc: stack.node.findChild('Vpc') as ec2.Vpc }))
        .toThrow("'scaling.minCapacity' is 6; give a whole number of 7 or more");
    });

    test('takes a time zone that is known at deployment only', () => {
      const stack = shopStack();
      const timeZone = new CfnParameter(stack, 'Where').valueAsString;
      tierIn({ ...scalingOn(WebScaling.onSchedule({ ...morning, timeZone })), stack }).template().allResourcesProperties(SCHEDULED, { TimeZone: { Ref: 'Where' } });
    });

    test.each<[string, ScheduleOptions, string]>([
      ['no more than there are anyhow', { ...morning, minCapacity: 6 }, "'scaling.minCapacity' is 6; give a whole number of 7 or more"],
      ['more than there may be', { ...morning, minCapacity: 13 }, "'scaling.minCapacity' is 13, more than the 12 that 'maxCapacity' lets run; lower it, or raise 'maxCapacity'"],
      ['a number known at deployment only', { ...morning, minCapacity: Lazy.number({ produce: () => 9 }) },
        "'scaling.minCapacity' is not known at synth; give a number, for example out of the context of the app"],
      ['a time zone that there is not', { ...morning, timeZone: 'Europe/Atlantis' },
        "'scaling.timeZone' is 'Europe/Atlantis'; give a name of the IANA database, such as 'Europe/Berlin'"],
    ])('refuses %s', (_, options, message) => refuses(scalingOn(WebScaling.onSchedule(options)), message));
  });

  describe('onForecast', () => {
    const forecast = (configuration: object) => ({ PolicyType: 'PredictiveScaling', PredictiveScalingConfiguration: configuration });
    const cpu = [{ TargetValue: 50, PredefinedMetricPairSpecification: { PredefinedMetricType: 'ASGCPUUtilization' } }];

    test('launches five minutes ahead of what the CPU utilization lets expect', () => {
      expect(trackedBy(WebScaling.onForecast({ targetUtilizationPercent: 50 })))
        .toEqual(forecast({ MetricSpecifications: cpu, Mode: 'ForecastAndScale', SchedulingBufferTime: 300 }));
    });

    test('only says so, and launches earlier, when told so', () => {
      expect(trackedBy(WebScaling.onForecast({ targetUtilizationPercent: 50, forecastOnly: true, launchAhead: Duration.hours(1) })))
        .toEqual(forecast({ MetricSpecifications: cpu, Mode: 'ForecastOnly', SchedulingBufferTime: 3600 }));
    });

    test.each<[string, WebScaling, string]>([
      ['more than all of the CPU', WebScaling.onForecast({ targetUtilizationPercent: 101 }), "'scaling.targetUtilizationPercent' is 101; give a whole number from 1 to 100"],
      ['nothing of the CPU', WebScaling.onForecast({ targetUtilizationPercent: 0 }), "'scaling.targetUtilizationPercent' is 0"],
      ['two hours ahead', WebScaling.onForecast({ targetUtilizationPercent: 50, launchAhead: Duration.hours(2) }),
        "'scaling.launchAhead' is 7200 seconds; give whole seconds from 0 to 3600"],
    ])('refuses %s', (_, scaling, message) => refuses(scalingOn(scaling), message));
  });

  test('goes by several at once, those of one kind with numbers', () => {
    const from = (hour: number): ScheduleOptions => ({
      start: Schedule.cron({ hour: `${hour}`, minute: '0' }), end: Schedule.cron({ hour: `${hour + 4}`, minute: '30' }), minCapacity: 9,
    });
    const { tier } = tierIn(scalingOn(
      WebScaling.onCpuUtilization(50), WebScaling.onMetric(figure('Orders'), 5), WebScaling.onSchedule(from(7)), WebScaling.onMetric(figure('Visits'), 6),
      WebScaling.onSchedule(from(14)), WebScaling.onNetworkOut(1e6), WebScaling.onForecast({ targetUtilizationPercent: 50 }),
    ));
    expect(idsIn(tier)).toEqual(['ScalingPolicyCpuScaling', 'MetricScaling', 'ScheduledActionScheduleStart', 'ScheduledActionScheduleEnd', 'MetricScaling2',
      'ScheduledActionSchedule2Start', 'ScheduledActionSchedule2End', 'NetworkOutScaling', 'Forecast']);
  });

  test.each<[string, WebScaling[], string]>([
    ['the CPU', [WebScaling.onCpuUtilization(50), WebScaling.onCpuUtilization(70)], 'the figure of CpuScaling'],
    ['the requests', [WebScaling.onRequestCount(50), WebScaling.inCpuSteps(), WebScaling.onRequestCount(70)], 'the figure of RequestScaling'],
    ['a metric', [WebScaling.onMetric(figure('Orders'), 5), WebScaling.onMetric(figure('Orders'), 7)], 'the figure [{'],
    ['a time at which one schedule ends and another starts', [
      WebScaling.onSchedule({ start: Schedule.cron({ hour: '7' }), end: Schedule.cron({ hour: '17' }), minCapacity: 9 }),
      WebScaling.onSchedule({ start: Schedule.cron({ hour: '17' }), end: Schedule.cron({ hour: '22' }), minCapacity: 12 }),
    ], 'the time * 17 * * * of UTC'],
    ['a time at which a schedule starts and ends', [
      WebScaling.onSchedule({ start: Schedule.cron({ hour: '7' }), end: Schedule.cron({ hour: '7' }), minCapacity: 9, timeZone: 'Europe/Berlin' }),
    ], 'the time * 7 * * * of Europe/Berlin'],
  ])('refuses %s twice', (_, scaling, claim) => refuses(scalingOn(...scaling), `'scaling' goes by ${claim}`));

  test('names every kind for what it is', () => {
    const metric = new Metric({ namespace: 'Shop', metricName: 'Orders' });
    const { tier } = tierIn(scalingOn(
      WebScaling.onRequestCount(1), WebScaling.onDiskOperations(1), WebScaling.onMetric(metric, 1), WebScaling.inCpuSteps(),
    ));
    expect(idsIn(tier)).toEqual(['ScalingPolicyRequestScaling', 'DiskScaling', 'MetricScaling', 'CpuStepsOut', 'CpuStepsOutAlarm', 'CpuStepsIn', 'CpuStepsInAlarm']);
  });

  test('is left to others where there is none', () => {
    tierIn(scalingOn()).template().resourceCountIs(POLICY, 0);
  });

  test('takes a target that is known at deployment only', () => {
    const stack = shopStack();
    const target = new CfnParameter(stack, 'Target', { type: 'Number' }).valueAsNumber;
    tierIn({ ...scalingOn(WebScaling.onNetworkIn(target)), stack }).template()
      .hasResourceProperties(POLICY, { TargetTrackingConfiguration: Match.objectLike({ TargetValue: { Ref: 'Target' } }) });
  });

  test.each<[string, WebScaling, string]>([
    ['nothing of the CPU', WebScaling.onCpuUtilization(0), "'scaling.targetUtilizationPercent' is 0; give a whole number from 1 to 100"],
    ['half a request', WebScaling.onRequestCount(0.5), "'scaling.requestsPerInstancePerMinute' is 0.5; give a whole number of 1 or more"],
    ['nothing that comes in', WebScaling.onNetworkIn(0), "'scaling.bytesPerInstancePerMinute' is 0; give a number above 0"],
    ['less than nothing that goes out', WebScaling.onNetworkOut(-1), "'scaling.bytesPerInstancePerMinute' is -1; give a number above 0"],
    ['no operations', WebScaling.onDiskOperations(0), "'scaling.operationsPerInstancePerMinute' is 0; give a number above 0"],
  ])('refuses %s', (_, scaling, message) => refuses(scalingOn(scaling), message));

  test('refuses to count requests behind a network load balancer, which sees none', () => {
    refuses({ ...scalingOn(WebScaling.onCpuUtilization(50), WebScaling.onRequestCount(600)), endpoint: WebEndpoint.publicTcp(443) },
      "'scaling' is on the number of requests, but 'endpoint' is a network load balancer, which sees connections and no requests; "
      + 'scale on something else, such as WebScaling.onNetworkIn, or take an endpoint by HTTP or HTTPS');
  });

  test('goes by the network behind a network load balancer', () => {
    tierIn({ ...scalingOn(WebScaling.onNetworkIn(5e6)), endpoint: WebEndpoint.publicTcp(443) }).template().resourceCountIs(POLICY, 1);
  });
});
