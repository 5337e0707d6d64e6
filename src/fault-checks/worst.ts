import { COMPLIANT, Judgement, NOT_APPLICABLE } from './rule';

/** Of what is said of the parts of a resource, or of things that all have to be so, the worst: what is broken goes before what is not known. */
export function worstOf(judgements: readonly (Judgement | undefined)[]): Judgement {
  const said = (kind: Judgement['compliance']) => judgements.find(one => one?.compliance === kind);
  return said('non-compliant') ?? said('unknown') ?? (judgements.every(one => one?.compliance === 'not-applicable') ? NOT_APPLICABLE : COMPLIANT);
}
