/** What would be missing if one had to go on from what lies outside of the fault. */
export type DataAtRisk = 'none' | 'minutes' | 'since-snapshot' | 'everything' | 'unknown';

/**
 * How it ends for the messages of a queue, from the best to the worst: done; some done twice; they wait for a human who mends something; some
 * with which nothing is wrong are among the dead letters; some are dropped; the template does not decide it.
 */
export const ENDS = ['done', 'done-twice', 'waiting', 'put-aside', 'forgotten', 'unknown'] as const;

/** What becomes of the messages of a queue. */
export interface Messages {
  readonly end: typeof ENDS[number];
  /** Until somebody gets what lost workers had in their hands; undefined if nobody had anything, or nobody gets it. */
  readonly inHandsSeconds?: number;
  /** Until somebody works on the others, 0 while some workers go on; undefined if nobody does. */
  readonly waitingSeconds?: number;
}

/** What decides how something stands: a property by its path, `Stack/LogicalId.Property`, and what would change it. */
export interface Decision {
  readonly property: string;
  readonly remedy?: string;
}

/** Something that is so by the fault itself. */
export interface Cause {
  readonly what: string;
  readonly decision?: Decision;
}

/** Something that is so since another component is not well, which somebody needs by a property of the template. */
export interface Dependence {
  readonly needer: string;
  readonly needed: string;
  readonly property: string;
  /** Whether the template says that it is needed; else it is inferred, as from a security group. */
  readonly certain: boolean;
  /** Whether only who is started needs it. */
  readonly isForStart?: boolean;
}

export type Why = Cause | Dependence;

/** How a component stands under a fault, as its users see it. */
export interface State {
  /** The share of its capacity that works while only what already runs counts; undefined where the template does not decide. */
  readonly now: number | undefined;
  /** The share when every automatic mechanism has done what it can; at least `now`. */
  readonly later: number | undefined;
  /** Until `later` is reached. */
  readonly seconds: number;
  readonly data?: DataAtRisk;
  readonly why: readonly Why[];
  /** Whether what is left at once is enough, as far as a need is known. */
  readonly need?: JudgedNeed;
  /** Of a queue of which the messages have to do with the fault. */
  readonly messages?: Messages;
  /** See `downOf`, for what is made of several parts, of which each has its own time. */
  readonly down?: number;
}

/** Whether a need is met, and who says how many members that takes. */
export interface JudgedNeed {
  readonly met: boolean;
  readonly source: 'stated' | 'recorded';
}

export const WELL: State = { now: 1, later: 1, seconds: 0, why: [] };

export function decidedBy({ key }: { readonly key: string }, property: string, remedy?: string): Decision {
  return { property: `${key}.${property}`, remedy };
}

export function lost(what: string, decision?: Decision, data?: DataAtRisk): State {
  return { now: 0, later: 0, seconds: 0, why: [{ what, decision }], data };
}

export function undecided(what: string, decision?: Decision): State {
  return { now: undefined, later: undefined, seconds: 0, why: [{ what, decision }], data: 'unknown' };
}

/** Down, and back by itself. */
export function interrupted(seconds: number, what: string, decision?: Decision, data?: DataAtRisk): State {
  return { now: 0, later: 1, seconds, why: [{ what, decision }], data };
}

/** The state of something as it is for who needs it, whose own data are not at risk by that. */
export function asNeeded(state: State, dependence: Dependence): State {
  return isWell(state) ? WELL : { ...state, why: [dependence], messages: undefined, data: state.now === undefined ? 'unknown' : undefined };
}

/** For how many seconds nothing works, or less than is needed as far as a need is known; infinite if that does not end by itself. */
export function downOf({ now, later, seconds, need, down }: State): number {
  if (down !== undefined) { return down; }
  if (now === undefined || later === undefined) { return Infinity; }
  if (now > 0) { return need?.met !== false ? 0 : later >= 1 ? seconds : Infinity; }
  return later > 0 ? seconds : Infinity;
}

export function isLost(state: State): boolean {
  return state.now === 0 && state.later === 0;
}

export function isWell(state: State): boolean {
  return state.now === 1 && state.later === 1;
}

/** Of something that needs all of these: the worst wins, and the smallest share is what is left. */
export function allOf(states: readonly State[]): State {
  const gone = states.find(isLost);
  if (gone) { return gone; }
  const open = states.find(state => state.now === undefined || state.later === undefined);
  if (open) { return open; }
  // what leaves least is what decides
  const affected = states.filter(state => !isWell(state)).sort((one, other) => (one.now ?? 0) - (other.now ?? 0));
  const needs = affected.flatMap(({ need }) => need ?? []);
  return {
    now: Math.min(1, ...states.map(({ now }) => now ?? 0)),
    later: Math.min(1, ...states.map(({ later }) => later ?? 0)),
    seconds: Math.max(0, ...affected.map(({ seconds }) => seconds)),
    why: affected.flatMap(({ why }) => why),
    need: needs.find(({ met }) => !met) ?? needs[0],
    down: Math.max(0, ...affected.map(downOf)),
  };
}

/** Of two steady states, the one that is worse off. */
export function worse(one: State, other: State): State {
  if (isLost(one) || isLost(other)) { return isLost(one) ? one : other; }
  if (one.now === undefined || other.now === undefined) { return one.now === undefined ? one : other; }
  if (one.now !== other.now) { return one.now < other.now ? one : other; }
  return (one.later ?? 0) <= (other.later ?? 0) ? one : other;
}

/** Of something that any of these serves, each with its share. */
export function sumOf(parts: readonly { readonly state: State; readonly weight: number }[]): State {
  const open = parts.find(({ state }) => state.now === undefined || state.later === undefined);
  if (open) { return open.state; }
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) { return lost('nothing serves it'); }
  const share = (phase: 'now' | 'later') => parts.reduce((sum, { state, weight }) => sum + weight * (state[phase] ?? 0), 0) / total;
  const affected = parts.filter(({ state }) => !isWell(state));
  return {
    now: share('now'),
    later: share('later'),
    seconds: Math.max(0, ...affected.map(({ state }) => state.seconds)),
    why: affected.flatMap(({ state }) => state.why),
    need: parts.length === 1 ? parts[0].state.need : undefined,
    down: Math.min(...parts.map(({ state }) => downOf(state))),
  };
}

/** The same, with data of its own at risk. */
export function withData(state: State, data: DataAtRisk): State {
  return { ...state, data };
}

export function sameState(one: State, other: State): boolean {
  return one.now === other.now && one.later === other.later && one.seconds === other.seconds && one.data === other.data
    && one.need?.met === other.need?.met && downOf(one) === downOf(other) && sameMessages(one.messages, other.messages);
}

function sameMessages(one: Messages | undefined, other: Messages | undefined): boolean {
  return one?.end === other?.end && one?.inHandsSeconds === other?.inHandsSeconds && one?.waitingSeconds === other?.waitingSeconds;
}

/** The worse of two ends of the messages of a queue. */
export function worseEnd(one: Messages['end'], other: Messages['end']): Messages['end'] {
  return ENDS[Math.max(ENDS.indexOf(one), ENDS.indexOf(other))];
}
