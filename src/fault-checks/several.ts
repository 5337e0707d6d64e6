import { COMPLIANT, Judgement, NOT_APPLICABLE } from './rule';

/** Of what is said of the parts of a resource, the worst: what is broken goes before what is not known. */
export function worstOf(judgements: readonly Judgement[]): Judgement {
  const said = (kind: Judgement['compliance']) => judgements.find(({ compliance }) => compliance === kind);
  return said('non-compliant') ?? said('unknown') ?? (said('compliant') ? COMPLIANT : NOT_APPLICABLE);
}
