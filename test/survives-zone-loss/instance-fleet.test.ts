import { CfnParameter, Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CapacityDistributionStrategy, PoolState } from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceFleet, InstanceFleetOptions, InstanceTemplate, Rollout, ShutdownCommand, WebEndpoint, WebRouting, ZonalShift } from '../../src';
import { networkOf, shopStack, shopStackAnywhere, zoneNames } from '../helpers/network';
import { refuses, Setting, tierIn } from '../helpers/web-tier';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

/** The preferences of the refresh by which a tier of this setting takes a new version. */
function refreshOf(setting: Setting): Record<string, unknown> {
  const [group] = Object.values(tierIn(setting).template().findResources(GROUP));
  expect(group.UpdatePolicy.AutoScalingInstanceRefresh.Strategy).toBe('Rolling');
  return group.UpdatePolicy.AutoScalingInstanceRefresh.Preferences;
}

const withFleet = (options: Parameters<typeof InstanceFleet.overAllZones>[0]): Setting => ({ fleet: InstanceFleet.overAllZones(options) });

function typesFor(furtherInstanceTypes: string[], spotPercentAboveMinimum = 0): InstanceTemplate {
  return InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
    instanceType: new ec2.InstanceType('m7i.large'),
    furtherInstanceTypes: furtherInstanceTypes.map(name => new ec2.InstanceType(name)),
    spotPercentAboveMinimum,
  });
}

