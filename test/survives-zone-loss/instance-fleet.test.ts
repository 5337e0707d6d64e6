import { CfnParameter, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CapacityDistributionStrategy, PoolState } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceFleet, InstanceFleetOptions, InstanceTemplate } from '../../src';
import { networkOf, shopStack, shopStackAnywhere, zoneNames } from '../helpers/network';
import { refuses, Setting, tierIn, withFleet } from '../helpers/web-tier';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

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
      expect(tierIn({ ...perZone(), neededCapacity: 6, maxCapacity: 12 }).warnings()).toEqual([
        "'maxCapacity' lets 12 run: without 1 of 3 zones the groups of the others grow to 8 instances together, and not to the 9 that always run else; "
        + 'give 15 or more [ack: cdk-fault-tolerance:maxStopsRefill]',
      ]);
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
      expect(warnings()).toEqual(["'maxCapacity' lets 3 instances run, as many as always do: the fleet does not grow with its load; give more [ack: cdk-fault-tolerance:noGrowth]"]);
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

    test('into reserved capacity for Windows, where the image is one of it', () => {
      const instanceTemplate = InstanceTemplate.fromMachineImage({
        machineImage: ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0123456789abcdef0' }), instanceType: new ec2.InstanceType('m7i.large'),
      });
      tierIn({ instanceTemplate, ...withFleet({ reservedCapacity: { perZone: 1 } }) }).template()
        .allResourcesProperties('AWS::EC2::CapacityReservation', { InstancePlatform: 'Windows' });
    });

    test('from a warm pool in each zone, of its share', () => {
      tierIn({ fleet: InstanceFleet.inEachZone({ warmPool: { minSize: 4 } }) }).template()
        .allResourcesProperties('AWS::AutoScaling::WarmPool', { MinSize: 2 });
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
