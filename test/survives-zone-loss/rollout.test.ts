import { Duration, Lazy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceFleet, Rollout, WebEndpoint } from '../../src';
import { shopStack } from '../helpers/network';
import { refuses, Setting, tierIn, withFleet } from '../helpers/web-tier';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

/** The preferences of the refresh by which a tier of this setting takes a new version. */
function refreshOf(setting: Setting): Record<string, unknown> {
  const [group] = Object.values(tierIn(setting).template().findResources(GROUP));
  expect(group.UpdatePolicy.AutoScalingInstanceRefresh.Strategy).toBe('Rolling');
  return group.UpdatePolicy.AutoScalingInstanceRefresh.Preferences;
}

describe('Rollout', () => {
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
