import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { Fault, zoneFault } from '../../src/fault-simulation/faults';
import { parseTemplate } from '../../src/fault-simulation/template/read';
import { StackInput } from '../../src/fault-simulation/template/world';
import { Facts } from '../../src/fault-simulation/topology';

const folder = path.join(__dirname, 'corpus');
/** A digest of the first expectations of each case. */
const first: Readonly<Record<string, string>> = JSON.parse(fs.readFileSync(path.join(folder, 'first-expectations.json'), 'utf8'));

export interface Expectation {
  readonly fault: { readonly kind: string; readonly zone?: number | string; readonly of?: string; readonly region?: string; readonly faults?: Expectation['fault'][] };
  readonly component: string;
  readonly atOnce: string;
  readonly afterRecovery: string;
  readonly recoverySeconds?: readonly [number, number];
  readonly capacityLeft?: number;
  readonly data?: string;
  /** How it ends for the messages of a queue. */
  readonly messages?: string;
}

export interface Case {
  readonly name: string;
  /** Whether its expectations are not those with which it was committed first. */
  readonly changed: boolean;
  /** The AWS document that proves the first expectations wrong. */
  readonly changedBy?: string;
  readonly planted: string;
  readonly stacks: StackInput[];
  readonly facts: Facts;
  readonly expected: Expectation[];
  keyOf(component: string): string;
  faultOf(fault: Expectation['fault']): Fault;
}

export function corpus(): Case[] {
  return fs.readdirSync(folder).filter(name => fs.statSync(path.join(folder, name)).isDirectory()).sort().map(caseIn);
}

function caseIn(name: string): Case {
  const { planted, templates, parameters = {}, facts = {}, expected, changedBy } = parse(fs.readFileSync(path.join(folder, name, 'expected.yaml'), 'utf8'));
  const several = templates.length > 1;
  const stacks: StackInput[] = templates.map((one: string | { file: string; stack?: string; region?: string }) => {
    const { file, stack = 'Stack', region = 'eu-west-1' } = typeof one === 'string' ? { file: one } : one;
    return { name: stack, region, parameters: several ? parameters[stack] : parameters, template: parseTemplate(fs.readFileSync(path.join(folder, name, file), 'utf8')) };
  });
  const keyOf = (component: string) => several || component.includes('/') ? component : `Stack/${component}`;
  const faultOf = (fault: Expectation['fault']): Fault => {
    if (fault.kind === 'zone') { return zoneFault(stacks[0].region ?? '', fault.zone ?? 0); }
    if (fault.kind === 'pair') { return { kind: 'pair', faults: (fault.faults ?? []).map(faultOf) }; }
    return { ...fault, ...fault.of === undefined ? {} : { of: keyOf(fault.of) } } as Fault;
  };
  return { name, changed: first[name] !== digestOf(expected), changedBy, planted, stacks, facts, expected, keyOf, faultOf };
}

/** By which the first expectations of a case are known again, whatever words give their reasons. */
export function digestOf(expected: readonly Expectation[]): string {
  const verdicts = expected.map(({ fault, component, atOnce, afterRecovery, recoverySeconds, capacityLeft, data, messages }) =>
    ({ fault, component, atOnce, afterRecovery, recoverySeconds, capacityLeft, data, messages }));
  return createHash('sha256').update(JSON.stringify(verdicts)).digest('hex').slice(0, 16);
}
