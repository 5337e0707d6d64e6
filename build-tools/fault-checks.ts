/**
 * Makes docs/fault-checks.md from the rules.
 */
import * as fs from 'fs';
import * as path from 'path';
import { FAMILIES, RULES } from '../src/fault-checks/pack';
import { Rule } from '../src/fault-checks/rule';

export const page = path.join(__dirname, '..', 'docs', 'fault-checks.md');
const intro = path.join(__dirname, 'fault-checks.md');

export function rendered(): string {
  return [
    fs.readFileSync(intro, 'utf8').trim(),
    '',
    '## The rules',
    '',
    `${RULES.length} rules, of which ${RULES.filter(({ needsTopology }) => needsTopology).length} look at more than one resource.`,
    ...Object.entries(FAMILIES).flatMap(([family, rules]) => ['', `### ${family}`, '', '| rule | | severity | what happens | way out |', '|---|---|---|---|---|',
      ...rules.map(row)]),
    '',
    '## Examples and sources',
    ...RULES.flatMap(rule => ['', ...details(rule)]),
    '',
  ].join('\n');
}

function row({ id, title, severity, reason, fix }: Rule): string {
  return `| [${id}](#${id.toLowerCase()}) | ${title} | ${severity} | ${reason} | ${fix} |`;
}

function details({ id, title, sources, bad, good }: Rule): string[] {
  return [`### ${id}`, '', `${title}. ${sources.join('; ')}.`, '', 'Found:', '', '```yaml', bad.trim(), '```', '', 'Mended:', '', '```yaml', good.trim(), '```'];
}

if (require.main === module) { fs.writeFileSync(page, rendered()); }
