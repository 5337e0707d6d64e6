/**
 * `npm run bench`: what the library costs in time, beside what one would use without it.
 *
 *     npm run bench                           all
 *     npm run bench -- --only import,growth   some
 *
 * Only ratios within one run say something; the figures of docs/benchmarks.md come from here.
 */
import { parseArgs } from 'util';
import { benchCommand } from './command';
import { missedGoals } from './goal';
import { benchImport } from './import-time';
import { benchSimulation } from './simulation';
import { benchGrowth, benchSynth } from './synth';

process.env.CDK_VALIDATION = 'false';

const benchmarks = { import: benchImport, synth: benchSynth, growth: benchGrowth, simulation: benchSimulation, command: benchCommand };

async function main(): Promise<void> {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
  for (const [name, run] of Object.entries(benchmarks)) {
    if (only === undefined || only.split(',').includes(name)) { await run(); }
  }
  process.exitCode = missedGoals() > 0 ? 1 : 0;
}

void main();
