import { Verdict } from '../fault-simulation/simulation';

export const FINDINGS = ['lost', 'interrupted', 'unknown'] as const;

/** What makes the command fail. */
export type Finding = typeof FINDINGS[number];

type Outcome = Omit<Verdict, 'chain'>;

/** What a verdict counts as; undefined if it is no finding. */
export function findingOf({ atOnce }: Outcome): Finding | undefined {
  return FINDINGS.find(finding => finding === atOnce);
}

/** What is said of messages that are not just late. */
const LOST_WORK: Readonly<Partial<Record<NonNullable<Verdict['messages']>['end'], string>>> = {
  'done-twice': 'work done twice', 'put-aside': 'good messages put aside', 'forgotten': 'messages dropped',
};

/** In a few words: what it is at once, and after how long what. */
export function inWords(outcome: Outcome): string {
  const work = outcome.messages && LOST_WORK[outcome.messages.end];
  return standingInWords(outcome) + (work === undefined ? '' : `, ${work}`);
}

function standingInWords({ atOnce, afterRecovery, capacityLeft, recoverySeconds, need }: Outcome): string {
  const then = recoverySeconds === undefined ? '' : `, ${afterRecovery === 'unaffected' ? 'back' : 'then a part'} in ${time(recoverySeconds)}`;
  if (atOnce === 'unaffected') { return 'stands'; }
  if (atOnce === 'degraded') { return `${Math.floor((capacityLeft ?? 0) * 100)} % left${need?.met === false ? ', less than is needed' : ''}${then}`; }
  return atOnce === 'interrupted' ? `down${then}` : atOnce;
}

/** In the unit that fits. */
export function time(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

const STANDINGS: readonly string[] = ['lost', 'unknown', 'interrupted', 'degraded', 'unaffected', 'absent'];

/** The worst of these verdicts first: of which least is left, then of which least comes back, then for which that takes longest. */
export function worstFirst(one: Outcome, other: Outcome): number {
  const rank = ({ atOnce, capacityLeft }: Outcome) => STANDINGS.indexOf(atOnce) + (capacityLeft ?? 0) / 2;
  const later = ({ afterRecovery }: Outcome) => STANDINGS.indexOf(afterRecovery);
  return rank(one) - rank(other) || later(one) - later(other) || (other.recoverySeconds ?? 0) - (one.recoverySeconds ?? 0);
}
