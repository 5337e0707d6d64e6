import { asNumber, Unknown, Value } from './value';

/** The figures that a property may have: its own, the one where there is none, or all that a parameter allows. */
export function figuresOf(value: Value | undefined, otherwise: number): readonly number[] | Unknown {
  if (value === undefined || value === null) { return [otherwise]; }
  const given = value instanceof Unknown ? value.traits.among ?? [] : [value];
  const figures = given.flatMap(one => asNumber(one) ?? []);
  if (figures.length > 0 && figures.length === given.length) { return figures; }
  return value instanceof Unknown ? value : new Unknown('it is not a figure that can be read');
}

/** A time in the largest unit that fits. */
export function span(seconds: number): string {
  const units = [[86400, 'day'], [3600, 'hour'], [60, 'minute']] as const;
  const [size, unit] = units.find(([length]) => seconds >= length && seconds % length === 0) ?? [1, 'second'];
  return `${seconds / size} ${unit}${seconds === size ? '' : 's'}`;
}
