import { Fault } from './fault';
import { Verdict, verdictOn } from './finding';
import { Findings, Net, nets } from './measure';

export type Verdicts = Readonly<Record<Net, Verdict>>;

const titles: Record<Net, string> = { synthReport: 'synth report', cfnLint: 'cfn-lint', emulator: 'emulator' };
const ID_WIDTH = 44;
const VERDICT_WIDTH = 14;

export function verdictsOn(fault: Fault, findings: Findings): Verdicts {
  const entries = nets.map(net => [net, verdictOn(fault, findings[net])]);
  return Object.fromEntries(entries) as Verdicts;
}

function isCaught(verdicts: Partial<Record<Net, string>>): boolean {
  return Object.values(verdicts).includes('caught');
}

export function countCaught(all: ReadonlyArray<Partial<Record<Net, string>>>): string {
  return `${all.filter(isCaught).length} of ${all.length}`;
}

/** Fault by net, how many each net has caught, and why a net failed where it failed for another reason. */
export function table(title: string, faults: readonly Fault[], findings: readonly Findings[]): string {
  const verdicts = faults.map((fault, i) => verdictsOn(fault, findings[i]));
  return [
    row(title, nets.map(net => titles[net])),
    ...faults.map((fault, i) => row(fault.id, nets.map(net => verdicts[i][net]))),
    row('caught', nets.map(net => countCaught(verdicts.map(each => ({ [net]: each[net] }))))),
    ...faults.flatMap((fault, i) => nets.filter(net => verdicts[i][net] === 'by crash').map(net =>
      `${fault.id}, ${titles[net]}: ${findings[i][net].map(finding => finding.text).join('; ')}`)),
  ].join('\n');
}

function row(title: string, cells: readonly string[]): string {
  return `${title.padEnd(ID_WIDTH)}${cells.map(cell => cell.padEnd(VERDICT_WIDTH)).join('')}`.trimEnd();
}
