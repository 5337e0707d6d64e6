import { byService, Report, Row, Worse } from './report';
import { findingOf, inWords, worstFirst } from './words';
import { NamedFault } from '../fault-simulation/single-faults';

/** A column of the table: a zone, or all faults of a kind, of which the worst is shown. */
interface Column {
  readonly title: string;
  readonly faults: ReadonlySet<NamedFault>;
}

/** A table in words, and what is to be said of it. */
export interface Layout {
  readonly titles: readonly string[];
  readonly lines: readonly (readonly string[])[];
  /** Each thing that goes down, with the reason, what decides, and what would change it. */
  readonly reasons: readonly string[];
  /** What is worse than in the baseline; undefined without one. */
  readonly worse?: readonly string[];
  readonly unread: readonly string[];
}

const KINDS: Readonly<Record<string, string>> = { 'instance': 'any instance', 'primary-host': "any store's host", 'nat': 'any NAT gateway' };

/** Services by zones and kinds of faults. */
export function layoutOf(report: Report): Layout {
  const columns = columnsOf(report.faults);
  const lines = [...byService(report)].map(([service, rows]) => [service, ...columns.map(({ faults }) => {
    const [worst] = rows.filter(({ fault }) => faults.has(fault)).sort((a, b) => worstFirst(a.verdict, b.verdict));
    return worst ? inWords(worst.verdict) : '–';
  })]);
  return {
    titles: ['service', ...columns.map(({ title }) => title)],
    lines,
    reasons: reasonsIn(report.rows),
    worse: report.worse?.map(change),
    unread: unreadTypes(report.unread),
  };
}

function change({ row: { service, fault, verdict }, before }: Worse): string {
  const now = `${inWords(verdict)} under ${fault.id}`;
  return before ? `${service} turns from '${inWords(before)}' to ${now}` : `${service} is new, and ${now}`;
}

function columnsOf(faults: readonly NamedFault[]): readonly Column[] {
  const zones = faults.filter(({ kind }) => kind === 'zone').map((fault): Column => ({ title: fault.id, faults: new Set([fault]) }));
  const kinds = Object.entries(KINDS).map(([kind, title]): Column => ({ title, faults: new Set(faults.filter(fault => fault.kind === kind)) }));
  return [...zones, ...kinds.filter(column => column.faults.size > 0)];
}

function reasonsIn(rows: readonly Row[]): string[] {
  const causes = new Map<string, string[]>();
  for (const { service, fault, verdict, accepted } of rows) {
    if (!findingOf(verdict)) { continue; }
    const [cause] = verdict.chain;
    const decides = cause?.property === undefined ? '' : ` (${cause.property}${cause.remedy === undefined ? '' : `; what would change it: ${cause.remedy}`})`;
    const reason = accepted === undefined ? `${cause?.what ?? 'it is not decided'}${decides}` : `accepted: ${accepted}`;
    const about = `${service} is ${inWords(verdict)} under ${fault.id}`;
    causes.set(reason, [...causes.get(reason) ?? [], about]);
  }
  return [...causes].map(([reason, [first, ...others]]) => `${first}${others.length > 0 ? ` (and ${others.length} more)` : ''}: ${reason}`);
}

/** By type, with how many there are of it. */
function unreadTypes(unread: readonly string[]): string[] {
  const counts = new Map<string, number>();
  unread.forEach(one => {
    const why = one.slice(one.indexOf(': ') + 2);
    counts.set(why, (counts.get(why) ?? 0) + 1);
  });
  return [...counts].map(([why, count]) => count > 1 ? `${why} (${count} times)` : why);
}
