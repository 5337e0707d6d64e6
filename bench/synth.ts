import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { pairs, stackOf } from './constructs';
import { against } from './goal';
import { stackWith } from './stacks';
import { exponent, interleaved, median, timed } from './statistics';

type Build = (app: App, id: string) => void;
const kinds = ['ours', 'bare'] as const;

/** Milliseconds from an empty app to a written assembly with `count` stacks. */
function synthesize(build: Build, count = 1): { milliseconds: number; types: string[] } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    let app: App | undefined;
    const milliseconds = timed(() => {
      app = new App({ outdir });
      for (let i = 0; i < count; i++) { build(app, `Shop${i}`); }
      app.synth();
    });
    const { Resources } = JSON.parse(fs.readFileSync(path.join(outdir, 'Shop0.template.json'), 'utf8')) as {
      Resources: Record<string, { Type: string }>;
    };
    return { milliseconds, types: Object.values(Resources).map(({ Type }) => Type).sort() };
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

/** Medians of both, warm and in turn; that they have the same resources is checked first. */
function compare(name: string, builds: Record<typeof kinds[number], Build>): Record<typeof kinds[number], number> {
  const [ours, bare] = kinds.map(kind => synthesize(builds[kind]).types);
  if (JSON.stringify(ours) !== JSON.stringify(bare)) {
    throw new Error(`the stacks of ${name} differ in their resources, so their times say nothing:\n${ours}\n${bare}`);
  }
  for (let warmUp = 0; warmUp < 10; warmUp++) { kinds.forEach(kind => synthesize(builds[kind])); }
  const times = interleaved(kinds, 30, kind => synthesize(builds[kind]).milliseconds);
  console.log(`  ${name}, ${ours.length} resources: ours ${times.ours.toFixed(1)} ms, bare L2 ${times.bare.toFixed(1)} ms`);
  return times;
}

/** Each construct beside the same resources by bare L2. */
export function benchSynth(): void {
  console.log('synth of a stack, warm, validator off, median of 30');
  const tier = compare('a web tier with its network', stackWith);
  against(1.1, 'ours / bare L2', tier.ours / tier.bare);
  const times = Object.entries(pairs).map(([name, { ours, bare }]) => compare(name, { ours: stackOf(ours), bare: stackOf(bare) }));
  const sum = (kind: typeof kinds[number]) => times.reduce((total, time) => total + time[kind], 0);
  against(1.1, 'ours / bare L2, the others together', sum('ours') / sum('bare'));
}

/** How the time grows with the number of tiers. */
export function benchGrowth(): void {
  const counts = [1, 10, 50, 200];
  const points = counts.map(count => {
    const rounds = count > 50 ? 3 : 5;
    return [count, median(Array.from({ length: rounds }, () => synthesize(stackWith.ours, count).milliseconds))] as const;
  });
  console.log('growth with the number of tiers, each in a stack of its own, in one app');
  points.forEach(([count, time]) => console.log(`  ${count} tiers: ${time.toFixed(0)} ms, ${(time / count).toFixed(1)} ms each`));
  console.log(`  memory after 200: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
  against(1.1, 'exponent over 1 to 200', exponent(points));
  against(1.1, 'exponent over 10 to 200', exponent(points.slice(1)));
}
