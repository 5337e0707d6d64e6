/**
 * Makes docs/recovery-times.md from the table of the fault simulation.
 */
import * as fs from 'fs';
import * as path from 'path';
import { RECOVERY_TIMES, RecoveryTime } from '../src/fault-simulation/recovery-times';

export const page = path.join(__dirname, '..', 'docs', 'recovery-times.md');

export function rendered(): string {
  const rows = Object.values<RecoveryTime>(RECOVERY_TIMES).map(({ what, seconds, basis, source }) => `| ${what} | ${seconds} | ${basis} | ${source || '–'} |`);
  return [
    '# Recovery times',
    '',
    'What the fault simulation counts with where the template itself says nothing. `documented`: AWS names the time, as read on 2026-11-20;',
    '`model`: a figure of this simulation. Nothing here was measured on AWS. Where a template has figures of its own (intervals and thresholds',
    'of health checks, the TTL of a record, the time-out of a hook), those count.',
    '',
    '| what | seconds | basis | source |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

if (require.main === module) { fs.writeFileSync(page, rendered()); }
