import * as fs from 'fs';
import * as path from 'path';
import { acceptedIn, checkFacts, factsOf, worldOf } from './inputs';
import { layoutOf } from './layout';
import { ninesAsJson, ninesAsMarkdown, ninesAsTable, ninesIn } from './nines';
import { CommandError, Options, optionsOf } from './options';
import { asPage } from './page';
import { Positions } from './positions';
import { asJson, asMarkdown, asSteps, asTable, printable } from './render';
import { besides, failuresIn, reportOf } from './report';
import { asSarif } from './sarif';
import { USAGE } from './usage';
import { inWords } from './words';
import { Simulation } from '../fault-simulation/simulation';
import { messageOf } from '../fault-simulation/template/read';

/** Where the command writes, and whether somebody looks at it. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly isTerminal: boolean;
  /** How many characters a line of the terminal has. */
  readonly columns?: number;
  /** Called with how far it is, many times. */
  readonly progress?: (text: string) => void;
}

/** The command; the exit code is 0 without findings, 1 with some, 2 if something cannot be read. */
export function run(args: readonly string[], streams: Streams): number {
  try {
    return simulate(optionsOf(args), streams);
  } catch (error) {
    const itself = error instanceof CommandError ? '' : 'an error of its own, which is worth a report: ';
    streams.err(`cdk-fault-tolerance: ${itself}${printable(messageOf(error).split('\n')[0])}`);
    return 2;
  }
}

function simulate(options: Options, { out, isTerminal, columns, progress }: Streams): number {
  if (options.asks === 'help') { out(USAGE); return 0; }
  if (options.asks === 'version') { out(version()); return 0; }
  if (options.checks) {
    // more than a hundred rules, which nobody else waits for
    const { check } = require('./check') as typeof import('./check'); // eslint-disable-line @typescript-eslint/no-require-imports
    const { text, fails } = check(options, version());
    out(text);
    return fails ? 1 : 0;
  }
  const world = worldOf(options);
  checkFacts(options, world);
  const simulation = new Simulation(world, factsOf(options));
  if (options.explain) { out(explained(simulation, options.explain)); return 0; }
  if (options.nines && (options.format === 'table' || options.format === 'markdown')) {
    const nines = ninesIn(simulation, options);
    out(options.format === 'table' ? ninesAsTable(nines) : ninesAsMarkdown(nines));
    return 0;
  }
  const now = reportOf(simulation, acceptedIn(options.acceptFile, ['service', 'fault', 'reason']), progress);
  const report = options.baseline === undefined ? now
    : besides(now, reportOf(new Simulation(worldOf({ ...options, inputs: [options.baseline] }), factsOf(options)), []));
  switch (options.format) {
    case 'json': out(asJson(report, ninesAsJson(ninesIn(simulation, options)))); break;
    case 'markdown': out(asMarkdown(layoutOf(report))); break;
    case 'sarif': out(asSarif(report, new Positions(world), version())); break;
    case 'html': out(asPage(simulation, ninesIn(simulation, options), report.unread)); break;
    case 'table': out(asTable(layoutOf(report), isTerminal, columns)); break;
  }
  return failuresIn(report, options.failOn).length > 0 ? 1 : 0;
}

/** The steps from a fault to any component, be it a service or not. */
function explained(simulation: Simulation, { fault: id, component: asked }: { readonly fault: string; readonly component: string }): string {
  const fault = simulation.singleFaults.find(one => one.id === id);
  if (!fault) { throw new CommandError(`there is no fault ${id}; there are ${simulation.singleFaults.map(one => one.id).join(', ') || 'none'}`); }
  const component = simulation.components.find(({ key }) => key === asked);
  const verdict = component && simulation.under(fault.fault).get(component.key);
  if (!verdict) { throw new CommandError(`there is no component ${asked}; what users see is ${simulation.services.map(({ key }) => key).join(', ') || 'nothing'}`); }
  const steps = asSteps(verdict.chain);
  return `${printable(asked)} under ${printable(id)}: ${inWords(verdict)}${steps === '' ? '' : `\n${steps}`}`;
}

function version(): string {
  return (JSON.parse(fs.readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;
}
