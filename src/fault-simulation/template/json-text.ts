import { Reference, Text, Unknown, Value, Zone } from './value';

/** Stand for what a text has in it besides characters, while it is read; templates have no such characters. */
const MARK = /\uE000(\d+)\uE001/;
const BARE_MARK = /([:,[]\s*)(\uE000\d+\uE001)(?=\s*[,}\]])/g;

/** A document, whether it is written as an object or as the text of one. */
export function documentOf(value: Value | undefined): Value | undefined {
  if (typeof value !== 'string' && !(value instanceof Text)) { return value; }
  const parts = typeof value === 'string' ? [value] : value.parts;
  const text = parts.map((part, index) => typeof part === 'string' ? part : `\uE000${index}\uE001`).join('');
  const put = (_: string, inner: unknown) => typeof inner === 'string' ? putBack(inner, parts) : inner;
  // what stands for a number has no quotes around it
  for (const one of [text, text.replace(BARE_MARK, '$1"$2"')]) {
    try { return JSON.parse(one, put) as Value; } catch { continue; }
  }
  return new Unknown('it is not JSON that can be read');
}

function putBack(text: string, parts: Text['parts']): Value {
  const pieces = text.split(MARK).map((piece, index): string | Reference | Unknown | Zone => index % 2 === 0 ? piece : parts[Number(piece)]).filter(piece => piece !== '');
  if (pieces.length === 0) { return ''; }
  return pieces.length === 1 ? pieces[0] : new Text(pieces);
}
