import { CfnParameter, Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceFleet, MultiAzWebTier, WebEndpoint } from '../../src';
import { networkOf, shopStack, shopStackAnywhere, zoneNames } from '../helpers/network';
import { Setting, tierIn } from '../helpers/web-tier';

const endpoint = WebEndpoint.publicTcp(443);
const idsOf = ({ alarms }: MultiAzWebTier) => alarms.map(({ node }) => node.path.replace('Shop/Web/', ''));

/** The properties of one of the alarms of a tier, with names in the place of what its figures are of. */
function alarmOf(id: string, setting: Setting = {}): Record<string, unknown> {
  const { stack, tier, template } = tierIn(setting);
  const alarm = tier.alarms.find(({ node }) => node.path === `Shop/Web/${id}`);
  const { Ref: logicalId } = stack.resolve(alarm?.alarmName) as { Ref: string };
  const { AlarmDescription: description, ...properties } = template().findResources('AWS::CloudWatch::Alarm')[logicalId].Properties;
  expect(description).toEqual(expect.anything());
  const { loadBalancerFullName } = tier.loadBalancer as unknown as { loadBalancerFullName: string };
  const { targetGroupFullName } = tier.targetGroup as unknown as { targetGroupFullName: string };
  const names: [string, unknown][] = [['balancer', stack.resolve(loadBalancerFullName)], ['targets', stack.resolve(targetGroupFullName)],
    ...tier.autoScalingGroups.map((group, index): [string, unknown] => [`group${index}`, stack.resolve(group.autoScalingGroupName)])];
  return JSON.parse(names.reduce((text, [name, value]) => text.replaceAll(JSON.stringify(value), `"${name}"`), JSON.stringify(properties)));
}

const descriptionOf = (id: string, setting: Setting = {}) => {
  const { stack, tier } = tierIn(setting);
  const alarm = tier.alarms.find(({ node }) => node.path === `Shop/Web/${id}`);
  return stack.resolve((alarm?.node.defaultChild as cloudwatch.CfnAlarm).alarmDescription);
};

/** Dimensions as a template has them: in the order of their names. */
const dimensions = (values: Record<string, unknown>) =>
  Object.entries(values).map(([Name, Value]) => ({ Name, Value })).sort((a, b) => a.Name < b.Name ? -1 : 1);

/** A figure that goes into an expression. */
const figure = (Id: string, Namespace: string, MetricName: string, Stat: string, values: Record<string, unknown>) => ({
  Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions: dimensions(values) }, Period: 60, Stat }, ReturnData: false,
});

const expression = (Expression: string, Label: string) => ({ Id: 'expr_1', Expression, Label, ReturnData: true });

