import { Reference, Text, Unknown, Value, Zone } from './value';

/** As much as a whole template has. */
const LONGEST = 2 ** 20;

/** One text of several values, as short as can be: a string, or what it is where there is only one. */
export function joined(parts: readonly Value[]): Value {
  const flat = parts.flatMap((part): Text['parts'] => part instanceof Text ? part.parts
    : part instanceof Reference || part instanceof Unknown || part instanceof Zone ? [part] : [asText(part)]);
  const merged: (string | Reference | Unknown | Zone)[] = [];
  for (const part of flat) {
    const last = merged[merged.length - 1];
    if (typeof part === 'string' && typeof last === 'string') { merged[merged.length - 1] = last + part; } else { merged.push(part); }
  }
  const filled = merged.filter(part => part !== '');
  const length = filled.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 1), 0);
  if (length > LONGEST) { return new Unknown('a text that is longer than any that AWS takes'); }
  return filled.length === 0 ? '' : filled.length === 1 ? filled[0] : new Text(filled);
}

/** What is not known cannot be split; it counts as one item, as ids have no delimiter in them. */
export function splitText({ parts }: Text, delimiter: string): Value[] {
  const items: Value[][] = [[]];
  for (const part of parts) {
    if (typeof part !== 'string') { items[items.length - 1].push(part); continue; }
    const [first, ...others] = part.split(delimiter);
    items[items.length - 1].push(first);
    others.forEach(other => items.push([other]));
  }
  return items.map(item => joined(item));
}

/** A value within a text; what is not known of it is left open. */
export function asText(value: Value): string {
  if (value instanceof Text) { return value.parts.map(part => typeof part === 'string' ? part : '…').join(''); }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
