import { parseArgs } from 'util';
import { Finding, FINDINGS } from './words';
import { messageOf } from '../fault-simulation/template/read';

/** A wrong command line, or an input that cannot be read: one line, no stack trace. */
export class CommandError extends Error {}

const FORMATS = ['table', 'json', 'markdown', 'sarif', 'html'] as const;

export const SEVERITIES = ['error', 'warning', 'unknown'] as const;

export interface Options {
  /** Whether the rules are asked, and not the simulation. */
  readonly checks: boolean;
  readonly inputs: readonly string[];
  readonly region?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly subnetZones: Readonly<Record<string, string>>;
  readonly need: Readonly<Record<string, number>>;
  readonly contextFile?: string;
  readonly acceptFile?: string;
  readonly baseline?: string;
  readonly format: typeof FORMATS[number];
  readonly explain?: { readonly fault: string; readonly component: string };
  readonly failOn: readonly Finding[];
  readonly failOnSeverity: readonly typeof SEVERITIES[number][];
  /** Whether what the rules cannot decide is listed. */
  readonly unknown: boolean;
  readonly asks?: 'help' | 'version';
  /** Whether the availability is asked for, and what it goes by: faults a year by kind, and the time to repair. */
  readonly nines: boolean;
  readonly rates: Readonly<Record<string, number>>;
  readonly repairSeconds?: number;
}

const SPECIFICATION = {
  'region': { type: 'string' },
  'parameter': { type: 'string', multiple: true },
  'assume': { type: 'string', multiple: true },
  'need': { type: 'string', multiple: true },
  'context': { type: 'string' },
  'accept': { type: 'string' },
  'baseline': { type: 'string' },
  'json': { type: 'boolean' },
  'markdown': { type: 'boolean' },
  'sarif': { type: 'boolean' },
  'html': { type: 'boolean' },
  'explain': { type: 'string' },
  'fail-on': { type: 'string' },
  'unknown': { type: 'boolean' },
  'nines': { type: 'boolean' },
  'rate': { type: 'string', multiple: true },
  'repair': { type: 'string' },
  'help': { type: 'boolean' },
  'version': { type: 'boolean' },
} as const;

/** Reads the command line. */
export function optionsOf(args: readonly string[]): Options {
  const { values, tokens } = parsed(args);
  const words = tokens.flatMap(token => token.kind === 'positional' ? [token] : []);
  // --explain takes two words, the second of which stands among the inputs
  const explain = tokens.find(token => token.kind === 'option' && token.name === 'explain');
  const component = explain && words.find(({ index }) => index > explain.index);
  const [first, ...others] = words.filter(word => word !== component).map(({ value }) => value);
  const checks = first === 'check';
  const inputs = checks || first === undefined ? others : [first, ...others];
  const asks = values.help ? 'help' : values.version ? 'version' : undefined;
  const [format = 'table', second] = FORMATS.filter(one => one !== 'table' && values[one]);
  if (second !== undefined) { throw new CommandError(`--${format} and --${second} exclude each other`); }
  if (values.explain !== undefined && component === undefined) { throw new CommandError('--explain takes a fault and a component'); }
  const strange = (checks ? ['explain', 'baseline', 'html', 'nines', 'rate', 'repair'] as const : ['unknown'] as const).find(name => values[name] !== undefined);
  if (strange) { throw new CommandError(`--${strange} is for ${checks ? 'the simulation, not for' : 'the command'} check`); }
  const idle = (['rate', 'repair'] as const).find(name => values[name] !== undefined && !values.nines && (format === 'table' || format === 'markdown'));
  if (idle && !checks) { throw new CommandError(`--${idle} is for --nines, --json and --html`); }
  if (!asks && inputs.length === 0) { throw new CommandError('name a cloud assembly, or templates; --help says more'); }
  return {
    checks,
    inputs,
    region: values.region,
    parameters: pairs('--parameter', values.parameter),
    subnetZones: pairs('--assume', values.assume),
    need: Object.fromEntries(Object.entries(pairs('--need', values.need)).map(([fleet, count]) => [fleet, countOf(fleet, count)])),
    contextFile: values.context,
    acceptFile: values.accept,
    baseline: values.baseline,
    format,
    explain: values.explain === undefined || component === undefined ? undefined : { fault: values.explain, component: component.value },
    failOn: checks ? [] : failOnOf(values['fail-on'] ?? 'lost', FINDINGS),
    failOnSeverity: checks ? failOnOf(values['fail-on'] ?? 'error', SEVERITIES) : [],
    unknown: values.unknown ?? false,
    asks,
    nines: values.nines ?? false,
    rates: Object.fromEntries(Object.entries(pairs('--rate', values.rate)).map(([kind, rate]) => [kind, numberOf(`--rate ${kind}`, rate)])),
    repairSeconds: values.repair === undefined ? undefined : numberOf('--repair', values.repair) * 3600,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: SPECIFICATION, allowPositionals: true, tokens: true });
  } catch (error) {
    throw new CommandError(`${messageOf(error).split('. ')[0]}; --help says what there is`);
  }
}

function pairs(option: string, given: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(given.map(pair => {
    const at = pair.indexOf('=');
    if (at < 1) { throw new CommandError(`${option} takes NAME=VALUE, not '${pair}'`); }
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}

function numberOf(option: string, text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) { throw new CommandError(`${option} takes a number, not '${text}'`); }
  return Number(text);
}

function countOf(fleet: string, count: string): number {
  if (!/^[1-9]\d*$/.test(count)) { throw new CommandError(`--need ${fleet}=${count}: give a whole number of 1 or more`); }
  return Number(count);
}

function failOnOf<K extends string>(given: string, known: readonly K[]): readonly K[] {
  if (given === 'none') { return []; }
  return given.split(',').map(one => {
    const found = known.find(kind => kind === one);
    if (!found) { throw new CommandError(`--fail-on knows ${known.join(', ')} and none, not '${one}'`); }
    return found;
  });
}
