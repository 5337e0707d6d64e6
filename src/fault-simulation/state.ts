/** What would be missing if one had to go on from what lies outside of the fault. */
export type DataAtRisk = 'none' | 'minutes' | 'since-snapshot' | 'everything' | 'unknown';

/** How a component stands under a fault, as its users see it. */
export interface State {
  /** The share of its capacity that works while only what already runs counts; undefined where the template does not decide. */
  readonly now: number | undefined;
  /** The share when every automatic mechanism has done what it can; at least `now`. */
  readonly later: number | undefined;
  /** Until `later` is reached. */
  readonly seconds: number;
  readonly data?: DataAtRisk;
  /** Why, from the fault on. */
  readonly why: readonly string[];
}

export const WELL: State = { now: 1, later: 1, seconds: 0, why: [] };

export function lost(why: string, data?: DataAtRisk): State {
  return { now: 0, later: 0, seconds: 0, why: [why], data };
}

export function undecided(why: string): State {
  return { now: undefined, later: undefined, seconds: 0, why: [why], data: 'unknown' };
}

/** Down, and back by itself. */
export function interrupted(seconds: number, why: string, data?: DataAtRisk): State {
  return { now: 0, later: 1, seconds, why: [why], data };
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
  const affected = states.filter(state => !isWell(state));
  return {
    now: Math.min(1, ...states.map(({ now }) => now ?? 0)),
    later: Math.min(1, ...states.map(({ later }) => later ?? 0)),
    seconds: Math.max(0, ...affected.map(({ seconds }) => seconds)),
    why: affected.flatMap(({ why }) => why),
  };
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
  };
}

/** The same, with data of its own at risk. */
export function withData(state: State, data: DataAtRisk): State {
  return { ...state, data };
}

export function sameState(one: State, other: State): boolean {
  return one.now === other.now && one.later === other.later && one.seconds === other.seconds && one.data === other.data;
}
