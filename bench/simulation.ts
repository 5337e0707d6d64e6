import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App } from 'aws-cdk-lib';
import { against } from './goal';
import { stackWith } from './stacks';
import { exponent, median, timed } from './statistics';
import { ComponentFault, Fault, zoneFault } from '../lib/fault-simulation/faults';
import { Simulation } from '../lib/fault-simulation/simulation';
import { readStack } from '../lib/fault-simulation/template/read';
import { World } from '../lib/fault-simulation/template/world';

/** What each type is asked for, one fault at a time. */
const FAULTS: Readonly<Record<string, readonly ComponentFault[]>> = {
  'AWS::AutoScaling::AutoScalingGroup': ['instance', 'host'],
  'AWS::EC2::NatGateway': ['nat'],
  'AWS::S3::Bucket': ['operator-deletes', 'bad-data'],
};

function singleFaults({ resources }: World): Fault[] {
  const zones = [0, 1, 2].map((index): Fault => zoneFault('eu-west-1', index));
  const components = [...resources.values()].flatMap(({ key, type }) => (FAULTS[type] ?? []).map((kind): Fault => ({ kind, of: key })));
  return [...zones, { kind: 'region', region: 'eu-west-1' }, { kind: 'stack-deleted' }, ...components];
}

function worldIn(directory: string): World {
  const files = fs.readdirSync(directory).filter(file => file.endsWith('.template.json'));
  return new World(files.map(file => readStack(path.join(directory, file), file.replace('.template.json', ''), 'eu-west-1')));
}

/** Reads an assembly and simulates each fault. */
function simulate(directory: string): { resources: number; faults: number } {
  const read = worldIn(directory);
  const simulation = new Simulation(read);
  const faults = singleFaults(read);
  faults.forEach(fault => simulation.under(fault));
  return { resources: read.resources.size, faults: faults.length };
}

/** All single faults over an assembly, beside the time of its synthesis, and how that grows. */
export function benchSimulation(): void {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  try {
    const points = [1, 9, 85].map(tiers => measure(path.join(outdir, String(tiers)), tiers));
    const [, middle, large] = points;
    against(0.1, `simulation / synth of ${middle.resources} resources`, middle.simulation / middle.synth);
    against(2000, `milliseconds for ${large.resources} resources, ${large.faults} faults`, large.simulation);
    against(1.2, 'exponent of one zone fault over the resources', exponent(points.map(({ resources, zone }) => [resources, zone] as const)));
    against(500, `MiB that a process of its own takes for ${large.resources} resources`, memoryFor(path.join(outdir, '85')));
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

/** The most that a process has at once which does nothing but read an assembly and simulate all single faults. */
function memoryFor(directory: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', __filename, directory], { encoding: 'utf8' });
  const kibibytes = Number(stdout.trim());
  if (!kibibytes) { throw new Error(`the simulation in a process of its own failed: ${stderr}`); }
  return kibibytes / 2 ** 10;
}

function measure(outdir: string, tiers: number) {
  const synthesize = () => {
    fs.rmSync(outdir, { recursive: true, force: true });
    const app = new App({ outdir });
    for (let i = 0; i < tiers; i++) { stackWith.ours(app, `Shop${i}`); }
    app.synth();
  };
  const rounds = tiers > 50 ? 3 : 30;
  const times = (run: () => void) => { run(); return median(Array.from({ length: rounds }, () => timed(run))); };
  const synth = times(synthesize);
  const { resources, faults } = simulate(outdir);
  const simulation = times(() => { simulate(outdir); });
  const read = new Simulation(worldIn(outdir));
  const zone = times(() => { read.under(zoneFault('eu-west-1', 0)); });
  console.log(`  ${resources} resources in ${tiers} stacks: synth ${synth.toFixed(0)} ms, ${faults} faults ${simulation.toFixed(0)} ms, one zone ${zone.toFixed(1)} ms`);
  return { resources, faults, synth, simulation, zone };
}

if (require.main === module) {
  simulate(process.argv[2]);
  console.log(process.resourceUsage().maxRSS);
}
