import { machineOf } from './machine';
import { Fields, fieldsOf, listOf, Marked, objectIn, referenceOf, startOf, within, written } from './written-json';
import { MACHINES } from '../faults';
import { Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/**
 * The configuration of the program that takes messages out of queues and has them worked on, as it stands in the user data of a machine:
 * JSON with the queues, for how long it hides what it works on, and how long that may take.
 */
export interface RunnerConfiguration {
  /** The keys of its queues, as far as they are in the templates. */
  readonly queues: readonly string[];
  /** So long a message stays hidden when the program is gone; while it works, it goes on hiding it. */
  readonly visibilitySeconds: number;
  /** After this it ends the work, and gives the message back. */
  readonly maxProcessingSeconds: number;
  /** How long it hides what has failed: at first, and at the most. */
  readonly backoff: readonly [first: number, longest: number];
  /** Whether the program is started again, however it dies; undefined if its unit is not in the user data. */
  readonly isRestarted: boolean | undefined;
  /** So long systemd waits before it does. */
  readonly restartSeconds: number;
}

/** A machine that runs the program, or a group of which each does. */
export interface Runner extends RunnerConfiguration {
  readonly machine: Resource;
  /** Where the configuration stands. */
  readonly property: string;
}

/** SQS hides nothing for longer, counted from when it was received. */
export const LONGEST_HIDDEN = 12 * 3600;

/** By which the program is started. */
const STARTED = startOf('worker-runner');
/** In the section of a unit that starts it. */
const UNIT_STARTS = /^[ \t]*ExecStart=.{0,1024}\bworker_runner\b/m;
/** The units of systemd.time(7), in seconds. */
const SPANS: readonly (readonly [RegExp, number])[] = [
  [/^(us|usec)$/, 1e-6], [/^(ms|msec)$/, 1e-3], [/^(s|sec|seconds?)?$/, 1], [/^(m|min|minutes?)$/, 60], [/^(h|hr|hours?)$/, 3600],
  [/^(d|days?)$/, 24 * 3600],
];

/** The configuration in a text that also starts the program; undefined if there is none, or none that the program takes. */
export function runnerIn(userData: Value | undefined): RunnerConfiguration | undefined {
  const text = written(userData);
  const found = STARTED.test(text.text) ? objectIn(text.text, ['queueUrl', 'visibilitySeconds']) : undefined;
  return found && configurationOf(found.json, text);
}

/** Every machine with the program, and every group of which the machines have it. */
export function runnersIn(topology: Topology): readonly Runner[] {
  return topology.once('worker runners', () => topology.ofType(...MACHINES).flatMap((machine): Runner[] => {
    const { properties, userData } = machineOf(machine, topology);
    const runner = runnerIn(properties.UserData);
    return runner ? [{ ...runner, machine, property: userData }] : [];
  }));
}

/** The program that runs on a machine, or on each of a group. */
export function runnerOn(machine: Resource, topology: Topology): Runner | undefined {
  return runnersIn(topology).find(one => one.machine.key === machine.key);
}

function configurationOf(fields: Fields, text: Marked): RunnerConfiguration | undefined {
  const { queueUrl, furtherQueues, backoff } = fields;
  const queues = [queueUrl, ...listOf(furtherQueues).map(one => fieldsOf(one).queueUrl)].flatMap(url => referenceOf(url, text)?.resource ?? []);
  const visibilitySeconds = within(fields.visibilitySeconds, 1, LONGEST_HIDDEN);
  const maxProcessingSeconds = within(fields.maxProcessingSeconds, 0.1, LONGEST_HIDDEN);
  const first = within(fieldsOf(backoff).firstSeconds ?? 0, 0, LONGEST_HIDDEN);
  const longest = within(fieldsOf(backoff).longestSeconds ?? LONGEST_HIDDEN, first, LONGEST_HIDDEN);
  return Number.isNaN(visibilitySeconds + maxProcessingSeconds + longest) ? undefined
    : { queues, visibilitySeconds, maxProcessingSeconds, backoff: [first, longest], ...restartIn(text.text) };
}

/** Whether and when systemd starts the program again: not by itself, and after some settings only if it has ended in a certain way. */
function restartIn(text: string): Pick<RunnerConfiguration, 'isRestarted' | 'restartSeconds'> {
  const section = text.split(/^(?=[ \t]*\[\w+\])/m).find(one => UNIT_STARTS.test(one));
  const setting = (name: string) => [...(section ?? '').matchAll(new RegExp(`^[ \\t]*${name}=(.*)$`, 'gm'))].pop()?.[1].trim();
  const restartSeconds = secondsIn(setting('RestartSec') ?? '');
  const isRestarted = ['always', 'on-failure'].includes(setting('Restart') ?? 'no');
  return { isRestarted: section === undefined || Number.isNaN(restartSeconds) ? undefined : isRestarted, restartSeconds };
}

/** A time as systemd takes it, as in `1min 30s`; not a number if it is none. */
function secondsIn(text: string): number {
  return [...text.matchAll(/([\d.]+)\s*([a-z]*)|\S/g)].reduce((sum, [, figure, unit]) =>
    sum + Number(figure) * (SPANS.find(([name]) => name.test(unit ?? '-'))?.[1] ?? NaN), 0);
}
