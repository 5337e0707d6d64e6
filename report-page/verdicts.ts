import type { PageData, PageEffect, PageFault } from '../src/command/page-data';
import { inWords, time } from '../src/command/words';

export type Phase = 'atOnce' | 'afterRecovery';

/** How something looks: the word by which the style knows it. */
export type Look = 'unaffected' | 'degraded' | 'interrupted' | 'lost' | 'unknown' | 'back';

export function lookOf({ verdict }: PageEffect, phase: Phase): Look {
  if (phase === 'atOnce') { return verdict.atOnce === 'absent' ? 'unaffected' : verdict.atOnce; }
  return verdict.afterRecovery === 'unaffected' ? 'back' : verdict.afterRecovery === 'absent' ? 'unaffected' : verdict.afterRecovery;
}

export function wordsOf({ verdict }: PageEffect, phase: Phase): string {
  if (phase === 'atOnce') { return inWords(verdict); }
  const { afterRecovery, recoverySeconds } = verdict;
  if (afterRecovery === 'unaffected') { return recoverySeconds === undefined ? 'back' : `back after ${time(recoverySeconds)}`; }
  return afterRecovery === 'degraded' ? 'a part of it works' : afterRecovery;
}

const RANKS: readonly Look[] = ['lost', 'unknown', 'interrupted', 'degraded', 'back', 'unaffected'];

/** The worst first. */
export function byLook(phase: Phase): (one: PageEffect, other: PageEffect) => number {
  return (one, other) => RANKS.indexOf(lookOf(one, phase)) - RANKS.indexOf(lookOf(other, phase));
}

/** A fault in words. */
export function nameOfFault({ id, kind, zone, of }: PageFault, { zones, components }: PageData): string {
  if (zone !== undefined) { return `zone ${zones[zone]}`; }
  const about = of === undefined ? id : `${components[of].stack}/${components[of].label}`;
  switch (kind) {
    case 'instance': return `an instance of ${about}`;
    case 'primary-host': return `the primary's host of ${about}`;
    default: return about;
  }
}
