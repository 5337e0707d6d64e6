import { Annotations, Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { LatencyTarget } from './worker-scaling-options';
import { ConfigurationError } from '../shared/configuration-error';
import { checkDuration, checkWholeNumber, inSeconds } from '../shared/numbers';

/**
 * From a message that is one too many until an instance is launched for it: target tracking waits for three figures of a minute each, and
 * the last of them is there about a minute later.
 */
const NOTICED_AFTER = Duration.minutes(4);

/** From its launch until an instance works. */
const STARTS_WITHIN = Duration.minutes(3);

/** How busy workers may be at the peak. */
const UTILIZATION = 0.8;

/** At the peak such a share of the messages may take longer than is acceptable. */
const LATE_SHARE = 0.01;

/** Beyond so many workers chance evens out, and no more than the spare is needed. */
const MANY = 10_000;

/** Refuses what a backlog cannot be computed from. */
export function checkLatency(scope: IConstruct, { acceptableLatency, meanProcessingTime, peakMessagesPerMinute, startTime }: LatencyTarget): void {
  for (const [name, duration] of Object.entries({ acceptableLatency, meanProcessingTime })) {
    if (duration.isUnresolved()) {
      throw new ConfigurationError(scope, `'scaling.${name}' is not known at synth, and the backlog of an instance is computed from it`,
        'give a duration, or WorkerScaling.onBacklog with the number of messages');
    }
  }
  checkDuration(scope, 'scaling.acceptableLatency', acceptableLatency, { from: 1 });
  const [latency, each] = [acceptableLatency.toMilliseconds(), meanProcessingTime.toMilliseconds()];
  if (each <= 0 || each > latency) {
    throw new ConfigurationError(scope,
      `'scaling.meanProcessingTime' (${each} milliseconds) is not between 0 and 'scaling.acceptableLatency' (${latency} milliseconds)`,
      'give a latency of at least the time that one message takes');
  }
  if (peakMessagesPerMinute !== undefined) { checkWholeNumber(scope, 'scaling.peakMessagesPerMinute', peakMessagesPerMinute, { from: 1 }); }
  if (startTime) { checkDuration(scope, 'scaling.startTime', startTime, { from: 0, to: Duration.hours(2).toSeconds() }); }
}

/**
 * The time in which an instance is to do its backlog: what is left of the acceptable latency when a worker that was missing begins to work,
 * as messages wait for that too. At least half of it, below which nearly all would be left to chance, and at least the time for one message.
 */
export function timeForBacklog({ acceptableLatency, meanProcessingTime, startTime }: LatencyTarget): Duration {
  const latency = inSeconds(acceptableLatency);
  return Duration.seconds(Math.max(latency - reactionSeconds(startTime), latency / 2, inSeconds(meanProcessingTime)));
}

/** What passes until a worker that is missing works; a start that is not known yet counts as one that is not told. */
function reactionSeconds(startTime: Duration | undefined): number {
  return NOTICED_AFTER.toSeconds() + (startTime && !startTime.isUnresolved() ? startTime : STARTS_WITHIN).toSeconds();
}

/** Says where scaling cannot do what is asked of it. */
export function warnOfLatency(scope: IConstruct, target: LatencyTarget, max: number): void {
  warnOfReaction(scope, target);
  const { acceptableLatency, meanProcessingTime, peakMessagesPerMinute } = target;
  if (peakMessagesPerMinute === undefined || Token.isUnresolved(peakMessagesPerMinute) || Token.isUnresolved(max)) { return; }
  const enough = workersFor(peakMessagesPerMinute / 60, inSeconds(meanProcessingTime), inSeconds(acceptableLatency));
  if (max < enough) {
    Annotations.of(scope).addWarningV2('cdk-fault-tolerance:maxBelowPeak',
      `'maxCapacity' lets ${max} workers run, which cannot hold ${acceptableLatency.toHumanString()} at the peak of ${peakMessagesPerMinute} messages a minute `
      + `with ${meanProcessingTime.toHumanString()} of work each; give ${enough} or more`);
  }
}

/**
 * A fleet of B · p / L workers for a backlog B, which is what a constant backlog per instance means, changes as dB/dt = λ − B(t − τ) / L
 * where what it asks for works τ later. The characteristic equation s · L = −exp(−s · τ) has a real solution, and so an answer without
 * overshoot, if and only if L is e · τ or more.
 */
function warnOfReaction(scope: IConstruct, { acceptableLatency, startTime }: LatencyTarget): void {
  if (startTime?.isUnresolved()) { return; }
  const reaction = reactionSeconds(startTime);
  if (inSeconds(acceptableLatency) >= Math.E * reaction) { return; }
  Annotations.of(scope).addWarningV2('cdk-fault-tolerance:latencyBelowReaction',
    `'scaling.acceptableLatency' is ${acceptableLatency.toHumanString()}, but a worker that is missing now works ${inMinutes(reaction)} later. Below ${inMinutes(Math.E * reaction)}, `
    + 'e times as much, the backlog of an instance swings: more are started than are needed before the first of them is seen to work. Raise '
    + "'neededCapacity' to what the peak takes, or accept a longer latency");
}

/**
 * The fewest workers that keep a fifth of spare, and of whose messages 99 of 100 are done in time: M/M/c, where a wait of more than w has
 * the probability C(c, a) · exp(−(c − a) · w / p), with Erlang's C of an offered load of a = λ · p.
 */
function workersFor(rate: number, each: number, latency: number): number {
  const offered = rate * each;
  let workers = Math.max(1, Math.ceil(Number((offered / UTILIZATION).toFixed(6))));
  if (workers > MANY) { return workers; }
  let blocked = 1; // Erlang's B, by recursion
  for (let k = 1; k <= workers; k++) { blocked = offered * blocked / (k + offered * blocked); }
  const isLate = () => {
    const waits = blocked / (1 - offered / workers * (1 - blocked));
    return waits * Math.exp(-(workers - offered) * (latency - each) / each) > LATE_SHARE;
  };
  while (isLate()) {
    workers++;
    blocked = offered * blocked / (workers + offered * blocked);
  }
  return workers;
}

function inMinutes(time: number): string {
  return `${Math.ceil(time / 60)} minutes`;
}