describe('the alarms of MultiAzWebTier', () => {
  test('are on clients first, then on what answers them', () => {
    expect(idsOf(tierIn().tier)).toEqual(['ServerErrors', 'Latency', 'CapacityBelowNeed',
      ...zoneNames.map(zone => `UnhealthyInstances/${zone}`), 'NoHeadRoom', 'ZoneImbalance', 'RolloutFailed']);
  });

  test('are not on requests behind a network load balancer, which sees none', () => {
    expect(idsOf(tierIn({ endpoint }).tier)).toEqual(['CapacityBelowNeed', ...zoneNames.map(zone => `UnhealthyInstances/${zone}`), 'NoHeadRoom', 'ZoneImbalance', 'RolloutFailed']);
  });

  test('are all that there are', () => {
    const { tier, template } = tierIn({ scaling: [] });
    template().resourceCountIs('AWS::CloudWatch::Alarm', tier.alarms.length);
  });

  test('tell nobody without a topic', () => {
    tierIn({ scaling: [] }).template().allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: Match.absent(), OKActions: Match.absent() });
  });

  test('go off when more than 5 % of the requests fail, in 3 of 5 minutes', () => {
    expect(alarmOf('ServerErrors')).toEqual({
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 5,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
      Metrics: [
        expression('100 * (FILL(target, 0) + FILL(own, 0)) / (FILL(requests, 0) + FILL(own, 0))', 'Server errors (%)'),
        figure('target', 'AWS/ApplicationELB', 'HTTPCode_Target_5XX_Count', 'Sum', { LoadBalancer: 'balancer', TargetGroup: 'targets' }),
        figure('own', 'AWS/ApplicationELB', 'HTTPCode_ELB_5XX_Count', 'Sum', { LoadBalancer: 'balancer' }),
        figure('requests', 'AWS/ApplicationELB', 'RequestCount', 'Sum', { LoadBalancer: 'balancer', TargetGroup: 'targets' }),
      ],
    });
    expect(descriptionOf('ServerErrors')).toBe('More than 5 % of the requests are answered by a server error.');
  });

  test.each<[string, Duration | undefined, number, string]>([
    ['2 seconds', undefined, 2, '2 seconds'], ['as long as it is told', Duration.seconds(90), 90, '1 minute 30 seconds'],
    ['as short as can be', Duration.seconds(1), 1, '1 second'], ['as long as can be', Duration.seconds(4000), 4000, '1 hour 6 minutes'],
  ])('go off when one request in a hundred takes longer than %s', (_, latencyLimit, threshold, inWords) => {
    expect(alarmOf('Latency', { latencyLimit })).toEqual({
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'TargetResponseTime',
      Dimensions: dimensions({ LoadBalancer: 'balancer', TargetGroup: 'targets' }),
      ExtendedStatistic: 'p99',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: threshold,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
    });
    expect(descriptionOf('Latency', { latencyLimit })).toContain(`longer than ${inWords}`);
  });

  test('go off when fewer instances are in service than needed, or when nothing tells, for 3 minutes', () => {
    expect(alarmOf('CapacityBelowNeed', { neededCapacity: 4 })).toEqual({
      Namespace: 'AWS/AutoScaling',
      MetricName: 'GroupInServiceInstances',
      Dimensions: dimensions({ AutoScalingGroupName: 'group0' }),
      Statistic: 'Minimum',
      Period: 60,
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 4,
      EvaluationPeriods: 3,
      TreatMissingData: 'breaching',
    });
  });

  test('count the instances of all groups together', () => {
    expect(alarmOf('CapacityBelowNeed', { neededCapacity: 4, fleet: InstanceFleet.inEachZone() })).toMatchObject({
      Threshold: 4,
      Metrics: [
        expression('group0 + group1 + group2', 'Instances in service'),
        ...[0, 1, 2].map(index => figure(`group${index}`, 'AWS/AutoScaling', 'GroupInServiceInstances', 'Minimum', { AutoScalingGroupName: `group${index}` })),
      ],
    });
  });

  describe('on the health of instances', () => {
    const unhealthy = (values: Record<string, unknown>, Namespace = 'AWS/ApplicationELB') => ({
      Namespace,
      MetricName: 'UnHealthyHostCount',
      Dimensions: dimensions({ LoadBalancer: 'balancer', TargetGroup: 'targets', ...values }),
      Statistic: 'Maximum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 10,
      TreatMissingData: 'notBreaching',
    });

    test.each(zoneNames)('go off when some stay ill for 10 minutes in %s', zone => {
      expect(alarmOf(`UnhealthyInstances/${zone}`)).toEqual(unhealthy({ AvailabilityZone: zone }));
      expect(alarmOf(`UnhealthyInstances/${zone}`, { endpoint })).toEqual(unhealthy({ AvailabilityZone: zone }, 'AWS/NetworkELB'));
      expect(descriptionOf(`UnhealthyInstances/${zone}`)).toBe(`Instances in ${zone} fail the health check of the load balancer, and those that replace them do too.`);
    });

    test('go by their number where the names of the zones are known at deployment only', () => {
      const stack = shopStackAnywhere();
      const setting = () => ({ stack, vpc: new ec2.Vpc(stack, 'Vpc') });
      const { tier, template } = tierIn(setting());
      expect(idsOf(tier).filter(id => id.startsWith('UnhealthyInstances'))).toEqual(['UnhealthyInstances/Zone1', 'UnhealthyInstances/Zone2']);
      for (const index of [0, 1]) {
        const zone = { 'Fn::Select': [index, { 'Fn::GetAZs': '' }] };
        template().hasResourceProperties('AWS::CloudWatch::Alarm', {
          MetricName: 'UnHealthyHostCount',
          Dimensions: Match.arrayWith([{ Name: 'AvailabilityZone', Value: zone }]),
          AlarmDescription: { 'Fn::Join': ['', ['Instances in ', zone, ' fail the health check of the load balancer, and those that replace them do too.']] },
        });
        template().hasResourceProperties('AWS::CloudWatch::Alarm', {
          Metrics: Match.arrayWith([Match.objectLike({ Id: `zone${index}`, MetricStat: Match.objectLike({ Metric: Match.objectLike({ Dimensions: Match.arrayWith([{ Name: 'AvailabilityZone', Value: zone }]) }) }) })]),
        });
      }
    });

    test('are for all zones together where they are not known, and then none compares the zones', () => {
      const stack = shopStack();
      const subnets = ['subnet-1', 'subnet-2', 'subnet-3'].map(id => ec2.Subnet.fromSubnetId(stack, id, id));
      const setting = { stack, vpcSubnets: { subnets } };
      expect(alarmOf('UnhealthyInstances/AllZones', setting)).toEqual(unhealthy({}));
      const { tier, stack: again } = tierIn({ vpcSubnets: { subnets } });
      expect(idsOf(tier)).toEqual(['ServerErrors', 'Latency', 'CapacityBelowNeed', 'UnhealthyInstances/AllZones', 'NoHeadRoom', 'RolloutFailed']);
      expect(again.resolve((tier.alarms[3].node.defaultChild as cloudwatch.CfnAlarm).alarmDescription)).toMatch(/^Instances fail the health check/);
    });
  });

  describe('on head-room', () => {
    const limit = figure('limit', 'AWS/AutoScaling', 'GroupMaxSize', 'Average', { AutoScalingGroupName: 'group0' });
    const desired = (index: number) => figure(`desired${index}`, 'AWS/AutoScaling', 'GroupDesiredCapacity', 'Average', { AutoScalingGroupName: `group${index}` });

    test('go off when as many are wanted as there may be, for 15 minutes', () => {
      expect(alarmOf('NoHeadRoom')).toEqual({
        ComparisonOperator: 'LessThanOrEqualToThreshold',
        Threshold: 0,
        EvaluationPeriods: 15,
        TreatMissingData: 'notBreaching',
        Metrics: [expression('limit - desired0', 'Head-room'), limit, desired(0)],
      });
      expect(descriptionOf('NoHeadRoom')).toContain('For 15 minutes');
    });

    test('go off when that is so in one of several groups', () => {
      expect(alarmOf('NoHeadRoom', { fleet: InstanceFleet.inEachZone() })).toMatchObject({
        Metrics: [expression('limit - MAX([desired0, desired1, desired2])', 'Head-room'), limit, desired(0), desired(1), desired(2)],
      });
    });

    test('are not where there is none to begin with', () => {
      expect(idsOf(tierIn({ maxCapacity: 3 }).tier)).not.toContain('NoHeadRoom');
    });

    test('are where the maximum is known at deployment only', () => {
      const stack = shopStack();
      expect(idsOf(tierIn({ stack, maxCapacity: new CfnParameter(stack, 'Most', { type: 'Number' }).valueAsNumber }).tier)).toContain('NoHeadRoom');
    });
  });

  test.each([InstanceFleet.overAllZones(), InstanceFleet.inEachZone()])('ask for no more than the ten figures that an alarm takes, over six zones', fleet => {
    const stack = shopStack();
    const vpc = networkOf(stack, 6, { availabilityZones: ['a', 'b', 'c', 'd', 'e', 'f'].map(letter => `eu-west-1${letter}`) });
    const alarms = Object.values(tierIn({ stack, vpc, fleet }).template().findResources('AWS::CloudWatch::Alarm'));
    const figures = alarms.map(({ Properties: { Metrics = [] } }) => Metrics.filter(({ MetricStat }: { MetricStat?: object }) => MetricStat).length);
    expect(Math.max(...figures)).toBe(fleet.isPerZone ? 7 : 6);
  });

  test.each([['AWS/ApplicationELB', undefined], ['AWS/NetworkELB', endpoint]])('go off when a zone has two healthy instances more than another for 15 minutes: %s', (namespace, to) => {
    expect(alarmOf('ZoneImbalance', to && { endpoint: to })).toEqual({
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 2,
      EvaluationPeriods: 15,
      TreatMissingData: 'notBreaching',
      Metrics: [
        expression('MAX([FILL(zone0, 0), FILL(zone1, 0), FILL(zone2, 0)]) - MIN([FILL(zone0, 0), FILL(zone1, 0), FILL(zone2, 0)])', 'Imbalance of the zones'),
        ...zoneNames.map((zone, index) =>
          figure(`zone${index}`, namespace, 'HealthyHostCount', 'Average', { AvailabilityZone: zone, LoadBalancer: 'balancer', TargetGroup: 'targets' })),
      ],
    });
  });

  test('do not compare zones that have a group each, which scale by themselves', () => {
    expect(idsOf(tierIn({ fleet: InstanceFleet.inEachZone() }).tier)).not.toContain('ZoneImbalance');
  });

  test('go off when a rollout of one of the groups fails', () => {
    const { stack, tier, template } = tierIn({ fleet: InstanceFleet.inEachZone() });
    const [rule] = Object.keys(template().findResources('AWS::Events::Rule', {
      Properties: {
        EventPattern: {
          'source': ['aws.autoscaling'],
          'detail-type': ['EC2 Auto Scaling Instance Refresh Failed'],
          'detail': { AutoScalingGroupName: tier.autoScalingGroups.map(group => stack.resolve(group.autoScalingGroupName)) },
        },
        State: 'ENABLED',
      },
    }));
    expect(alarmOf('RolloutFailed', { fleet: InstanceFleet.inEachZone() })).toEqual({
      Namespace: 'AWS/Events',
      MetricName: 'TriggeredRules',
      Dimensions: dimensions({ RuleName: { Ref: rule } }),
      Statistic: 'Sum',
      Period: 60,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('the metrics of MultiAzWebTier', () => {
  const configOf = (metric: cloudwatch.IMetric) => metric.toMetricConfig();

  test('are those of its alarms, unless told otherwise', () => {
    const { tier } = tierIn();
    expect(configOf(tier.metricLatency())).toMatchObject({ metricStat: { metricName: 'TargetResponseTime', statistic: 'p99', period: Duration.minutes(1) } });
    expect(configOf(tier.metricLatency({ statistic: 'p50', period: Duration.minutes(5) }))).toMatchObject({ metricStat: { statistic: 'p50', period: Duration.minutes(5) } });
    expect(configOf(tier.metricUnhealthyInstances())).toMatchObject({ metricStat: { metricName: 'UnHealthyHostCount', statistic: 'Maximum' } });
    expect(configOf(tier.metricUnhealthyInstances()).metricStat?.dimensions?.map(({ name }) => name)).toEqual(['LoadBalancer', 'TargetGroup']);
    expect(configOf(tier.metricUnhealthyInstances('eu-west-1b')).metricStat?.dimensions).toContainEqual({ name: 'AvailabilityZone', value: 'eu-west-1b' });
    expect(configOf(tier.metricInServiceInstances())).toMatchObject({ metricStat: { metricName: 'GroupInServiceInstances', statistic: 'Minimum', period: Duration.minutes(1) } });
  });

  test('of several groups take options too', () => {
    const { tier } = tierIn({ fleet: InstanceFleet.inEachZone() });
    const config = configOf(tier.metricInServiceInstances({ statistic: 'Average', period: Duration.minutes(5), label: 'In service', color: '#00ff00' }));
    expect(config.renderingProperties).toMatchObject({ label: 'In service', color: '#00ff00' });
    expect(config.mathExpression?.period).toBe(300);
    expect(configOf(config.mathExpression?.usingMetrics.group2 as cloudwatch.IMetric)).toMatchObject({ metricStat: { statistic: 'Average', period: Duration.minutes(5) } });
    expect(configOf(tier.metricInServiceInstances()).mathExpression?.period).toBe(60);
  });

  test('of server errors are summed over the time that is asked for', () => {
    const metric = tierIn().tier.metricServerErrorPercent({ period: Duration.minutes(5), label: 'Errors' });
    const { mathExpression, renderingProperties } = configOf(metric);
    expect([mathExpression?.period, renderingProperties?.label]).toEqual([300, 'Errors']);
    const periods = Object.values(mathExpression?.usingMetrics ?? {}).map(one => configOf(one).metricStat?.period?.toMinutes());
    expect(periods).toEqual([5, 5, 5]);
  });
});
