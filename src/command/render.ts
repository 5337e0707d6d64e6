import { Layout } from './layout';
import { byService, grouped, Report, Row } from './report';
import { NO_SERVICES } from './wordings';
import { Link } from '../fault-simulation/chain';

/** Names come out of templates: nothing in them may steer a terminal. */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

/** For a terminal: columns as wide as their longest cell, or, where it is not wide enough for them, a list. */
export function asTable({ titles, lines, reasons, worse, unread }: Layout, coloured: boolean, columns = Infinity): string {
  const [head, ...body] = [titles, ...lines].map(line => line.map(printable));
  const widths = head.map((_, column) => Math.max(...[head, ...body].map(line => line[column].length)));
  const painted = (line: readonly string[], paints: boolean) =>
    line.map((cell, column) => paint(cell.padEnd(widths[column]), paints && column > 0)).join('  ').trimEnd();
  const isTooWide = widths.reduce((sum, width) => sum + width + 2, -2) > columns;
  const rows = isTooWide ? body.flatMap(([service, ...cells]) => [service, ...cells.map((cell, index) => `  ${head[index + 1]}: ${paint(cell, coloured)}`)])
    : [painted(head, false), ...body.map(line => painted(line, coloured))];
  return [
    ...lines.length === 0 ? [NO_SERVICES]
      : rows,
    ...reasons.length > 0 ? ['', ...reasons.map(reason => `* ${printable(reason)}`)] : [],
    ...worse ? ['', worse.length > 0 ? 'worse than in the baseline:' : 'nothing is worse than in the baseline', ...worse.map(one => `  ${printable(one)}`)] : [],
    ...unread.length > 0 ? ['', 'not read:', ...unread.map(one => `  ${printable(one)}`)] : [],
  ].join('\n');
}

const COLOURS: readonly (readonly [RegExp, number])[] = [[/^lost/, 31], [/^(unknown|down)/, 33], [/left/, 36], [/^stands/, 32]];

function paint(cell: string, coloured: boolean): string {
  const colour = coloured ? COLOURS.find(([pattern]) => pattern.test(cell))?.[1] : undefined;
  return colour === undefined ? cell : `\u001b[${colour}m${cell}\u001b[0m`;
}

/** For a pull request. */
export function asMarkdown({ titles, lines, reasons, worse, unread }: Layout): string {
  const row = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [
    row(titles), `|${titles.map(() => '---').join('|')}|`, ...lines.map(row),
    ...reasons.length > 0 ? ['', ...reasons.map(reason => `* ${escaped(reason)}`)] : [],
    ...worse ? ['', worse.length > 0 ? 'Worse than in the baseline:' : 'Nothing is worse than in the baseline.', '', ...worse.map(one => `* ${escaped(one)}`)] : [],
    ...unread.length > 0 ? ['', 'Not read:', '', ...unread.map(one => `* ${escaped(one)}`)] : [],
  ].join('\n');
}

/** For Markdown. */
export function escaped(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>|#!~]/g, character => `\\${character}`);
}

/** The same JSON, in which nothing steers a terminal. */
export function inAscii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** For programs; docs/command.md has the schema. */
export function asJson(report: Report, availability: readonly object[]): string {
  const { faults, others, worse, unread } = report;
  const componentOf = (isService: boolean) => ([id, rows]: readonly [string, readonly Row[]]) => ({
    id,
    type: rows[0]?.type,
    isService,
    faults: rows.map(({ fault, verdict, accepted }) => ({
      fault: fault.id,
      verdict: verdict.atOnce,
      afterRecovery: verdict.afterRecovery,
      capacityLeft: verdict.capacityLeft,
      recoverySeconds: verdict.recoverySeconds,
      dataAtRisk: verdict.data,
      meetsNeed: verdict.need?.met,
      messages: verdict.messages,
      accepted,
      chain: verdict.chain.map(({ what, ...link }) => ({ description: what, ...link })),
    })),
  });
  const components = [...[...byService(report)].map(componentOf(true)), ...[...grouped(others)].map(componentOf(false))];
  const changes = worse?.map(({ row: { service, fault, verdict }, before }) =>
    ({ id: service, fault: fault.id, before: before?.atOnce, verdict: verdict.atOnce }));
  return inAscii(JSON.stringify({ version: 1, faults: faults.map(({ id }) => id), components, availability, worse: changes, unread }, undefined, 2));
}

/** The steps from a fault on. */
export function asSteps(chain: readonly Link[]): string {
  return chain.map(({ what, property, remedy, certain }) => [
    `* ${what}`,
    ...property === undefined ? [] : [`    ${certain ? 'read from' : 'inferred from'} ${property}`],
    ...remedy === undefined ? [] : [`    what would change it: ${remedy}`],
  ].map(printable).join('\n')).join('\n');
}
