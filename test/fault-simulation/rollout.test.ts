import { both, idOf, Resources, simulationOf, stackOf, subnets, templateOf, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';
import { StackInput } from '../../src/fault-simulation/template/world';

type Values = Record<string, unknown>;

const badVersion: Fault = { kind: 'bad-version', of: 'Stack/Group' };
const halved = { MinHealthyPercentage: 50, MaxHealthyPercentage: 100 };
const parameters = { Size: { Type: 'Number' }, Policy: { Type: 'String' } };

/** Four instances behind a balancer, with an instance refresh of these preferences. */
function groupWith(preferences: unknown, properties: Values = {}, data: Values = {}, more: Resources = {}, updatePolicy?: unknown): StackInput {
  const stack = stackOf({
    ...subnets,
    Targets: ['ElasticLoadBalancingV2::TargetGroup'],
    Template: ['EC2::LaunchTemplate', { LaunchTemplateData: { ImageId: 'ami-1', ...data } }],
    Group: ['AutoScaling::AutoScalingGroup', {
      MinSize: 4,
      VPCZoneIdentifier: both,
      TargetGroupARNs: [{ Ref: 'Targets' }],
      HealthCheckType: 'ELB',
      LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '7' },
      ...properties,
    }],
    ...more,
  }, { Parameters: parameters });
  Object.assign(stack.template.Resources?.Group as object, {
    UpdatePolicy: updatePolicy ?? { AutoScalingInstanceRefresh: { Strategy: 'Rolling', Preferences: preferences } },
  });
  return stack;
}

function becomes(stack: StackInput, fault = badVersion) {
  const { atOnce, afterRecovery, capacityLeft, chain, need } = simulationOf(stack).under(fault).get('Stack/Group') ?? { chain: [] };
  return { verdict: [atOnce, afterRecovery, capacityLeft], last: chain.at(-1), need };
}

/** What a resource has beside its properties. */
interface Refreshed {
  readonly UpdatePolicy: { readonly AutoScalingInstanceRefresh: { readonly Preferences: Record<string, unknown> } };
}

