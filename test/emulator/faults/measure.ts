import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Stack } from 'aws-cdk-lib';
import { lint } from './cfn-lint';
import { Fault } from './fault';
import { Finding } from './finding';
import { ReferenceStack } from './reference-stack';
import { refusal } from './refusal';
import { synthReport, validatingApp } from './synth-report';
import { Emulator } from '../emulator';

export const nets = ['synthReport', 'cfnLint', 'emulator'] as const;
export type Net = typeof nets[number];
export type Findings = Readonly<Record<Net, readonly Finding[]>>;

/** The emulator takes most of the time, and keeps one core busy. */
const EMULATORS = 2;

/**
 * Puts the reference stack with each of the faults before all nets, and gives their findings in the order of the faults.
 *
 * @throws if a net holds anything against the stack without a fault, because then no finding shows that a fault was caught
 */
export async function measure(faults: readonly Fault[]): Promise<Findings[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'faults-'));
  try {
    const specimens = [undefined, ...faults].map(fault => synthesize(folder, fault));
    const [lints, refusals] = await Promise.all([
      lint(specimens.map(specimen => specimen.templateFile)),
      refusalsOf(specimens.map(specimen => specimen.stack)),
    ]);
    const [withoutFault, ...withFault] = specimens.map((specimen, i): Findings =>
      ({ synthReport: specimen.synthReport, cfnLint: lints[i], emulator: refusals[i] }));
    checkClean(withoutFault);
    return withFault;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

interface Specimen {
  readonly stack: Stack;
  readonly templateFile: string;
  readonly synthReport: Finding[];
}

function synthesize(folder: string, fault?: Fault): Specimen {
  const outdir = path.join(folder, fault?.id ?? 'without-fault');
  const stack = new ReferenceStack(validatingApp(outdir));
  fault?.plant(stack);
  return { stack, templateFile: path.join(outdir, stack.templateFile), synthReport: synthReport(stack) };
}

async function refusalsOf(stacks: readonly Stack[]): Promise<Finding[][]> {
  const refusals: Finding[][] = [];
  const waiting = stacks.entries(); // shared, so that each emulator takes the next stack when it is free
  await Promise.all(Array.from({ length: EMULATORS }, async () => {
    const emulator = await Emulator.start();
    try {
      for (const [i, stack] of waiting) {
        refusals[i] = await refusal(emulator, stack);
      }
    } finally {
      await emulator.stop();
    }
  }));
  return refusals;
}

function checkClean(withoutFault: Findings) {
  const findings = nets.flatMap(net => withoutFault[net].map(finding => `${net}: ${finding.text}`));
  if (findings.length > 0) throw new Error(`The stack without a fault is refused:\n${findings.join('\n')}`);
}
