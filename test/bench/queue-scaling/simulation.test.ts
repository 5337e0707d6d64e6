import { erlangWait, pollaczekKhinchineWait } from './queueing-theory';
import { Figures, Series } from '../../../bench/queue-scaling/figures';
import { Random } from '../../../bench/queue-scaling/random';
import { Alarm, StepScaling, TargetTracking } from '../../../bench/queue-scaling/scaling-policies';
import { Environment, Run, simulate } from '../../../bench/queue-scaling/simulation';

const environment: Environment = { metricLagMinutes: 1, inServiceAfter: 45, readyAfter: 120, busyCpu: 90, idleCpu: 3 };

/** A fleet of a fixed size, under Poisson arrivals; one second for a message in the mean. */
function meanWait(servers: number, load: number, processingTime: (random: Random) => number): number {
  const customers = load > 0.75 ? 1e6 : 4e5; // the more it waits, the longer one wait resembles the next
  const between = 1 / (servers * load);
  return simulate({
    work: { nextArrival: (now, random) => now + random.exponential(between), processingTime },
    queue: { visibilitySeconds: 1e9, maxReceives: 3 },
    fleet: { scaledBy: 'ec2', min: servers, max: servers, warmupSeconds: 0, cooldownSeconds: 0, drainSeconds: 0 },
    policies: [],
    environment,
    untilSeconds: customers * between,
    countFrom: 1000,
    seed: 1,
  }).meanWait;
}

describe('the simulation with a fleet of a fixed size', () => {
  test.each([1, 2, 5].flatMap(servers => [0.5, 0.7, 0.8].map(load => [servers, load])))('waits as Erlang C says: %d servers at a load of %d', (servers, load) => {
    const wait = meanWait(servers, load, random => random.exponential(1));
    expect(Math.abs(wait / erlangWait(servers, load) - 1)).toBeLessThan(0.02);
  });

  test.each([0.5, 0.7, 0.8])('waits as Pollaczek and Khinchine say where all messages take the same: a load of %d', load => {
    expect(Math.abs(meanWait(1, load, () => 1) / pollaczekKhinchineWait(load, 0) - 1)).toBeLessThan(0.02);
  });
});

describe('the simulation of a fleet that is scaled', () => {
  const backlog = new Series([
    { id: 'visible', metricName: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
    { id: 'workers', metricName: 'GroupInServiceInstances', statistic: 'Average' },
    { id: 'result', expression: 'IF(workers > 0, visible / workers, visible)' },
  ], 'result', 1);
  const base: Run = {
    work: { nextArrival: (now, random) => now + random.exponential(0.2), processingTime: random => random.exponential(1) },
    queue: { visibilitySeconds: 60, maxReceives: 3 },
    fleet: { scaledBy: 'ec2', min: 1, max: 20, warmupSeconds: 120, cooldownSeconds: 0, drainSeconds: 60 },
    policies: [new TargetTracking(backlog, 10)],
    environment,
    untilSeconds: 1800,
    seed: 1,
  };

  test('is the same for the same seed, and another one for another', () => {
    const outcome = simulate(base);
    expect(simulate(base)).toEqual(outcome);
    expect(simulate({ ...base, seed: 2 }).worstAge).not.toBe(outcome.worstAge);
  });

  // three figures of a minute each are there at the end of the fourth; an instance is ready two minutes later
  test('grows when three figures are there, a minute late, and has the instances when they have started', () => {
    const { minutes } = simulate(base);
    const first = minutes.findIndex(({ desired }) => desired > 1);
    expect(first).toBe(4);
    expect(minutes.findIndex(({ inService }) => inService > 1)).toBe(first - 1 + 2);
    const late = simulate({ ...base, environment: { ...environment, metricLagMinutes: 3, readyAfter: 300 } }).minutes;
    expect(late.findIndex(({ desired }) => desired > 1)).toBe(6);
    expect(late.findIndex(({ inService }) => inService > 1)).toBe(10);
  });

  test('does not grow where the queue says nothing yet', () => {
    const { minutes } = simulate({ ...base, queue: { ...base.queue, asleepSeconds: 900 } });
    expect(minutes.findIndex(({ desired }) => desired > 1)).toBeGreaterThan(15);
  });

  // each instance says 3 seconds, but for the minute in which nothing was done
  test('measures how long the messages took that were done in a minute', () => {
    const seen: (number | undefined)[] = [];
    const measured = new Series([{ id: 'result', metricName: 'ProcessingTime', statistic: 'Average' }], 'result', 1);
    const policies = [{
      isTracking: false,
      scalesIn: false,
      propose: (figures: Figures, minute: number) => {
        seen.push(measured.at(figures, minute));
        return undefined;
      },
    }];
    const nextArrival = (now: number) => now < 60 ? now + 10 : Infinity;
    simulate({ ...base, policies, work: { nextArrival, processingTime: () => 3 }, untilSeconds: 240 });
    expect(seen).toEqual([undefined, 3, 3, undefined]);
  });

  test('moves a message that makes workers fail to the dead letters after it was received so many times', () => {
    // each is received three times, at intervals of a minute, by a worker that is free in between
    const work = { nextArrival: (now: number) => now < 600 ? now + 5 : Infinity, processingTime: () => 1, badShare: 1 };
    const { done, deadLetters } = simulate({ ...base, work, policies: [], untilSeconds: 600 + 4 * 60 });
    expect([done, deadLetters]).toEqual([0, 120]);
    expect(simulate({ ...base, work, policies: [], untilSeconds: 180 }).deadLetters).toBe(0);
  });

  test('gives back what an instance has when its time to drain is over', () => {
    const work = { nextArrival: (now: number) => now === 0 ? 1 : Infinity, processingTime: () => 1000 };
    const shrinks = new StepScaling(new Alarm(backlog, 0, 'LessThanOrEqualToThreshold', 1), 'ExactCapacity', [{ lower: -Infinity, upper: 0, change: 1 }]);
    const run: Run = {
      ...base,
      work,
      policies: [shrinks],
      fleet: { ...base.fleet, initial: 2, drainSeconds: 60 },
      queue: { visibilitySeconds: 2000, maxReceives: 3 },
      untilSeconds: 4000,
    };
    const ages = [1, 2, 3, 4, 5, 6].map(seed => simulate({ ...run, seed }).worstAge);
    // where the one at work was chosen, the other one gets its message when the visibility timeout is over
    expect(new Set(ages)).toEqual(new Set([1000, 3000]));
  });
});
