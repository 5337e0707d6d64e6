import { CommandError } from './options';
import { Finding, findingOf, worstFirst } from './words';
import { Simulation, Verdict } from '../fault-simulation/simulation';
import { NamedFault } from '../fault-simulation/single-faults';

/** A finding that is accepted, and why. */
export interface Accepted {
  readonly service: string;
  readonly fault: string;
  readonly reason: string;
}

/** The verdict on one service under one fault. */
export interface Row {
  readonly service: string;
  readonly type: string;
  readonly fault: NamedFault;
  readonly verdict: Verdict;
  /** Why it is accepted, if it is. */
  readonly accepted?: string;
}

/** What a simulation comes to, for all services and single faults. */
export interface Report {
  readonly services: readonly string[];
  readonly faults: readonly NamedFault[];
  readonly rows: readonly Row[];
  /** What becomes of components that are no services, as far as they are hit. */
  readonly others: readonly Row[];
  readonly unread: readonly string[];
  /** What is worse than in the baseline; undefined without one. */
  readonly worse?: readonly Worse[];
}

/** A verdict that is worse than it was; what is new was nothing. */
export interface Worse {
  readonly row: Row;
  readonly before?: Verdict;
}

/** The same report beside an earlier one. */
export function besides(report: Report, baseline: Report): Report {
  const earlier = new Map(baseline.rows.map(row => [`${row.fault.id} ${row.service}`, row.verdict]));
  const worse = report.rows.flatMap((row): Worse[] => {
    const before = earlier.get(`${row.fault.id} ${row.service}`);
    return (before ? worstFirst(row.verdict, before) < 0 : findingOf(row.verdict) !== undefined) ? [{ row, before }] : [];
  });
  return { ...report, worse };
}

/**
 * Simulates each single fault.
 *
 * @param progress called before each of them
 */
export function reportOf(simulation: Simulation, accepted: readonly Accepted[], progress?: (text: string) => void): Report {
  const faults = simulation.singleFaults;
  const services = new Set(simulation.services.map(({ key }) => key));
  const types = new Map(simulation.components.map(({ key, type }) => [key, type]));
  const all = faults.flatMap((fault, index) => {
    progress?.(`fault ${index + 1} of ${faults.length}`);
    const verdicts = simulation.under(fault.fault);
    const rowOf = ([key, verdict]: readonly [string, Verdict | undefined]): Row[] => verdict ? [{
      service: key, type: types.get(key) ?? '', fault, verdict, accepted: accepted.find(one => one.service === key && one.fault === fault.id)?.reason,
    }] : [];
    const hit = verdicts.affected.filter(([key]) => !services.has(key));
    return [...[...services].map(key => [key, verdicts.get(key)] as const), ...hit].flatMap(rowOf);
  });
  const strange = accepted.find(({ service, fault }) => !all.some(row => row.service === service && row.fault.id === fault));
  if (strange) { throw new CommandError(`what is accepted for ${strange.service} under ${strange.fault} is about nothing that is there`); }
  return {
    services: [...services],
    faults,
    rows: all.filter(({ service }) => services.has(service)),
    others: all.filter(({ service }) => !services.has(service)),
    unread: simulation.unread.map(({ where, why }) => `${where}: ${why}`),
  };
}

/** The rows of each service. */
export function byService({ services, rows }: Report): ReadonlyMap<string, readonly Row[]> {
  return grouped(rows, services);
}

/** The rows of each component, in the order of these keys and then as they come. */
export function grouped(rows: readonly Row[], keys: readonly string[] = []): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>(keys.map(key => [key, []]));
  for (const row of rows) {
    const list = found.get(row.service);
    if (list) { list.push(row); } else { found.set(row.service, [row]); }
  }
  return found;
}

/** What makes the command fail: findings of these kinds that are not accepted, and were not there before. */
export function failuresIn({ rows, worse }: Report, failOn: readonly Finding[]): readonly Row[] {
  return (worse ? worse.map(({ row }) => row) : rows).filter(({ verdict, accepted }) => {
    const finding = findingOf(verdict);
    return finding !== undefined && accepted === undefined && failOn.includes(finding);
  });
}
