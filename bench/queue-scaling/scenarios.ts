import { Random } from './random';
import { Work } from './simulation';

/** Messages each second, in the mean, at a time in seconds. */
type Rate = (time: number) => number;

/** How messages come, and what is looked at. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly hours: number;
  /** None: the same for all others. */
  readonly min?: number;
  readonly asleepSeconds?: number;
  readonly badShare?: number;
  /** So long a message takes in the mean; `PROCESSING_SECONDS` unless told. */
  readonly processingSeconds?: number;
  readonly rate: Rate;
  readonly peak: number;
  /** When the last of a burst has come, from when on the queue can be drained. */
  readonly burst?: { readonly from: number; readonly to: number };
  /** From when on the load is constant: each turn of the capacity from there is an oscillation. */
  readonly constantFrom?: number;
}

const MINUTE = 60;
const HOUR = 3600;

/** A rate, but `high` from `from` to `to`. */
function burst(low: number, high: number, from: number, to: number): Pick<Scenario, 'rate' | 'peak' | 'burst'> {
  return { rate: time => time >= from && time < to ? high : low, peak: high, burst: { from, to } };
}

/** Ten seconds of work for a message in the mean, 3 to 30 instances: from 0.3 to 3 messages each second can be done. */
export const PROCESSING_SECONDS = 10;
export const SIZES = { min: 3, max: 30 };

export const scenarios: readonly Scenario[] = [
  { id: 'constant', title: 'constant: 1 message each second', hours: 12, rate: () => 1, peak: 1, constantFrom: 2 * HOUR },
  { id: 'burst', title: 'burst: ten times as many for ten minutes', hours: 4, ...burst(0.2, 2, HOUR, HOUR + 10 * MINUTE) },
  { id: 'batch', title: 'batch: 2000 messages within one minute', hours: 4, ...burst(0.2, 2000 / 60, HOUR, HOUR + MINUTE) },
  {
    id: 'day',
    title: 'day: a wave from 0.2 to 2 messages each second',
    hours: 24,
    rate: time => 1.1 - 0.9 * Math.cos(2 * Math.PI * time / (24 * HOUR)),
    peak: 2,
  },
  { id: 'from-zero', title: 'from zero: 200 messages in ten minutes, no instance', hours: 3, min: 0, ...burst(0, 1 / 3, HOUR, HOUR + 10 * MINUTE) },
  {
    id: 'asleep',
    title: 'from zero, of a queue that was out of use',
    hours: 3,
    min: 0,
    asleepSeconds: 15 * MINUTE,
    ...burst(0, 1 / 3, HOUR, HOUR + 10 * MINUTE),
  },
  { id: 'poison', title: 'poison: one message of twenty makes each worker fail', hours: 12, rate: () => 1, peak: 1, badShare: 0.05, constantFrom: 2 * HOUR },
];

/** Shows how a policy answers a load that rises once. */
export const stepAfter: Scenario = {
  id: 'step', title: 'a step', hours: 8, rate: time => time < 2 * HOUR ? 0.4 : 1.5, peak: 1.5, constantFrom: 2 * HOUR,
};

/** The same work, in messages that take longer or shorter. */
export function inMessagesOf(processingSeconds: number, scenario: Scenario): Scenario {
  const factor = PROCESSING_SECONDS / processingSeconds;
  return { ...scenario, processingSeconds, rate: time => scenario.rate(time) * factor, peak: scenario.peak * factor };
}

/** Poisson arrivals at that rate, by thinning those at its peak (Lewis and Shedler 1979); exponential times of work. */
export function workOf({ rate, peak, badShare, processingSeconds = PROCESSING_SECONDS }: Scenario): Work {
  const nextArrival = (now: number, random: Random) => {
    let time = now;
    do {
      time += random.exponential(1 / peak);
      if (time > 1e6) { return Infinity; }
    } while (random.uniform() * peak >= rate(time));
    return time;
  };
  return { nextArrival, processingTime: random => random.exponential(processingSeconds), badShare };
}
