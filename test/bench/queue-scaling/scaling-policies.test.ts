import { Figures, Series } from '../../../bench/queue-scaling/figures';
import { Fleet } from '../../../bench/queue-scaling/fleet';
import { Random } from '../../../bench/queue-scaling/random';
import { Alarm, Capacity, StepScaling, TargetTracking, together } from '../../../bench/queue-scaling/scaling-policies';

const series = new Series([{ id: 'metric', metricName: 'Load', statistic: 'Average' }], 'metric', 1);

/** These figures, one a minute, the newest last; and that last minute. */
function after(...points: (number | undefined)[]): [Figures, number] {
  const figures = new Figures();
  points.forEach((Load, minute) => figures.record(minute, { Load }));
  return [figures, points.length - 1];
}

const steady = (point: number, count: number) => Array.from({ length: count }, () => point);

function capacityOf(desired: number, other: Partial<Capacity> = {}): Capacity {
  return { desired, settled: desired, isGrowing: false, isShrinking: false, leaving: 0, ...other };
}

describe('target tracking', () => {
  const tracking = new TargetTracking(series, 50);

  test('grows in proportion when three figures are above the target, by the newest of them', () => {
    expect(tracking.propose(...after(60, 80, 100), capacityOf(4))).toBe(8);
    expect(tracking.propose(...after(60, 60, 51), capacityOf(4))).toBe(5);
  });

  test('does not grow after two, nor with one of the three missing or at the target', () => {
    expect(tracking.propose(...after(100, 100), capacityOf(4))).toBeUndefined();
    expect(tracking.propose(...after(40, 100, 100), capacityOf(4))).toBeUndefined();
    expect(tracking.propose(...after(undefined, 100, 100), capacityOf(4))).toBeUndefined();
    expect(tracking.propose(...after(50, 100, 100), capacityOf(4))).toBeUndefined();
  });

  test('counts what warms up as begun: it grows from what is settled, and never takes back', () => {
    expect(tracking.propose(...after(100, 100, 100), capacityOf(8, { settled: 4, isGrowing: true }))).toBe(8);
    expect(tracking.propose(...after(100, 100, 150), capacityOf(8, { settled: 4, isGrowing: true }))).toBe(12);
    expect(tracking.propose(...after(100, 100, 60), capacityOf(8, { settled: 4, isGrowing: true }))).toBe(8);
  });

  test('shrinks in proportion, rounded up, when fifteen figures are more than a tenth below the target', () => {
    expect(tracking.propose(...after(...steady(20, 15)), capacityOf(6))).toBe(3);
    expect(tracking.propose(...after(...steady(20, 14)), capacityOf(6))).toBeUndefined();
    expect(tracking.propose(...after(...steady(46, 15)), capacityOf(60))).toBeUndefined();
    expect(tracking.propose(...after(...steady(44, 15)), capacityOf(60))).toBe(53);
    expect(tracking.propose(...after(46, ...steady(20, 14)), capacityOf(6))).toBeUndefined();
  });

  test('does not shrink while a figure is missing', () => {
    expect(tracking.propose(...after(undefined, ...steady(20, 14)), capacityOf(6))).toBeUndefined();
    expect(tracking.propose(...after(...steady(20, 14), undefined), capacityOf(6))).toBeUndefined();
  });

  test('does not shrink while what was launched warms up, nor in the cooldown of a shrinking', () => {
    expect(tracking.propose(...after(...steady(20, 15)), capacityOf(6, { isGrowing: true }))).toBeUndefined();
    expect(tracking.propose(...after(...steady(20, 15)), capacityOf(6, { isShrinking: true }))).toBeUndefined();
  });

  test('counts what is on its way out as there, so that it takes off no more than once', () => {
    expect(tracking.propose(...after(...steady(20, 15)), capacityOf(6, { leaving: 4 }))).toBe(4);
  });

  test('does not shrink where it is told so', () => {
    expect(new TargetTracking(series, 50, false).propose(...after(...steady(20, 15)), capacityOf(6))).toBeUndefined();
  });

  test('multiplies what is there: of nothing comes nothing', () => {
    expect(tracking.propose(...after(100, 100, 100), capacityOf(0))).toBe(0);
  });
});

describe('several policies of a group', () => {
  const low = new Series([{ id: 'low', metricName: 'Low' }], 'low', 1);
  const figures = new Figures();
  for (let minute = 0; minute < 15; minute++) { figures.record(minute, { Load: 20, Low: minute < 12 ? 20 : 100 }); }

  test('grow it where one would, whatever the other says', () => {
    expect(together([new TargetTracking(series, 50), new TargetTracking(low, 50)], figures, 14, capacityOf(4))).toBe(8);
  });

  test('grow it to the largest of their sizes', () => {
    expect(together([new TargetTracking(series, 10), new TargetTracking(series, 5)], figures, 14, capacityOf(4))).toBe(16);
  });

  test('shrink it only where all would that track a target and may, to the largest of their sizes', () => {
    expect(together([new TargetTracking(series, 50), new TargetTracking(low, 100)], figures, 14, capacityOf(10))).toBe(10);
    expect(together([new TargetTracking(series, 50), new TargetTracking(low, 100, false)], figures, 14, capacityOf(10))).toBe(4);
    expect(together([new TargetTracking(series, 50), new TargetTracking(series, 30)], figures, 14, capacityOf(10))).toBe(7);
  });

  test('leave it where none says anything', () => {
    expect(together([new TargetTracking(series, 20)], figures, 14, capacityOf(10))).toBe(10);
  });

  test('let a step shrink it without those that track a target', () => {
    const step = new StepScaling(new Alarm(series, 30, 'LessThanThreshold', 1), 'ExactCapacity', [{ lower: -Infinity, upper: 0, change: 0 }]);
    expect(together([new TargetTracking(series, 20), step], figures, 14, capacityOf(10))).toBe(0);
  });
});

