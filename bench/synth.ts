import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { against } from './goal';
import { stackWith } from './stacks';
import { exponent, interleaved, median, timed } from './statistics';

type Kind = keyof typeof stackWith;

/** Milliseconds from an empty app to a written assembly with `count` tiers, each in a stack of its own. */
function synthesize(kind: Kind, count: number): { milliseconds: number; types: string[] } {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    let app: App | undefined;
    const milliseconds = timed(() => {
      app = new App({ outdir });
      for (let i = 0; i < count; i++) { stackWith[kind](app, `Shop${i}`); }
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

/** The tier beside the same resources by bare L2. */
export function benchSynth(): void {
  const [ours, bare] = (['ours', 'bare'] as const).map(kind => synthesize(kind, 1).types);
  if (JSON.stringify(ours) !== JSON.stringify(bare)) {
    throw new Error(`the stacks differ in their resources, so their times say nothing:\n${ours}\n${bare}`);
  }
  for (let warmUp = 0; warmUp < 10; warmUp++) { (['ours', 'bare'] as const).forEach(kind => synthesize(kind, 1)); }
  const times = interleaved(['ours', 'bare'] as const, 30, kind => synthesize(kind, 1).milliseconds);
  console.log(`synth of a web tier with its network, ${ours.length} resources, warm, validator off, median of 30`);
  console.log(`  ours ${times.ours.toFixed(1)} ms, bare L2 ${times.bare.toFixed(1)} ms`);
  against(1.1, 'ours / bare L2', times.ours / times.bare);
}

/** How the time grows with the number of tiers. */
export function benchGrowth(): void {
  const counts = [1, 10, 50, 200];
  const points = counts.map(count => {
    const rounds = count > 50 ? 3 : 5;
    return [count, median(Array.from({ length: rounds }, () => synthesize('ours', count).milliseconds))] as const;
  });
  console.log('growth with the number of tiers, each in a stack of its own, in one app');
  points.forEach(([count, time]) => console.log(`  ${count} tiers: ${time.toFixed(0)} ms, ${(time / count).toFixed(1)} ms each`));
  console.log(`  memory after 200: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
  against(1.1, 'exponent over 1 to 200', exponent(points));
  against(1.1, 'exponent over 10 to 200', exponent(points.slice(1)));
}
