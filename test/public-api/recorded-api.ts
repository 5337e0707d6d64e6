import * as fs from 'fs';
import * as path from 'path';

const root = path.resolve(__dirname, '..', '..');

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const baselineFile = path.join(__dirname, 'baseline.jsii.json');

/** What `npm run public-api:record` keeps of an assembly: names, types and stability, so that no comment makes a difference. */
export function recordedApi(assembly: { [key: string]: Json }): { [key: string]: Json } {
  const { schema, name, version, dependencies, types } = assembly;
  return { schema, name, version, dependencies, jsiiVersion: '', fingerprint: '', targets: {}, types: withoutProse(types) };
}

export function currentAssembly(): { [key: string]: Json } {
  return JSON.parse(fs.readFileSync(path.join(root, '.jsii'), 'utf8')) as { [key: string]: Json };
}

function withoutProse(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value)
    .filter(([key]) => !['locationInModule', 'symbolId', 'summary', 'remarks', 'example', 'see', 'returns', 'custom'].includes(key))
    .map(([key, inner]) => [key, withoutProse(inner)]));
}
