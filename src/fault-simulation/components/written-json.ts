import { Reference, Text, Unknown, Value, Zone } from '../template/value';

/** A text in which each part that is not known yet is a mark: the same part is the same mark, in whatever text. */
export interface Marked {
  readonly text: string;
  readonly marked: ReadonlyMap<string, Reference | Unknown | Zone>;
}

/** A value as a text with marks; empty where it is none. */
export function written(value: Value | undefined): Marked {
  const marked = new Map<string, Reference | Unknown | Zone>();
  const parts = value instanceof Text ? value.parts : typeof value === 'string' ? [value] : [];
  const text = parts.map(part => {
    if (typeof part === 'string') { return part; }
    const name = part instanceof Reference ? `${part.resource}.${part.attribute}` : part instanceof Zone ? `${part.region}#${part.index}` : part.identity;
    const mark = `\uE000${encodeURIComponent(name)}\uE001`;
    marked.set(mark, part);
    return mark;
  }).join('');
  return { text, marked };
}

/** By which a program in a text is started: its unit, or its module. */
export function startOf(program: string): RegExp {
  return new RegExp(`\\bsystemctl\\b[^\\n]{0,1024}\\b${program}|-m\\s+${program.replace('-', '_')}\\b`);
}

/** JSON that stands in a text. */
export interface Found {
  readonly json: Fields;
  readonly begin: number;
  readonly end: number;
}

// more than a configuration has; no text makes it slow
const MOST_BRACES = 256;

/** The innermost object in a text that has the first of these fields, and all of the others. */
export function objectIn(text: string, names: readonly string[]): Found | undefined {
  const first = text.indexOf(`"${names[0]}"`);
  if (first < 0) { return undefined; }
  let begin = first;
  for (let braces = 0; braces < MOST_BRACES && begin > 0; braces++) {
    begin = text.lastIndexOf('{', begin - 1);
    if (begin < 0) { return undefined; }
    const end = endOf(text, begin);
    const json = end === undefined || end < first ? undefined : parsed(text.slice(begin, end));
    if (end !== undefined && json && names.every(name => name in json)) { return { json, begin, end }; }
  }
  return undefined;
}

/** Behind the brace that closes the one at this place. */
function endOf(text: string, begin: number): number | undefined {
  let depth = 0;
  const braces = /"(?:[^"\\]|\\.)*"|[{}]/g;
  braces.lastIndex = begin;
  for (let found = braces.exec(text); found; found = braces.exec(text)) {
    depth += found[0] === '{' ? 1 : found[0] === '}' ? -1 : 0;
    if (depth === 0) { return braces.lastIndex; }
  }
  return undefined;
}

/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

function parsed(json: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(json));
  } catch {
    return undefined;
  }
}

/** Without fields, where it is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : {};
}

/** Empty, where it is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Not a number if it is none, or out of the range. */
export function within(value: unknown, least: number, most: number): number {
  return typeof value === 'number' && value >= least && value <= most ? value : NaN;
}

/** The texts of a list. */
export function textsIn(value: unknown): readonly string[] {
  return listOf(value).filter((one): one is string => typeof one === 'string');
}

/** What a text refers to, if it is nothing but that. */
export function referenceOf(value: unknown, { marked }: Marked): Reference | undefined {
  const part = typeof value === 'string' ? marked.get(value) : undefined;
  return part instanceof Reference ? part : undefined;
}