describe('a bad version in an instance refresh', () => {
  test('takes what the floor lets go, and names the floor and what would change it', () => {
    expect(becomes(groupWith(halved))).toMatchObject({
      verdict: ['degraded', 'unaffected', 0.5],
      last: {
        what: '2 of 4 in Stack/Group go for new ones that are never healthy',
        property: 'Stack/Group.UpdatePolicy.AutoScalingInstanceRefresh.Preferences.MinHealthyPercentage',
        remedy: '100',
      },
    });
  });

  test.each<[what: string, preferences: unknown, properties: Values, verdict: unknown[]]>([
    ['a floor that leaves a part of an instance keeps the whole of it', { MinHealthyPercentage: 60 }, {}, ['degraded', 'unaffected', 0.75]],
    ['a floor of 99 % lets one go', { MinHealthyPercentage: 99 }, {}, ['degraded', 'unaffected', 0.75]],
    ['a floor of 0 lets all go', { MinHealthyPercentage: 0 }, {}, ['interrupted', 'unaffected', undefined]],
    ['a policy of -1 is none', {}, { InstanceMaintenancePolicy: { MinHealthyPercentage: -1, MaxHealthyPercentage: -1 } }, ['unaffected', 'unaffected', undefined]],
    ['a check that looks at no balancer finds nothing', {}, { TargetGroupARNs: [] }, ['lost', 'lost', undefined]],
    ['a Classic Load Balancer is looked at, too', {}, { TargetGroupARNs: [], LoadBalancerNames: ['shop'] }, ['unaffected', 'unaffected', undefined]],
    ['a source of traffic is looked at, too', {}, { TargetGroupARNs: [], TrafficSources: [{ Identifier: 'arn' }] }, ['unaffected', 'unaffected', undefined]],
    ['a floor that is not known decides nothing', { MinHealthyPercentage: { Ref: 'Size' } }, {}, ['unknown', 'unknown', undefined]],
    ['preferences that are not known decide nothing', { 'Fn::ImportValue': 'Preferences' }, {}, ['unknown', 'unknown', undefined]],
    ['a check that is not known decides nothing', {}, { HealthCheckType: { Ref: 'Policy' } }, ['unknown', 'unknown', undefined]],
    ['the size does not matter where all is kept', {}, { MinSize: { Ref: 'Size' } }, ['unaffected', 'unaffected', undefined]],
    ['the size does not matter where all is lost', {}, { MinSize: { Ref: 'Size' }, HealthCheckType: 'EC2' }, ['lost', 'lost', undefined]],
    ['the size matters where a part is kept', halved, { MinSize: { Ref: 'Size' } }, ['unknown', 'unknown', undefined]],
  ])('%s', (_, preferences, properties, verdict) => {
    expect(becomes(groupWith(preferences, properties)).verdict).toEqual(verdict);
  });

  test('is judged by the need, as any other fault', () => {
    const stack = groupWith(halved);
    Object.assign(stack.template.Resources?.Group as object, { Metadata: { 'cdk-fault-tolerance:neededCapacity': 3 } });
    expect(becomes(stack).need).toEqual({ met: false, source: 'recorded' });
  });

  test('comes on top of a zone that is lost at the same time', () => {
    expect(becomes(groupWith({}), { kind: 'pair', faults: [zone(0), badVersion] }).verdict).toEqual(['degraded', 'unaffected', 0.5]);
  });

  describe('stays after a roll-back', () => {
    const mixed = (specification: Values, override: Values = {}) => ({
      LaunchTemplate: undefined,
      MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: { Ref: 'Template' }, ...specification }, Overrides: [override] } },
    });

    test.each<[what: string, properties: Values, data: Values, property: string | undefined]>([
      ['of an image that is looked up', {}, { ImageId: 'resolve:ssm:/web/image' }, 'Stack/Template.LaunchTemplateData.ImageId'],
      ['of one whose parameter is in the template', {}, { ImageId: { 'Fn::Sub': 'resolve:ssm:${Group}' } }, 'Stack/Template.LaunchTemplateData.ImageId'],
      ['of one by its ARN', {}, { ImageId: 'resolve:ssm:arn:aws:ssm:eu-west-1:1:parameter/web' }, 'Stack/Template.LaunchTemplateData.ImageId'],
      ['not of one version of a parameter', {}, { ImageId: 'resolve:ssm:/web/image:3' }, undefined],
      ['of the default version', { LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '$Default' } }, {}, 'Stack/Group.LaunchTemplate.Version'],
      ['of the latest version in a mixed policy', mixed({ Version: '$Latest' }), {}, 'Stack/Group.MixedInstancesPolicy'],
      ['of the latest version in an override', mixed({ Version: '1' }, { LaunchTemplateSpecification: { Version: '$Latest' } }), {}, 'Stack/Group.MixedInstancesPolicy'],
      ['of an image of an override', mixed({ Version: '1' }, { ImageId: 'resolve:ssm:/web/image' }), {}, 'Stack/Template.LaunchTemplateData.ImageId'],
    ])('%s', (_, properties, data, property) => {
      const { verdict, last } = becomes(groupWith(halved, properties, data));
      expect(verdict).toEqual(['degraded', property === undefined ? 'unaffected' : 'degraded', 0.5]);
      if (property !== undefined) { expect(last?.property).toBe(property); }
    });

    test('also where all that runs is kept, and then what becomes of it is not decided', () => {
      const { verdict, last } = becomes(groupWith({}, {}, { ImageId: 'resolve:ssm:/web/image' }));
      expect(verdict[0]).toBe('unknown');
      expect(last?.what).toBe('Stack/Group looks its image up at each launch, and finds the bad one after a roll-back, too');
    });

    test('of a rolling update', () => {
      const rolling = { AutoScalingRollingUpdate: { WaitOnResourceSignals: true, MinInstancesInService: 3 } };
      expect(becomes(groupWith({}, {}, {}, {}, rolling)).verdict).toEqual(['degraded', 'unaffected', 0.75]);
      expect(becomes(groupWith({}, {}, { ImageId: 'resolve:ssm:/web/image' }, {}, rolling)).verdict).toEqual(['degraded', 'degraded', 0.75]);
    });
  });

  describe('found by an alarm alone', () => {
    const alarm = (properties: Values): Resources => ({ Alarm: ['CloudWatch::Alarm', properties] });
    const under = (preferences: Values, alarms: Resources = alarm({ Period: 60, EvaluationPeriods: 5 })) =>
      becomes(groupWith({ ...preferences, AlarmSpecification: { Alarms: [{ Ref: 'Alarm' }] } }, { HealthCheckType: 'EC2' }, {}, alarms)).verdict;

    test.each<[what: string, preferences: Values, alarms: Resources | undefined, verdict: unknown[]]>([
      ['has taken all by the end of the bake time', { BakeTime: 301 }, undefined, ['interrupted', 'unaffected', undefined]],
      ['may be in for good if the bake time is no longer than the alarm takes', { BakeTime: 300 }, undefined, ['unknown', 'unknown', undefined]],
      ['has taken what comes before the first checkpoint', { CheckpointPercentages: [50, 100] }, undefined, ['degraded', 'unaffected', 0.5]],
      ['is not stopped by a checkpoint that waits too short', { CheckpointPercentages: [50, 100], CheckpointDelay: 300 }, undefined, ['unknown', 'unknown', undefined]],
      ['is not stopped by a checkpoint at the end', { CheckpointPercentages: [100] }, undefined, ['unknown', 'unknown', undefined]],
      ['counts the metrics that an alarm is made of', { BakeTime: 301 },
        alarm({ EvaluationPeriods: 2, Metrics: [{ MetricStat: { Period: 60 } }, { MetricStat: { Period: 300 } }] }), ['unknown', 'unknown', undefined]],
      ['knows no time of an alarm of alarms', { BakeTime: 3600 }, { Alarm: ['CloudWatch::CompositeAlarm', {}] }, ['unknown', 'unknown', undefined]],
    ])('%s', (_, preferences, alarms, verdict) => {
      expect(under(preferences, alarms)).toEqual(verdict);
    });
  });

  test('is read as CDK writes it', () => {
    const web = templateOf('MultiAzWebTier by public HTTPS');
    const id = idOf(web, 'AWS::AutoScaling::AutoScalingGroup');
    const group = () => simulationOf(web).under({ kind: 'bad-version', of: `${web.name}/${id}` }).get(`${web.name}/${id}`)?.atOnce;
    expect(web.resources[id]).toMatchObject({ UpdatePolicy: { AutoScalingInstanceRefresh: { Strategy: 'Rolling' } } });
    expect(group()).toBe('unaffected');
    web.resources[id].Properties.HealthCheckType = 'EC2';
    // the alarms of the tier find it, once all have it
    expect(group()).toBe('interrupted');
    delete (web.resources[id] as unknown as Refreshed).UpdatePolicy.AutoScalingInstanceRefresh.Preferences.AlarmSpecification;
    expect(group()).toBe('lost');
  });
});
