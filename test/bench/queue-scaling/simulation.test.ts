import { erlangWait, pollaczekKhinchineWait } from './queueing-theory';
import { Random } from '../../../bench/queue-scaling/random';
import { Environment, simulate } from '../../../bench/queue-scaling/simulation';

const environment: Environment = { metricLagMinutes: 1, inServiceAfter: 45, readyAfter: 120, busyCpu: 90, idleCpu: 3 };

/** A fleet of a fixed size, under Poisson arrivals; one second for a message in the mean. */
function meanWait(servers: number, load: number, processingTime: (random: Random) => number): number {
  const customers = load > 0.75 ? 1.5e6 : 5e5; // the more it waits, the longer one wait resembles the next
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
