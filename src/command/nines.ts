import { CommandError, Options } from './options';
import { escaped, printable } from './render';
import { assumptionsWith, Availability, availabilityOf } from '../availability/availability';
import { downtimeOf, inPercent, inWords, ninesOf } from '../availability/words';
import { Simulation } from '../fault-simulation/simulation';
import { messageOf } from '../fault-simulation/template/read';

/** The availability of each service, by the rates and the time to repair that the command line gives. */
export function ninesIn(simulation: Simulation, { rates, repairSeconds }: Options): readonly Availability[] {
  try {
    return availabilityOf(simulation, assumptionsWith(rates, repairSeconds));
  } catch (error) {
    throw new CommandError(messageOf(error));
  }
}

export const TITLES = ['service', 'availability', 'nines', 'down in a year', 'from', 'to', 'simulated', 'ceiling', 'costs most'] as const;

/** What is said of a service, in the order of the titles. */
export function cellsOf({ service, expected, lower, upper, simulated, ceiling, costs }: Availability): string[] {
  const [most] = costs;
  return [
    service, inPercent(expected), String(ninesOf(expected)), inWords(downtimeOf(expected)), inPercent(lower), inPercent(upper),
    inPercent(simulated), inPercent(ceiling), most ? `${most.fault}: ${inWords(most.secondsPerYear)}` : '–',
  ];
}

/** What the figures rest on, each said once. */
export function assumptionsOf(all: readonly Availability[]): readonly string[] {
  return [...new Set(all.flatMap(({ assumptions }) => assumptions))];
}

export function ninesAsTable(all: readonly Availability[]): string {
  const lines = [[...TITLES], ...all.map(cellsOf)].map(line => line.map(printable));
  const widths = TITLES.map((_, column) => Math.max(...lines.map(line => line[column].length)));
  return [
    ...lines.map(line => line.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()),
    '', ...assumptionsOf(all).map(one => `* ${printable(one)}`),
  ].join('\n');
}

export function ninesAsMarkdown(all: readonly Availability[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [
    row(TITLES), `|${TITLES.map(() => '---').join('|')}|`, ...all.map(one => row(cellsOf(one))),
    '', ...assumptionsOf(all).map(one => `* ${escaped(one)}`),
  ].join('\n');
}

/** For programs, as `availability[]`. */
export function ninesAsJson(all: readonly Availability[]): readonly object[] {
  return all.map(({ service, expected, lower, upper, simulated, ceiling, costs, assumptions }) =>
    ({ id: service, expected, lower, upper, simulated, ceiling, costs, assumptions }));
}
