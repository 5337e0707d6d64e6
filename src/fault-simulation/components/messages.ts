import { Consumer } from './consumers';
import { LONGEST_HIDDEN } from './worker-runner';
import { deadLetterQueueOf, redriveOf, redrivesOf } from '../dead-letters';
import { functionOf } from '../functions';
import { Context } from '../model';
import {
  allOf, DataAtRisk, decidedBy, Decision, Dependence, downOf, interrupted, isLost, isWell, Messages, State, WELL, worseEnd, Why,
} from '../state';
import { figuresOf, span } from '../template/figures';
import { asBoolean, asNumber, at, listOf, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';

/** After how long a lost consumer is taken to stay away, and somebody to look at dead letters. */
export const A_DAY = 24 * 3600;

const PIPE = 'AWS::Pipes::Pipe';

/** Somebody who works on a queue, and how he stands. */
export interface Worker {
  readonly consumer: Consumer;
  readonly state: State;
}

/** How it ends for some of the messages, and why. */
interface Finding {
  readonly end: Messages['end'];
  readonly why: readonly Why[];
}

/** When a queue gives messages up. */
interface GivingUp {
  /** After so many receives; undefined where the template leaves it open. */
  readonly after: number | undefined;
  /** For how long they are kept then; undefined where the dead letters are not in the templates. */
  readonly kept: number | undefined;
  readonly decision: Decision;
}

/** The work in a queue with what becomes of its messages: what lost workers had in their hands is late, and some of it may not be done. */
export function withMessages(queue: Resource, work: State, workers: readonly Worker[], context: Context): State {
  if (work.now === undefined) { return { ...work, data: 'unknown', messages: { end: 'unknown' } }; }
  const hit = workers.filter(({ state }) => !isWell(state));
  if (isWell(work) || hit.length === 0) { return { ...work, data: 'none' }; }
  const hidden = Math.max(...hit.map(({ consumer }) => hiddenBy(consumer, queue)));
  const waiting = work.now > 0 ? 0 : work.seconds;
  const isGone = isLost(work);
  const findings = [
    ...isGone ? [{ end: 'waiting' as const, why: [] }] : [],
    ...doneTwice(queue, work, workers, context),
    ...putAside(queue, hit, context),
    ...forgotten(queue, isGone ? A_DAY : work.later === 1 ? Math.max(work.seconds, hidden) : hidden),
  ];
  const back: Why = { what: `what lost workers had in their hands is hidden for ${span(hidden)}${isFifo(queue) ? ', and its groups wait for it' : ''}`, decision: hidesBy(queue, hit) };
  const end = findings.reduce<Messages['end']>((worst, finding) => worseEnd(worst, finding.end), 'done');
  return {
    ...work,
    // until all that was there is being worked on again
    seconds: (work.later ?? 0) > work.now ? Math.max(work.seconds, hidden) : work.seconds,
    down: downOf(work),
    data: dataOf(end, findings.some(one => one.end === 'put-aside') ? givingUp(queue, context.topology) : undefined),
    why: [...work.why, back, ...findings.flatMap(({ why }) => why)],
    messages: isGone ? { end } : { end, inHandsSeconds: Math.max(hidden, waiting), waitingSeconds: waiting },
  };
}

/** The work in a queue beside a message at which everybody fails. */
export function withPoison(queue: Resource, work: State, workers: readonly Worker[], context: Context): State {
  const poisoned = stateUnderPoison(queue, workers, context);
  if (work.now === undefined || isLost(work)) { return work; }
  const both = isWell(work) ? poisoned : isWell(poisoned) ? work : allOf([work, poisoned]);
  const end = worseEnd(work.messages?.end ?? 'done', poisoned.messages?.end ?? 'done');
  const data = [work.data, poisoned.data].find(one => one !== undefined && one !== 'none') ?? 'none';
  return { ...both, data, why: [...work.why, ...poisoned.why], messages: { ...work.messages, end } };
}

function stateUnderPoison(queue: Resource, workers: readonly Worker[], context: Context): State {
  const given = givingUp(queue, context.topology);
  const target = deadLetterQueueOf(queue, context.topology);
  const isMissing = target !== undefined && isLost(context.state(target.key));
  const behind = isFifo(queue) ? ', and the other messages of its group wait behind it' : '';
  if (!given || given instanceof Unknown || isMissing) {
    const kept = retentionOf(queue);
    const what = `${queue.key} hands a message at which workers fail out again${kept === undefined ? '' : ` for ${span(kept)}`}${behind}, and drops it then`;
    const decision = isMissing ? undefined : decidedBy(queue, 'RedrivePolicy', 'a dead-letter queue');
    const state = isFifo(queue) ? interrupted(kept ?? 14 * A_DAY, what, decision) : { ...WELL, why: [{ what, decision }] };
    // with dead letters it would be tried for less long
    return given instanceof Unknown && !isMissing ? { ...state, data: 'unknown', messages: { end: 'unknown' } }
      : { ...state, data: 'minutes', messages: { end: 'forgotten' } };
  }
  const { after, decision } = given;
  // what is open is taken at the most that SQS takes
  const times = after ?? 1000;
  const [batch] = workers.flatMap(({ consumer: { key, mapping } }) => mapping ?? pipeToFunction(key, context.topology) ?? []).filter(repeatsBatches);
  const aside = `${queue.key} puts a message at which workers fail aside after ${receives(times)}${behind}`;
  const alone = batch && (batch.type === PIPE ? decidedBy(batch, 'SourceParameters.SqsQueueParameters.BatchSize', '1')
    : decidedBy(batch, 'FunctionResponseTypes', 'ReportBatchItemFailures'));
  const along = batch && { what: `${batch.key} takes what came in the same batch along`, decision: alone };
  const seconds = Math.max(...workers.map(({ consumer }) => lastsFor(times, consumer, queue)));
  const state = isFifo(queue) ? interrupted(seconds, aside, decision) : { ...WELL, why: [{ what: aside, decision }] };
  const end = isDropped(queue, given, seconds) ? 'forgotten' : batch ? 'put-aside' : 'done';
  return { ...state, why: [...state.why, ...along ? [along] : []], data: dataOf(end, given), messages: { end } };
}

/** For how long others do not get what a consumer had in his hands; the longest that there is, where it is open. */
function hiddenBy({ runner }: Consumer, queue: Resource): number {
  return runner?.visibilitySeconds ?? most(figuresOf(queue.properties.VisibilityTimeout, 30)) ?? LONGEST_HIDDEN;
}

function hidesBy(queue: Resource, hit: readonly Worker[]): Decision {
  const [longest] = [...hit].sort((one, other) => hiddenBy(other.consumer, queue) - hiddenBy(one.consumer, queue));
  const { runner } = longest.consumer;
  return runner ? { property: runner.property } : decidedBy(queue, 'VisibilityTimeout');
}

/** Of what is handed out again while somebody is still at it. */
function doneTwice(queue: Resource, work: State, workers: readonly Worker[], { topology }: Context): Finding[] {
  return workers.flatMap(({ consumer, state }): Finding[] => {
    const { key, mapping, runner } = consumer;
    const worker = functionOf(mapping?.properties.FunctionName ?? targetWaitedFor(key, topology), topology);
    const timeout = worker && most(figuresOf(worker.properties.Timeout, 3));
    const visibility = hiddenBy(consumer, queue);
    if (worker && timeout !== undefined && timeout > visibility) {
      const decision = decidedBy(queue, 'VisibilityTimeout', `${span(6 * timeout)}, six times as long`);
      return [{ end: 'done-twice', why: [{ what: `${worker.key} may take ${span(timeout)}, and others get the message after ${span(visibility)}`, decision }] }];
    }
    const way = state.why.find((why): why is Dependence => isMissed(why, key) && isWay(why, topology));
    // the runner ends the work on a queue that keeps an order, and does not do again what it has done
    const goesOn = way && !mapping && !(runner && (isFifo(queue) || work.now === 0));
    return goesOn ? [{ end: 'done-twice', why: [{ what: `${key} goes on with what it had in its hands, and others get it, too` }] }] : [];
  });
}

/** The function to which a pipe hands messages, unless it goes on without an answer; undefined for anybody else. */
function targetWaitedFor(worker: string, topology: Topology): Value | undefined {
  const { Target: target, TargetParameters: parameters } = pipeToFunction(worker, topology)?.properties ?? {};
  return at(parameters, 'LambdaFunctionParameters', 'InvocationType') === 'FIRE_AND_FORGET' ? undefined : target;
}

function pipeToFunction(worker: string, topology: Topology): Resource | undefined {
  const found = topology.world.resource(worker);
  return found?.type === PIPE && functionOf(found.properties.Target, topology) ? found : undefined;
}

/** Whether somebody who is up misses something. */
function isMissed(why: Why, needer: string): why is Dependence {
  return 'needer' in why && why.needer === needer && why.isForStart !== true;
}

/** Whether something is needed as a way to others. */
function isWay({ property }: Dependence, topology: Topology): boolean {
  const type = topology.world.resource(property.slice(0, property.indexOf('.')))?.type ?? '';
  return /^AWS::EC2::(\w*Route|VPCEndpoint)$/.test(type);
}

/** Of what has nothing wrong with it, and ends as a dead letter: a worker who dies, or who works in vain, uses up receives. */
function putAside(queue: Resource, hit: readonly Worker[], { topology }: Context): Finding[] {
  const [first, ...others] = redrivesOf(queue).map(redrive => putAsideBy(givingUp(queue, topology, redrive), queue, hit, topology));
  return others.every(other => other[0]?.end === first[0]?.end) ? first : [whenIsOpen(queue)];
}

function whenIsOpen(queue: Resource): Finding {
  const what = `the template does not say when ${queue.key} gives messages up`;
  return { end: 'unknown', why: [{ what, decision: decidedBy(queue, 'RedrivePolicy') }] };
}

function putAsideBy(given: GivingUp | Unknown | undefined, queue: Resource, hit: readonly Worker[], topology: Topology): Finding[] {
  if (!given) { return []; }
  if (given instanceof Unknown || given.after === undefined) { return [whenIsOpen(queue)]; }
  const { after, decision } = given;
  const failing = hit.find(worker => worksInVain(worker, topology) && outageOf(worker.state) >= fillsWithin(after, worker.consumer, queue));
  if (after > 1 && !failing) { return []; }
  const remedy = after > 1 ? 'more receives, or a longer visibility timeout' : '3 or more';
  const what = after > 1 && failing ? `${failing.consumer.key} has used up the ${receives(after)} of messages before that ends, so that they are put aside`
    : 'what lost workers had in their hands is put aside, as it has been received once';
  const age = after > 1 && failing ? lastsFor(after, failing.consumer, queue) : Math.max(...hit.map(({ consumer }) => hiddenBy(consumer, queue)));
  return [{ end: isDropped(queue, given, age) ? 'forgotten' : 'put-aside', why: [{ what, decision: { ...decision, remedy } }] }];
}

/** Whether messages are still handed to somebody who fails at them: to a function, or to machines that are up, and miss something else than a way. */
function worksInVain({ consumer, state }: Worker, topology: Topology): boolean {
  return consumer.mapping !== undefined || state.why.some(why => isMissed(why, consumer.key) && !isWay(why, topology)
    && !why.property.endsWith('.LaunchType'));
}

function outageOf({ later, seconds }: State): number {
  return later === 1 ? seconds : Infinity;
}

/**
 * The shortest time in which somebody who fails uses up so many receives, of which the last one follows the pause after the one before: the
 * runner waits longer each time, of which chance takes up to half.
 */
function fillsWithin(times: number, { runner }: Consumer, queue: Resource): number {
  const pauses = times - 1;
  return runner ? backoffOf(pauses, runner.backoff) / 2 : pauses * (least(figuresOf(queue.properties.VisibilityTimeout, 30)) ?? 0);
}

/**
 * Whether what is put aside at such an age is not there for a day: it expires before, or as a dead letter, whose age counts from when it was
 * sent, and of a FIFO queue from when it was put aside.
 */
function isDropped(queue: Resource, { kept }: GivingUp, age: number): boolean {
  return (retentionOf(queue) ?? Infinity) < age || (kept ?? Infinity) < A_DAY || (!isFifo(queue) && (kept ?? Infinity) < age + A_DAY);
}

/** The longest time for which a message at which somebody fails is tried so many times. */
function lastsFor(times: number, consumer: Consumer, queue: Resource): number {
  const { runner } = consumer;
  return runner ? times * runner.maxProcessingSeconds + backoffOf(times, runner.backoff) : times * hiddenBy(consumer, queue);
}

function backoffOf(times: number, [first, longest]: readonly [number, number]): number {
  return Array.from({ length: times }, (_, index) => Math.min(longest, first * 2 ** index)).reduce((sum, one) => sum + one, 0);
}

/** Of what is not kept until somebody works on it. */
function forgotten(queue: Resource, away: number): Finding[] {
  const kept = retentionOf(queue);
  const decision = decidedBy(queue, 'MessageRetentionPeriod', 'leave it out, or up to 14 days');
  if (kept === undefined) { return [{ end: 'unknown', why: [{ what: `for how long ${queue.key} keeps messages is not in the template`, decision }] }]; }
  return kept < away ? [{ end: 'forgotten', why: [{ what: `${queue.key} keeps messages for ${span(kept)} only`, decision }] }] : [];
}

function dataOf(end: Messages['end'], given: GivingUp | Unknown | undefined): DataAtRisk {
  if (end === 'forgotten') { return 'minutes'; }
  return end === 'unknown' || (end === 'put-aside' && given && (given instanceof Unknown || given.kept === undefined)) ? 'unknown' : 'none';
}

/** When a queue gives messages up; undefined if it never does. */
function givingUp(queue: Resource, topology: Topology, redrive = redriveOf(queue)): GivingUp | Unknown | undefined {
  if (redrive instanceof Unknown) { return redrive; }
  if (!at(redrive, 'deadLetterTargetArn')) { return undefined; }
  const target = deadLetterQueueOf(queue, topology, redrive);
  return { after: least(figuresOf(at(redrive, 'maxReceiveCount'), 10)), kept: target && retentionOf(target), decision: decidedBy(queue, 'RedrivePolicy.maxReceiveCount') };
}

/** For how long a queue keeps messages, at the least; undefined where that is open. */
function retentionOf({ properties }: Resource): number | undefined {
  return least(figuresOf(properties.MessageRetentionPeriod, 4 * A_DAY));
}

/** Whether a function has to do the whole batch again for one message; behind a pipe only its code says that it has not. */
function repeatsBatches({ properties }: Resource): boolean {
  const { FunctionResponseTypes: answers, BatchSize: size, SourceParameters: source } = properties;
  return !listOf(answers).includes('ReportBatchItemFailures') && (asNumber(size ?? at(source, 'SqsQueueParameters', 'BatchSize') ?? 10) ?? 10) > 1;
}

function isFifo({ properties }: Resource): boolean {
  return asBoolean(properties.FifoQueue) === true;
}

function most(figures: readonly number[] | Unknown): number | undefined {
  return figures instanceof Unknown ? undefined : Math.max(...figures);
}

function least(figures: readonly number[] | Unknown): number | undefined {
  return figures instanceof Unknown ? undefined : Math.min(...figures);
}

function receives(count: number): string {
  return count === 1 ? 'one receive' : `${count} receives`;
}
