import { broken, COMPLIANT, Judgement, undecided } from './rule';
import { asNumber, Unknown, Value } from '../fault-simulation/template/value';

/** The figures that a property may have: its own, the one where there is none, or all that a parameter allows. */
export function figuresOf(value: Value | undefined, otherwise: number): readonly number[] | Unknown {
  if (value === undefined || value === null) { return [otherwise]; }
  const given = value instanceof Unknown ? value.traits.among ?? [] : [value];
  const figures = given.flatMap(one => asNumber(one) ?? []);
  if (figures.length > 0 && figures.length === given.length) { return figures; }
  return value instanceof Unknown ? value : new Unknown('it is not a figure that can be read');
}

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

/** A time in the largest unit that fits. */
export function span(seconds: number): string {
  const units = [[86400, 'day'], [3600, 'hour'], [60, 'minute']] as const;
  const [size, unit] = units.find(([length]) => seconds >= length && seconds % length === 0) ?? [1, 'second'];
  return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`;
}
