import { broken, COMPLIANT, Judgement, undecided } from './rule';
import { Unknown } from '../fault-simulation/template/value';

/** What is against each of the figures; what is against some of them only is not decided. */
export function judgeFigures(figures: readonly number[] | Unknown, property: string, against: (figure: number) => string | undefined): Judgement {
  return figures instanceof Unknown ? undecided(figures.reason, property) : judgeAll(figures.map(against), property);
}

/** The same of each pair of figures. */
export function judgePairs(
  ones: readonly number[] | Unknown,
  others: readonly number[] | Unknown,
  property: string,
  against: (one: number, other: number) => string | undefined,
): Judgement {
  if (ones instanceof Unknown) { return undecided(ones.reason, property); }
  return others instanceof Unknown ? undecided(others.reason, property)
    : judgeAll(ones.flatMap(one => others.map(other => against(one, other))), property);
}

function judgeAll(complaints: readonly (string | undefined)[], property: string): Judgement {
  const [first] = complaints.filter(complaint => complaint !== undefined);
  if (first === undefined) { return COMPLIANT; }
  return complaints.includes(undefined) ? undecided('it depends on the values that are given at deployment', property) : broken(first, property);
}