describe('step scaling', () => {
  const alarm = new Alarm(series, 100, 'GreaterThanOrEqualToThreshold', 1);
  const steps = [{ lower: 0, upper: 400, change: 1 }, { lower: 400, upper: Infinity, change: 5 }];
  const out = new StepScaling(alarm, 'ChangeInCapacity', steps);

  test('goes by the step that the figure is in, from the threshold on', () => {
    expect(out.propose(...after(99), capacityOf(3))).toBeUndefined();
    expect(out.propose(...after(100), capacityOf(3))).toBe(4);
    expect(out.propose(...after(499), capacityOf(3))).toBe(4);
    expect(out.propose(...after(500), capacityOf(3))).toBe(8);
  });

  test('goes beyond what was begun only by what a higher step adds', () => {
    expect(out.propose(...after(100), capacityOf(4, { settled: 3 }))).toBe(4);
    expect(out.propose(...after(500), capacityOf(4, { settled: 3 }))).toBe(8);
  });

  test('has a threshold below which it shrinks, that itself included, and not while it grows or has just shrunk', () => {
    const down = new StepScaling(new Alarm(series, 0, 'LessThanOrEqualToThreshold', 1), 'ChangeInCapacity', [{ lower: -Infinity, upper: 0, change: -1 }]);
    expect(down.propose(...after(0), capacityOf(3))).toBe(2);
    expect(down.propose(...after(0), capacityOf(3, { isGrowing: true }))).toBeUndefined();
    expect(down.propose(...after(0), capacityOf(3, { isShrinking: true }))).toBeUndefined();
  });

  test.each([[12, 10, 13], [4, 10, 5], [29, 10, 31], [12, -10, 11], [29, -10, 27], [4, -10, 3]])('of %d instances, %d percent make %d', (desired, change, to) => {
    const step = { lower: -Infinity, upper: Infinity, change };
    expect(new StepScaling(alarm, 'PercentChangeInCapacity', [step]).propose(...after(100), capacityOf(desired))).toBe(to);
  });
});

describe('an alarm', () => {
  test('goes off only when so many of its figures breach, and a missing one does not', () => {
    const alarm = new Alarm(series, 10, 'GreaterThanThreshold', 3, 2);
    expect(alarm.breach(...after(11, 9, 12))).toBe(12);
    expect(alarm.breach(...after(9, 9, 12))).toBeUndefined();
    expect(alarm.breach(...after(11, undefined, 12))).toBe(12);
    expect(alarm.breach(...after(undefined, undefined, 12))).toBeUndefined();
  });

  test('looks at the last minutes of its period, each minute anew', () => {
    const most = new Series([{ id: 'metric', metricName: 'Load', statistic: 'Maximum' }], 'metric', 5);
    const [figures] = after(200, 0, 0, 0, 0, 0);
    const alarm = new Alarm(most, 100, 'GreaterThanOrEqualToThreshold', 1);
    expect(alarm.breach(figures, 4)).toBe(200);
    expect(alarm.breach(figures, 5)).toBeUndefined();
  });
});

describe('a fleet', () => {
  const settings = { min: 2, max: 10, warmupSeconds: 120, cooldownSeconds: 0, drainSeconds: 60 };

  test('of EC2 Auto Scaling is settled when its instances are warmed up, counted from when they are in service', () => {
    const fleet = new Fleet({ ...settings, scaledBy: 'ec2' }, new Random(1));
    const { launched } = fleet.resize(4, 0);
    expect(launched).toHaveLength(2);
    launched.forEach(instance => Object.assign(instance, { stage: 'in service', inServiceAt: 60 }));
    expect(fleet.capacity(179)).toMatchObject({ desired: 4, settled: 2, isGrowing: true });
    expect(fleet.capacity(180)).toMatchObject({ desired: 4, settled: 4, isGrowing: false });
  });

  test('of Application Auto Scaling counts from before its last growth until the cooldown is over, and growth ends that of a shrinking', () => {
    const fleet = new Fleet({ ...settings, scaledBy: 'application', cooldownSeconds: 300 }, new Random(1));
    fleet.resize(4, 0);
    expect(fleet.capacity(299).settled).toBe(2);
    expect(fleet.capacity(300).settled).toBe(4);
    fleet.resize(3, 400);
    expect(fleet.capacity(699).isShrinking).toBe(true);
    expect(fleet.capacity(700).isShrinking).toBe(false);
    fleet.resize(2, 800);
    fleet.resize(4, 810);
    expect(fleet.capacity(820).isShrinking).toBe(false);
  });

  test('stays within its minimum and maximum', () => {
    const fleet = new Fleet({ ...settings, scaledBy: 'ec2' }, new Random(1));
    fleet.resize(99, 0);
    expect(fleet.desired).toBe(10);
    fleet.resize(0, 60);
    expect(fleet.desired).toBe(2);
  });

  test('takes none that is at work where those are protected', () => {
    const fleet = new Fleet({ ...settings, scaledBy: 'ec2', initial: 5, protectsBusy: true }, new Random(1));
    [0, 1, 2, 3].forEach(index => { fleet.instances[index].message = index; });
    expect(fleet.resize(2, 0).leaving.map(({ index }) => index)).toEqual([4]);
  });

  test('costs from the launch of each instance until it is gone', () => {
    const fleet = new Fleet({ ...settings, scaledBy: 'ec2' }, new Random(1));
    fleet.resize(3, 600);
    fleet.instances[0].goneAt = 900;
    expect(fleet.instanceSeconds(1000)).toBe(900 + 1000 + 400);
  });
});