describe('InstanceFleet', () => {
  describe('overAllZones', () => {
    test('launches elsewhere what a zone has no capacity for', () => {
      tierIn().template().hasResourceProperties(GROUP, { AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' } });
    });

    test('waits for the zone when told so, and says what that means', () => {
      const { template, warnings } = tierIn(withFleet({ distribution: CapacityDistributionStrategy.BALANCED_ONLY }));
      template().hasResourceProperties(GROUP, { AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-only' } });
      expect(warnings()).toEqual([expect.stringContaining('[ack: cdk-fault-tolerance:noRefill]')]);
    });

    test('replaces an instance after 30 days, or sooner', () => {
      tierIn().template().hasResourceProperties(GROUP, { MaxInstanceLifetime: 2592000 });
      tierIn(withFleet({ maxInstanceLifetime: Duration.days(2) })).template().hasResourceProperties(GROUP, { MaxInstanceLifetime: 172800 });
    });

    test('counts the figures of a new instance after its warm-up', () => {
      tierIn().template().hasResourceProperties(GROUP, { DefaultInstanceWarmup: 120 });
      tierIn(withFleet({ instanceWarmup: Duration.minutes(10) })).template().hasResourceProperties(GROUP, { DefaultInstanceWarmup: 600 });
    });

    test('leaves its live capacity alone: it has no desired one, and sizes count only where the app changes them', () => {
      const { template } = tierIn();
      template().hasResourceProperties(GROUP, { DesiredCapacity: Match.absent() });
      template().hasResource(GROUP, { UpdatePolicy: { AutoScalingScheduledAction: { IgnoreUnmodifiedGroupSizeProperties: true } } });
    });
  });

  describe('inEachZone', () => {
    const perZone = (options: InstanceFleetOptions = {}): Setting => ({ fleet: InstanceFleet.inEachZone(options), neededCapacity: 4 });

    test('has a group for each zone, in its subnets alone', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      const { tier, template } = tierIn({ ...perZone(), stack, vpc });
      expect(tier.autoScalingGroups.map(({ node }) => node.path)).toEqual(zoneNames.map(zone => `Shop/Web/Instances/${zone}`));
      for (const subnet of vpc.privateSubnets) {
        template().hasResourceProperties(GROUP, { VPCZoneIdentifier: [stack.resolve(subnet.subnetId)], MinSize: '2', MaxSize: '4' });
      }
      template().resourceCountIs(GROUP, 3);
      template().resourceCountIs('AWS::EC2::LaunchTemplate', 1);
    });

    test('rolls out zone after zone', () => {
      const groups = Object.entries(tierIn(perZone()).template().findResources(GROUP));
      const before = groups.map(([, { DependsOn }]) => (DependsOn as string[]).filter(id => groups.some(([group]) => group === id)));
      expect(before).toEqual([[], [groups[0][0]], [groups[1][0]]]);
    });

    test('runs no more than it is told, and no fewer, though all groups are alike', () => {
      const { tier, template } = tierIn({ fleet: InstanceFleet.inEachZone({ minCapacity: 5 }), neededCapacity: 4, maxCapacity: 10 });
      template().allResourcesProperties(GROUP, { MinSize: '2', MaxSize: '3' });
      expect(tier.minCapacity).toBe(6);
    });

    test('has them all behind the load balancer', () => {
      const { stack, tier, template } = tierIn(perZone());
      template().allResourcesProperties(GROUP, { TargetGroupARNs: [stack.resolve(tier.targetGroup.targetGroupArn)] });
    });

    test('counts the instances of all of them', () => {
      const { template } = tierIn(perZone());
      template().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Threshold: 4, Metrics: Match.arrayWith([Match.objectLike({ Expression: 'group0 + group1 + group2' })]),
      });
    });

    test('counts zones that are known at deployment only', () => {
      const stack = shopStackAnywhere();
      const { tier } = tierIn({ ...perZone(), stack, vpc: new ec2.Vpc(stack, 'Vpc') });
      expect(tier.autoScalingGroups.map(({ node }) => node.id)).toEqual(['Zone1', 'Zone2']);
    });

    test('warns where the groups of the other zones may not grow to what the tier had', () => {
      expect(tierIn({ ...perZone(), maxCapacity: 9 }).warnings()).toEqual([]);
      expect(tierIn({ ...perZone(), maxCapacity: 6 }).warnings()).toEqual(expect.arrayContaining([
        "'maxCapacity' is 6: without 1 of 3 zones the groups of the others grow to 4 instances together, and not to the 6 that always run else; "
        + 'give 9 or more [ack: cdk-fault-tolerance:maxStopsRefill]',
      ]));
    });

    test('refuses a maximum that does not let the minimum run in each zone', () => {
      refuses({ fleet: InstanceFleet.inEachZone({ minCapacity: 7 }), neededCapacity: 4, maxCapacity: 8 },
        "'maxCapacity' is 8, which lets 2 run in each of 3 zones, and 3 always do; give 9 or more");
    });

    test('refuses zones that are not known', () => {
      const stack = shopStack();
      const subnets = ['subnet-1', 'subnet-2', 'subnet-3'].map(id => ec2.Subnet.fromSubnetId(stack, id, id));
      refuses({ ...perZone(), vpcSubnets: { subnets } }, "'fleet' is InstanceFleet.inEachZone, but the zones of the subnets are not known; "
        + "import the subnets with their 'availabilityZone', or the VPC with its 'availabilityZones'");
    });
  });

  describe('sizes', () => {
    test('for the loss of two zones', () => {
      const { tier, template } = tierIn({ ...withFleet({ zoneFailureTolerance: 2 }), neededCapacity: 4 });
      expect(tier.minCapacity).toBe(12);
      template().hasResourceProperties(GROUP, { MinSize: '12' });
    });

    test('by the user\'s own figure, and says what is left of it', () => {
      const { tier, warnings } = tierIn({ ...withFleet({ minCapacity: 5 }), neededCapacity: 4 });
      expect(tier.minCapacity).toBe(5);
      expect(warnings()).toEqual(["'fleet.minCapacity' is 5: without one zone of 3, 3 of the 4 instances that are needed are left until others have started; "
        + 'leave it out, or give 6 [ack: cdk-fault-tolerance:noHeadRoom]']);
    });

    test('by a figure of the user that is enough, in silence', () => {
      expect(tierIn({ ...withFleet({ minCapacity: 7 }), neededCapacity: 4 }).warnings()).toEqual([]);
    });

    test('says that it does not grow, and has no alarm on that', () => {
      const { tier, warnings } = tierIn({ maxCapacity: 3 });
      expect(warnings()).toEqual(["'maxCapacity' is 3, as many as always run: the fleet does not grow with its load; give more [ack: cdk-fault-tolerance:noGrowth]"]);
      expect(tier.alarms.map(({ node }) => node.id)).not.toContain('NoHeadRoom');
    });

    test.each<[string, Setting, string]>([
      ['fewer than are needed', { ...withFleet({ minCapacity: 3 }), neededCapacity: 4 }, "'fleet.minCapacity' is 3; give a whole number of 4 or more"],
      ['more than may run', { ...withFleet({ minCapacity: 10 }), neededCapacity: 4, maxCapacity: 8 },
        "'maxCapacity' is 8, fewer than 'fleet.minCapacity' (10); raise the one, or lower the other"],
      ['the loss of all zones', withFleet({ zoneFailureTolerance: 3 }),
        "'fleet.zoneFailureTolerance' is 3, but the subnets are in 3 zones, and one has to be left; give 2 or less, or subnets in more zones"],
      ['the loss of no zone', withFleet({ zoneFailureTolerance: 0 }), "'fleet.zoneFailureTolerance' is 0; give a whole number of 1 or more"],
    ])('refuses %s', (_, setting, message) => refuses(setting, message));
  });

  describe('rolls out', () => {
    test('with all that runs in service, watched by what clients get, for five minutes more', () => {
      const refresh = refreshOf({});
      expect(refresh).toMatchObject({ MinHealthyPercentage: 100, MaxHealthyPercentage: 150, BakeTime: 600 });
      expect((refresh.AlarmSpecification as { Alarms: { Ref: string }[] }).Alarms.map(({ Ref }) => Ref.slice(0, -8))).toEqual(['WebServerErrors', 'WebLatency']);
    });

    test('past its own alarms, when told so', () => {
      expect(refreshOf(withFleet({ rollout: Rollout.unwatched() }))).not.toHaveProperty('AlarmSpecification');
    });

    test('watched by alarms of the user too, with pauses', () => {
      const stack = shopStack();
      const orders = new cloudwatch.Alarm(stack, 'Orders', {
        metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' }), threshold: 1, evaluationPeriods: 1,
      });
      const rollout = Rollout.watched({
        alarms: [orders], checkpoints: [10, 50], checkpointDelay: Duration.minutes(20), bakeTime: Duration.hours(1),
      });
      expect(refreshOf({ stack, ...withFleet({ rollout }) })).toMatchObject({
        AlarmSpecification: { Alarms: [{}, {}, stack.resolve(orders.alarmName)] },
        CheckpointPercentages: [10, 50, 100],
        CheckpointDelay: 1200,
        BakeTime: 3600,
      });
    });

    test('and replaces by itself in the same way', () => {
      const rollout = Rollout.watched({ minHealthyPercentage: 80, maxHealthyPercentage: 110 });
      tierIn({ ...withFleet({ rollout }), neededCapacity: 4 }).template().hasResourceProperties(GROUP, {
        InstanceMaintenancePolicy: { MinHealthyPercentage: 80, MaxHealthyPercentage: 110 },
      });
    });

    test('and says where that leaves fewer than are needed', () => {
      const rollout = Rollout.watched({ minHealthyPercentage: 50 });
      expect(tierIn({ ...withFleet({ rollout }), neededCapacity: 4 }).warnings()).toEqual([
        "'fleet.rollout.minHealthyPercentage' leaves 3 of 6 instances in service, fewer than the 4 that are needed; give 67 or more "
        + '[ack: cdk-fault-tolerance:rolloutBelowNeed]',
      ]);
      expect(tierIn({ ...withFleet({ rollout: Rollout.watched({ minHealthyPercentage: 67 }) }), neededCapacity: 4 }).warnings()).toEqual([]);
      // of each group of two
      const ofEachZone = InstanceFleet.inEachZone({ rollout: Rollout.watched({ minHealthyPercentage: 67 }) });
      expect(tierIn({ fleet: ofEachZone, neededCapacity: 4 }).warnings()).toHaveLength(1);
    });

    test('with pauses of ten minutes, the last one before it is done, unless told otherwise', () => {
      expect(refreshOf(withFleet({ rollout: Rollout.watched({ checkpoints: [1, 100] }) })))
        .toMatchObject({ CheckpointPercentages: [1, 100], CheckpointDelay: 600 });
      expect(refreshOf({})).not.toHaveProperty('CheckpointPercentages');
      expect(refreshOf({})).not.toHaveProperty('CheckpointDelay');
    });

    test.each<[string, Parameters<typeof Rollout.watched>[0], object]>([
      ['half of them gone', { minHealthyPercentage: 50, maxHealthyPercentage: 150 }, { MinHealthyPercentage: 50, MaxHealthyPercentage: 150 }],
      ['all of them gone', { minHealthyPercentage: 0, maxHealthyPercentage: 100 }, { MinHealthyPercentage: 0, MaxHealthyPercentage: 100 }],
      ['twice as many', { maxHealthyPercentage: 200 }, { MaxHealthyPercentage: 200 }],
      ['no pause and no more watching', { checkpoints: [50], checkpointDelay: Duration.seconds(0), bakeTime: Duration.seconds(0) }, { CheckpointDelay: 0, BakeTime: 0 }],
      ['two days of both', { checkpoints: [50], checkpointDelay: Duration.days(2), bakeTime: Duration.days(2) }, { CheckpointDelay: 172800, BakeTime: 172800 }],
    ])('with %s, when told so', (_, options, preferences) => {
      expect(refreshOf(withFleet({ rollout: Rollout.watched(options) }))).toMatchObject(preferences);
    });

    test('watched by as many alarms as a refresh takes', () => {
      const stack = shopStack();
      const alarms = Array.from({ length: 8 }, (_, index) => cloudwatch.Alarm.fromAlarmName(stack, `A${index}`, `a${index}`));
      const refresh = refreshOf({ stack, ...withFleet({ rollout: Rollout.watched({ alarms }) }) });
      expect((refresh.AlarmSpecification as { Alarms: unknown[] }).Alarms).toHaveLength(10);
      expect(refreshOf({ ...withFleet({ rollout: Rollout.watched() }), endpoint: WebEndpoint.publicTcp(443) })).not.toHaveProperty('AlarmSpecification');
    });

    test('a version of a fixed number, which CloudFormation can roll back', () => {
      const { stack, tier, template } = tierIn();
      template().hasResourceProperties(GROUP, { LaunchTemplate: { Version: stack.resolve(tier.launchTemplate.versionNumber) } });
    });

    test.each<[string, Parameters<typeof Rollout.watched>[0], string]>([
      ['more than all', { minHealthyPercentage: 101 }, "'fleet.rollout.minHealthyPercentage' is 101; give a whole number from 0 to 100"],
      ['more than twice', { maxHealthyPercentage: 201 }, "'fleet.rollout.maxHealthyPercentage' is 201; give a whole number from 100 to 200"],
      ['too wide a range', { minHealthyPercentage: 20 },
        "'fleet.rollout.maxHealthyPercentage' (150) is more than 100 above 'fleet.rollout.minHealthyPercentage' (20); give 100 to 120"],
      ['no range', { maxHealthyPercentage: 100 },
        "'fleet.rollout.maxHealthyPercentage' (100) is the same as 'fleet.rollout.minHealthyPercentage' (100); give 101 to 200"],
      ['a checkpoint twice', { checkpoints: [20, 20] }, "'fleet.rollout.checkpoints' is 20, 20, which does not ascend"],
      ['checkpoints that go back', { checkpoints: [50, 20] }, "'fleet.rollout.checkpoints' is 50, 20, which does not ascend; give each percentage once, the least first"],
      ['a checkpoint at nothing', { checkpoints: [0] }, "'fleet.rollout.checkpoints' is 0; give a whole number from 1 to 100"],
      ['a share known at deployment only', { minHealthyPercentage: Lazy.number({ produce: () => 90 }) },
        "'fleet.rollout.minHealthyPercentage' is not known at synth; give a number"],
      ['a range known at deployment only', { maxHealthyPercentage: Lazy.number({ produce: () => 110 }) },
        "'fleet.rollout.maxHealthyPercentage' is not known at synth; give a number"],
      ['a checkpoint known at deployment only', { checkpoints: [10, Lazy.number({ produce: () => 50 })] },
        "'fleet.rollout.checkpoints' is not known at synth; give a number"],
      ['no checkpoints', { checkpoints: [] }, "'fleet.rollout.checkpoints' has 0 entries; give 1 or more"],
      ['a delay at no checkpoint', { checkpointDelay: Duration.minutes(1) },
        "'fleet.rollout.checkpointDelay' is given without 'fleet.rollout.checkpoints'; give both, or none"],
      ['a delay of three days', { checkpoints: [50], checkpointDelay: Duration.days(3) }, "'fleet.rollout.checkpointDelay' is 259200 seconds"],
      ['a bake time of three days', { bakeTime: Duration.days(3) }, "'fleet.rollout.bakeTime' is 259200 seconds; give whole seconds from 0 to 172800"],
    ])('refuses %s', (_, options, message) => refuses(withFleet({ rollout: Rollout.watched(options) }), message));

    test('refuses more alarms than a refresh watches', () => {
      const stack = shopStack();
      const alarms = Array.from({ length: 9 }, (_, index) => cloudwatch.Alarm.fromAlarmName(stack, `A${index}`, `a${index}`));
      refuses(withFleet({ rollout: Rollout.watched({ alarms }) }), "'fleet.rollout.alarms' has 9 entries; give 0 to 8");
    });
  });

  describe('shifts away from a zone', () => {
    test('on request, with load balancer and group, which goes on to replace what is unhealthy', () => {
      const { template } = tierIn();
      template().hasResourceProperties(GROUP, {
        AvailabilityZoneImpairmentPolicy: { ZonalShiftEnabled: true, ImpairedZoneHealthCheckBehavior: 'ReplaceUnhealthy' },
        SkipZonalShiftValidation: Match.absent(),
      });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'zonal_shift.config.enabled', Value: 'true' }]),
      });
      template().resourceCountIs('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', 0);
    });

    test('also where each zone balances for itself', () => {
      tierIn({ routing: WebRouting.roundRobin({ crossZone: false }) }).template().hasResourceProperties(GROUP, { SkipZonalShiftValidation: true });
    });

    test('by itself, and practises it, when told so', () => {
      const { stack, tier, template } = tierIn(withFleet({ zonalShift: ZonalShift.automatic({ blockedWindows: ['Fri:08:00-Fri:18:00'] }) }));
      const errors = tier.alarms.find(({ node }) => node.id === 'ServerErrors');
      for (const resource of [tier.loadBalancer.loadBalancerRef.loadBalancerArn, tier.autoScalingGroups[0]]) {
        template().hasResourceProperties('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', {
          ResourceIdentifier: typeof resource === 'string' ? stack.resolve(resource) : { 'Fn::GetAtt': [Match.stringLikeRegexp('WebInstancesASG'), 'AutoScalingGroupARN'] },
          ZonalAutoshiftStatus: 'ENABLED',
          PracticeRunConfiguration: {
            OutcomeAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(errors?.alarmArn) }], BlockedWindows: ['Fri:08:00-Fri:18:00'],
          },
        });
      }
    });

    test('and judges a practice by alarms of the user, and not on days that are blocked', () => {
      const stack = shopStack();
      const [outcome, blocking] = ['Orders', 'Sale'].map(id => new cloudwatch.Alarm(stack, id, {
        metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: id }), threshold: 1, evaluationPeriods: 1,
      }));
      const zonalShift = ZonalShift.automatic({ outcomeAlarms: [outcome], blockingAlarms: [blocking], blockedDates: ['2026-11-27'] });
      expect(zonalShift.isEnabled).toBe(true);
      const { template } = tierIn({ stack, ...withFleet({ zonalShift }) });
      template().allResourcesProperties('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', {
        PracticeRunConfiguration: {
          OutcomeAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(outcome.alarmArn) }],
          BlockingAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(blocking.alarmArn) }],
          BlockedDates: ['2026-11-27'],
        },
      });
      template().hasResourceProperties(GROUP, { AvailabilityZoneImpairmentPolicy: { ZonalShiftEnabled: true } });
    });

    test('behind a network load balancer, judged by whether there are enough instances', () => {
      const { stack, tier, template } = tierIn({ ...withFleet({ zonalShift: ZonalShift.automatic() }), endpoint: WebEndpoint.publicTcp(443) });
      expect(tier.alarms[0].node.id).toBe('CapacityBelowNeed');
      template().allResourcesProperties('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', {
        PracticeRunConfiguration: { OutcomeAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(tier.alarms[0].alarmArn) }] },
      });
    });

    test('unless more alarms block it than the service takes', () => {
      const stack = shopStack();
      const blockingAlarms = Array.from({ length: 11 }, (_, index) => cloudwatch.Alarm.fromAlarmName(stack, `A${index}`, `a${index}`));
      refuses(withFleet({ zonalShift: ZonalShift.automatic({ blockingAlarms }) }), "'fleet.zonalShift.blockingAlarms' has 11 entries; give 0 to 10");
      refuses(withFleet({ zonalShift: ZonalShift.automatic({ outcomeAlarms: blockingAlarms }) }),
        "'fleet.zonalShift.outcomeAlarms' has 11 entries; give 1 to 10");
    });

    test('with the load balancer alone where each zone has its own group, which has nowhere to go', () => {
      const { template } = tierIn({ fleet: InstanceFleet.inEachZone({ zonalShift: ZonalShift.automatic() }) });
      template().resourceCountIs('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', 1);
      template().allResourcesProperties(GROUP, { AvailabilityZoneImpairmentPolicy: Match.absent() });
    });

    test('never, when told so', () => {
      const { template } = tierIn(withFleet({ zonalShift: ZonalShift.disabled() }));
      template().hasResourceProperties(GROUP, { AvailabilityZoneImpairmentPolicy: Match.absent() });
      template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'zonal_shift.config.enabled', Value: 'false' }]),
      });
    });

    test.each<[string, Parameters<typeof ZonalShift.automatic>[0], string]>([
      ['a day that there is not', { blockedDates: ['2026-13-01'] }, "'fleet.zonalShift.blockedDates' has '2026-13-01'; write it as '2026-11-27'"],
      ['a time that there is not', { blockedWindows: ['Friday'] }, "'fleet.zonalShift.blockedWindows' has 'Friday'; write it as 'Fri:08:00-Fri:18:00'"],
      ['more days than there may be', { blockedDates: Array.from({ length: 16 }, () => '2026-11-27') },
        "'fleet.zonalShift.blockedDates' has 16 entries; give 0 to 15"],
      ['more windows than there may be', { blockedWindows: Array.from({ length: 16 }, () => 'Fri:08:00-Fri:18:00') },
        "'fleet.zonalShift.blockedWindows' has 16 entries; give 0 to 15"],
      ['an outcome that nothing tells', { outcomeAlarms: [] }, "'fleet.zonalShift.outcomeAlarms' has 0 entries; give 1 to 10"],
    ])('refuses %s', (_, options, message) => refuses(withFleet({ zonalShift: ZonalShift.automatic(options) }), message));
  });

  describe('launches', () => {
    test('one type On-Demand, by default', () => {
      tierIn().template().hasResourceProperties(GROUP, { MixedInstancesPolicy: Match.absent(), CapacityRebalance: Match.absent() });
    });

    test('another type where the first is not to be had', () => {
      tierIn({ instanceTemplate: typesFor(['m6i.large']) }).template().hasResourceProperties(GROUP, {
        MixedInstancesPolicy: {
          LaunchTemplate: { Overrides: [{ InstanceType: 'm7i.large' }, { InstanceType: 'm6i.large' }] },
          InstancesDistribution: { OnDemandAllocationStrategy: 'prioritized', OnDemandPercentageAboveBaseCapacity: 100 },
        },
        CapacityRebalance: Match.absent(),
      });
    });

    test('Spot above the minimum alone, and replaces it before it is taken back', () => {
      tierIn({ instanceTemplate: typesFor(['m6i.large'], 60), neededCapacity: 4 }).template().hasResourceProperties(GROUP, {
        MixedInstancesPolicy: {
          InstancesDistribution: { OnDemandBaseCapacity: 6, OnDemandPercentageAboveBaseCapacity: 40, SpotAllocationStrategy: 'capacity-optimized' },
        },
        CapacityRebalance: true,
      });
    });

    test('into reserved capacity first', () => {
      const { template } = tierIn(withFleet({ reservedCapacity: { perZone: 2 } }));
      for (const zone of zoneNames) {
        template().hasResourceProperties('AWS::EC2::CapacityReservation', {
          AvailabilityZone: zone, InstanceType: 'm7i.large', InstanceCount: 2, InstancePlatform: 'Linux/UNIX', InstanceMatchCriteria: 'targeted', EndDateType: 'unlimited',
        });
      }
      template().hasResourceProperties(GROUP, {
        CapacityReservationSpecification: {
          CapacityReservationPreference: 'capacity-reservations-first',
          CapacityReservationTarget: { CapacityReservationIds: zoneNames.map(() => Match.objectLike({ 'Fn::GetAtt': Match.anyValue() })) },
        },
      });
    });

    test('into the reservation of its zone, where each zone has its own group', () => {
      const { template } = tierIn({ fleet: InstanceFleet.inEachZone({ reservedCapacity: { perZone: 1, platform: 'Red Hat Enterprise Linux' } }) });
      const groups = template().findResources(GROUP);
      const reserved = Object.values(groups)
        .map(({ Properties }) => Properties.CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationIds);
      expect(reserved.map(ids => ids.length)).toEqual([1, 1, 1]);
      expect(new Set(reserved.map(ids => JSON.stringify(ids))).size).toBe(3);
      template().allResourcesProperties('AWS::EC2::CapacityReservation', { InstancePlatform: 'Red Hat Enterprise Linux' });
    });

    test('from a warm pool, when there is one', () => {
      tierIn(withFleet({ warmPool: { minSize: 2, poolState: PoolState.HIBERNATED, reuseOnScaleIn: true } })).template()
        .hasResourceProperties('AWS::AutoScaling::WarmPool', { MinSize: 2, PoolState: 'Hibernated', InstanceReusePolicy: { ReuseOnScaleIn: true } });
    });

    test('what can hibernate, where it is to wait like that, and only there', () => {
      const launched = (poolState: PoolState) => tierIn(withFleet({ warmPool: { poolState } })).template();
      launched(PoolState.HIBERNATED).hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { HibernationOptions: { Configured: true } } });
      launched(PoolState.STOPPED).hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { HibernationOptions: Match.absent() } });
    });

    test.each<[string, Setting, string]>([
      ['Spot in a warm pool', { instanceTemplate: typesFor([], 50), ...withFleet({ warmPool: {} }) },
        "'fleet.warmPool' is given, and 'instanceTemplate.spotPercentAboveMinimum' is not 0, but Spot Instances cannot wait in a warm pool; leave one of them out"],
      ['no reserved instance', withFleet({ reservedCapacity: { perZone: 0 } }), "'fleet.reservedCapacity.perZone' is 0; give a whole number of 1 or more"],
      ['half a reserved instance', withFleet({ reservedCapacity: { perZone: 0.5 } }), "'fleet.reservedCapacity.perZone' is 0.5; give a whole number of 1 or more"],
      ['a pool below nothing', withFleet({ warmPool: { minSize: -1 } }), "'fleet.warmPool.minSize' is -1; give a whole number of 0 or more"],
      ['a lifetime of an hour', withFleet({ maxInstanceLifetime: Duration.hours(1) }), "'fleet.maxInstanceLifetime' is 3600 seconds; give whole seconds from 86400 to 31536000"],
      ['a warm-up of a day', withFleet({ instanceWarmup: Duration.days(1) }), "'fleet.instanceWarmup' is 86400 seconds"],
    ])('refuses %s', (_, setting, message) => refuses(setting, message));
  });

  describe('runs a command before an instance goes', () => {
    const shutdown = ShutdownCommand.run(Duration.minutes(5), 'systemctl stop shop');

    test('for as long as its hook keeps it, from the first instance on', () => {
      tierIn(withFleet({ shutdown })).template().hasResourceProperties(GROUP, {
        LifecycleHookSpecificationList: [{
          LifecycleHookName: 'shutdown', LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', HeartbeatTimeout: 360, DefaultResult: 'CONTINUE',
        }],
      });
      tierIn().template().hasResourceProperties(GROUP, { LifecycleHookSpecificationList: Match.absent() });
    });

    test('and lets it go, whatever becomes of the command', () => {
      const { template } = tierIn(withFleet({ shutdown }));
      template().hasResourceProperties('AWS::SSM::Document', {
        DocumentType: 'Automation',
        Content: {
          mainSteps: [
            Match.objectLike({
              action: 'aws:runCommand',
              onFailure: 'Continue',
              timeoutSeconds: 300,
              inputs: Match.objectLike({
                DocumentName: 'AWS-RunShellScript', Parameters: { commands: ['systemctl stop shop'], executionTimeout: '300' },
              }),
            }),
            Match.objectLike({ action: 'aws:executeAwsApi', inputs: Match.objectLike({ Api: 'CompleteLifecycleAction', LifecycleActionResult: 'CONTINUE' }) }),
          ],
        },
      });
    });

    test('on the instances of its own groups alone', () => {
      const { stack, tier, template } = tierIn(withFleet({ shutdown }));
      const names = tier.autoScalingGroups.map(group => stack.resolve(group.autoScalingGroupName));
      template().hasResourceProperties('AWS::Events::Rule', {
        EventPattern: { detail: { AutoScalingGroupName: names, LifecycleHookName: ['shutdown'] } },
      });
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: 'ssm:SendCommand', Condition: { StringEquals: { 'ssm:resourceTag/aws:autoscaling:groupName': names } } }),
            Match.objectLike({ Action: 'autoscaling:CompleteLifecycleAction', Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^WebInstances'), 'AutoScalingGroupARN'] } }),
          ]),
        },
      });
    });

    test('by an event that starts the runbook, by a role for that alone', () => {
      const { template } = tierIn(withFleet({ shutdown }));
      const [[runbookId]] = Object.entries(template().findResources('AWS::SSM::Document'));
      const [rule] = Object.values(template().findResources('AWS::Events::Rule', { Properties: { Description: 'An instance is to go' } }));
      const runbook = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':ssm:eu-west-1:123456789012:automation-definition/', { Ref: runbookId }, ':$DEFAULT']] };
      expect(rule.Properties.EventPattern).toMatchObject({ 'source': ['aws.autoscaling'], 'detail-type': ['EC2 Instance-terminate Lifecycle Action'] });
      expect(rule.Properties.Targets).toEqual([{
        Id: 'Target0',
        Arn: runbook,
        RoleArn: { 'Fn::GetAtt': [expect.stringContaining('EventRole'), 'Arn'] },
        InputTransformer: {
          InputPathsMap: {
            'detail-EC2InstanceId': '$.detail.EC2InstanceId',
            'detail-AutoScalingGroupName': '$.detail.AutoScalingGroupName',
            'detail-LifecycleActionToken': '$.detail.LifecycleActionToken',
          },
          InputTemplate: '{"InstanceId":[<detail-EC2InstanceId>],"AutoScalingGroupName":[<detail-AutoScalingGroupName>],"LifecycleActionToken":[<detail-LifecycleActionToken>]}',
        },
      }]);
      const runbookRole = { 'Fn::GetAtt': [Match.stringLikeRegexp('RunbookRole'), 'Arn'] };
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: [
            { Effect: 'Allow', Action: 'ssm:StartAutomationExecution', Resource: runbook },
            { Effect: 'Allow', Action: 'iam:PassRole', Resource: runbookRole },
          ],
        },
        Roles: [{ Ref: Match.stringLikeRegexp('EventRole') }],
      });
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })] },
      });
    });

    test('by a runbook that is told of which instance, under a role that its account alone takes on', () => {
      const { template } = tierIn(withFleet({ shutdown }));
      const [[, runbook]] = Object.entries(template().findResources('AWS::SSM::Document'));
      const [run, letGo] = runbook.Properties.Content.mainSteps;
      expect(runbook.Properties).toMatchObject({ UpdateMethod: 'NewVersion', Content: { schemaVersion: '0.3' } });
      expect(runbook.Properties.Content.assumeRole).toEqual({ 'Fn::GetAtt': [expect.stringContaining('RunbookRole'), 'Arn'] });
      expect(Object.entries(runbook.Properties.Content.parameters).map(([name, value]) => [name, (value as { type: string }).type]))
        .toEqual([['InstanceId', 'String'], ['AutoScalingGroupName', 'String'], ['LifecycleActionToken', 'String']]);
      expect(run).toMatchObject({ name: 'RunCommand', inputs: { InstanceIds: ['{{ InstanceId }}'] } });
      expect(letGo).toEqual({
        name: 'LetGo',
        action: 'aws:executeAwsApi',
        isEnd: true,
        inputs: {
          Service: 'autoscaling',
          Api: 'CompleteLifecycleAction',
          AutoScalingGroupName: '{{ AutoScalingGroupName }}',
          LifecycleHookName: 'shutdown',
          LifecycleActionToken: '{{ LifecycleActionToken }}',
          LifecycleActionResult: 'CONTINUE',
        },
      });
      expect(runbook.DependsOn).toEqual([expect.stringContaining('RunbookRoleDefaultPolicy')]);
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [Match.objectLike({ Principal: { Service: 'ssm.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } } })],
        },
      });
    });

    test('with no more rights than that takes', () => {
      const { stack, tier, template } = tierIn(withFleet({ shutdown }));
      const [policy] = Object.values(template().findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp('RunbookRole') }] } }));
      const arn = (...rest: string[]) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ...rest]] });
      expect(policy.Properties.PolicyDocument.Statement).toEqual([
        { Effect: 'Allow', Action: 'ssm:SendCommand', Resource: arn(':ssm:eu-west-1::document/AWS-RunShellScript') },
        {
          Effect: 'Allow',
          Action: 'ssm:SendCommand',
          Resource: arn(':ec2:eu-west-1:123456789012:instance/*'),
          Condition: { StringEquals: { 'ssm:resourceTag/aws:autoscaling:groupName': [stack.resolve(tier.autoScalingGroups[0].autoScalingGroupName)] } },
        },
        { Effect: 'Allow', Action: ['ssm:ListCommands', 'ssm:ListCommandInvocations', 'ssm:DescribeInstanceInformation'], Resource: '*' },
        { Effect: 'Allow', Action: 'autoscaling:CompleteLifecycleAction', Resource: { 'Fn::GetAtt': [expect.stringContaining('WebInstances'), 'AutoScalingGroupARN'] } },
      ]);
    });

    test('by PowerShell, and into reserved capacity for it, on Windows', () => {
      const instanceTemplate = InstanceTemplate.fromMachineImage({
        machineImage: ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('m7i.large'),
      });
      const { template } = tierIn({ ...withFleet({ shutdown, reservedCapacity: { perZone: 1 } }), instanceTemplate });
      template().hasResourceProperties('AWS::SSM::Document', {
        Content: { mainSteps: Match.arrayWith([Match.objectLike({ inputs: Match.objectLike({ DocumentName: 'AWS-RunPowerShellScript' }) })]) },
      });
      template().allResourcesProperties('AWS::EC2::CapacityReservation', { InstancePlatform: 'Windows' });
    });

    test('of two tiers in one stack each on its own instances', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      const { tier, template } = tierIn({ stack, vpc, ...withFleet({ shutdown }) });
      const { tier: other } = tierIn({ stack, vpc, id: 'Other', ...withFleet({ shutdown }) });
      for (const { autoScalingGroups: [group] } of [tier, other]) {
        template().hasResourceProperties('AWS::Events::Rule', {
          EventPattern: { detail: { AutoScalingGroupName: [stack.resolve(group.autoScalingGroupName)], LifecycleHookName: ['shutdown'] } },
        });
      }
      template().resourceCountIs('AWS::SSM::Document', 2);
    });

    test.each<[string, Duration, number]>([['30 seconds', Duration.seconds(30), 90], ['119 minutes', Duration.minutes(119), 7200]])('for %s and a minute', (_, time, kept) => {
      tierIn(withFleet({ shutdown: ShutdownCommand.run(time, 'sync') })).template()
        .hasResourceProperties(GROUP, { LifecycleHookSpecificationList: [Match.objectLike({ HeartbeatTimeout: kept })] });
    });

    test.each<[string, ShutdownCommand, string]>([
      ['nothing to run', ShutdownCommand.run(Duration.minutes(1)), "'fleet.shutdown.commands' has 0 entries; give 1 or more"],
      ['what Systems Manager reads otherwise', ShutdownCommand.run(Duration.minutes(1), 'docker ps --format {{.Names}}'),
        "'fleet.shutdown.commands' has 'docker ps --format {{.Names}}', in which Systems Manager takes what is in the braces for a parameter; "
        + 'put the line into a script that is in the image, and run that'],
      ['two hours', ShutdownCommand.run(Duration.hours(2), 'sync'), "'fleet.shutdown.timeout' is 7200 seconds; give whole seconds from 30 to 7140"],
      ['a time that the hook cannot be reckoned from', ShutdownCommand.run(Duration.seconds(Lazy.number({ produce: () => 60 })), 'sync'),
        "'fleet.shutdown.timeout' is not known at synth; give a duration in seconds or minutes"],
    ])('refuses %s', (_, command, message) => refuses(withFleet({ shutdown: command }), message));
  });

  test('refuses to share out a maximum that is known at deployment only', () => {
    const stack = shopStack();
    const most = new CfnParameter(stack, 'Most', { type: 'Number' }).valueAsNumber;
    expect(() => tierIn({ stack, fleet: InstanceFleet.inEachZone(), maxCapacity: most }))
      .toThrow("'maxCapacity' is not known at synth, and it is shared out over the groups of InstanceFleet.inEachZone; give a number");
  });

  test('lets go of its groups when told so', () => {
    tierIn({ fleet: InstanceFleet.inEachZone(), removalPolicy: RemovalPolicy.DESTROY }).template()
      .allResourcesProperties(GROUP, { DeletionProtection: 'none' });
  });
});
