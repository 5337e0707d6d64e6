import { COMPLIANT, Judgement } from './rule';

/** Of several judgements of one resource the one that counts: what is broken goes before what is not known. */
export function worstOf(...all: readonly (Judgement | undefined)[]): Judgement {
  const found = (compliance: Judgement['compliance']) => all.find(one => one?.compliance === compliance);
  return found('non-compliant') ?? found('unknown') ?? COMPLIANT;
}
