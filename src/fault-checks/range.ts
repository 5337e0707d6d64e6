import { Judgement, undecided } from './rule';
import { asNumber, Unknown, Value } from '../fault-simulation/template/value';

/** The numbers that something may be, from the least to the most. */
export interface Range {
  readonly least: number;
  readonly most: number;
  /** Why it is not one number. */
  readonly why?: string;
}

export function exactly(number: number): Range {
  return { least: number, most: number };
}

export const ONE = exactly(1);

/** Any number, as this is not known. */
export function anyNumber(why: string): Range {
  return { least: 0, most: Infinity, why };
}

/** The numbers that a value may be: one, those that a parameter takes, or any. */
export function rangeOf(value: Value | undefined): Range {
  const number = asNumber(value);
  if (number !== undefined) { return exactly(number); }
  if (!(value instanceof Unknown)) { return anyNumber('a number is not given'); }
  const among = (value.traits.among ?? []).map(one => asNumber(one) ?? NaN);
  return among.length === 0 || among.some(Number.isNaN) ? anyNumber(value.reason)
    : { least: Math.min(...among), most: Math.max(...among), why: value.reason };
}

export function lowestOf(ranges: readonly Range[]): Range {
  return combined(ranges, numbers => Math.min(...numbers));
}

export function highestOf(ranges: readonly Range[]): Range {
  return combined(ranges, numbers => Math.max(...numbers));
}

export function sumOf(ranges: readonly Range[]): Range {
  return combined(ranges, numbers => numbers.reduce((sum, one) => sum + one, 0));
}

export function productOf(ranges: readonly Range[]): Range {
  // no number of times something that may be any is any
  return combined(ranges, numbers => numbers.includes(0) ? 0 : numbers.reduce((product, one) => product * one, 1));
}

function combined(ranges: readonly Range[], by: (numbers: readonly number[]) => number): Range {
  const why = ranges.find(range => range.why !== undefined)?.why;
  return { least: by(ranges.map(({ least }) => least)), most: by(ranges.map(({ most }) => most)), why };
}

/** What is against these numbers if there are to be as many at least; undefined if nothing is. */
export function judgeLeast(range: Range, least: number, brokenBy: (most: number) => Judgement, property?: string): Judgement | undefined {
  if (range.most < least) { return brokenBy(range.most); }
  return range.least < least ? undecidedBy(range, property) : undefined;
}

/** What hangs on a number that is not known. */
export function undecidedBy({ why }: Range, property?: string): Judgement {
  return undecided(why ?? 'a number is not known', property);
}
