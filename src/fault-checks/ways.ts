import { broken, COMPLIANT, Judgement, undecided } from './rule';
import { firstUnknown, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';

/** One of several ways that stand in for each other: who goes it, and what it depends on. */
export interface Way {
  readonly by: Resource;
  readonly id: Value | undefined;
}

/** What is against ways that all depend on the same thing. */
export function judgeWays(ways: readonly Way[], what: string, property?: string): Judgement {
  const sure = ways.filter(({ by }) => by.presence === 'present');
  const known = new Set(sure.filter(({ id }) => !(id instanceof Unknown)).map(({ id }) => JSON.stringify(id)));
  if (known.size > 1) { return COMPLIANT; }
  const all = new Set(ways.map(({ id }) => id instanceof Unknown ? `? ${id.identity}` : JSON.stringify(id)));
  if (all.size < 2) { return broken(what, property); }
  const open = firstUnknown(ways.map(({ id }) => id));
  return undecided(open?.reason ?? 'conditions decide how many ways there are', property);
}
