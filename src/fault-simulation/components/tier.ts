import { leastMembersOf } from '../members';
import { State, sumOf } from '../state';
import { Resource } from '../template/world';
import { StatedNeed, Topology } from '../topology';

/** A fleet, or a single server, that serves something together with others. */
export interface Part {
  readonly state: State;
  readonly weight: number;
  /** How many members stand there while all is well; undefined where that is not known. */
  readonly members: number | undefined;
}

/** How something stands that these serve together, with whether what is left of them all is as much as has to be. */
export function servedBy(parts: readonly Part[], need: StatedNeed | undefined): State {
  const state = sumOf(parts);
  if (!need || state.now === undefined || state.now === 1 || parts.some(({ members }) => members === undefined)) { return state; }
  const isEnough = (phase: 'now' | 'later') =>
    parts.reduce((left, part) => left + (part.state[phase] ?? 0) * (part.members ?? 0), 0) >= need.count - 1e-9;
  const met = isEnough('now');
  const down = met && state.now > 0 ? 0 : isEnough('later') ? state.seconds : Infinity;
  return { ...state, need: { met, source: need.source }, down };
}

/** How many members of something count toward the need of a thing that it serves. */
export function countedMembers(member: Resource | undefined, topology: Topology): number | undefined {
  return member?.type === 'AWS::EC2::Instance' ? 1 : member && leastMembersOf(member, topology);
}
