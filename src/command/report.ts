import { Accepted } from './inputs';
import { CommandError, Finding, FINDINGS } from './options';
import { Simulation, Verdict } from '../fault-simulation/simulation';
import { NamedFault } from '../fault-simulation/single-faults';

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

export function reportOf(simulation: Simulation, accepted: readonly Accepted[]): Report {
  const faults = simulation.singleFaults;
  const rows = faults.flatMap(fault => {
    const verdicts = simulation.under(fault.fault);
    return simulation.services.flatMap(({ key, type }): Row[] => {
      const verdict = verdicts.get(key);
      const reason = accepted.find(one => one.service === key && one.fault === fault.id)?.reason;
      return verdict ? [{ service: key, type, fault, verdict, accepted: reason }] : [];
    });
  });
  const strange = accepted.find(({ service, fault }) => !rows.some(row => row.service === service && row.fault.id === fault));
  if (strange) { throw new CommandError(`what is accepted for ${strange.service} under ${strange.fault} is about nothing that is there`); }
  return {
    services: simulation.services.map(({ key }) => key),
    faults,
    rows,
    unread: simulation.unread.map(({ where, why }) => `${where}: ${why}`),
  };
}

/** What a verdict counts as; undefined if it is no finding. */
export function findingOf({ atOnce }: Verdict): Finding | undefined {
  return FINDINGS.find(finding => finding === atOnce);
}

/** What makes the command fail: findings of these kinds that are not accepted, and were not there before. */
export function failuresIn({ rows, worse }: Report, failOn: readonly Finding[]): readonly Row[] {
  return (worse ? worse.map(({ row }) => row) : rows).filter(({ verdict, accepted }) => {
    const finding = findingOf(verdict);
    return finding !== undefined && accepted === undefined && failOn.includes(finding);
  });
}

/** In a few words: what it is at once, and after how long what. */
export function inWords({ atOnce, afterRecovery, capacityLeft, recoverySeconds }: Verdict): string {
  const then = recoverySeconds === undefined ? '' : `, ${afterRecovery === 'unaffected' ? 'back' : 'then a part'} in ${time(recoverySeconds)}`;
  if (atOnce === 'unaffected') { return 'stands'; }
  if (atOnce === 'degraded') { return `${Math.floor((capacityLeft ?? 0) * 100)} % left${then}`; }
  return atOnce === 'interrupted' ? `down${then}` : atOnce;
}

function time(seconds: number): string {
  return seconds < 120 ? `${Math.ceil(seconds)} s` : seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

/** The worst of these verdicts first. */
export function worstFirst(one: Verdict, other: Verdict): number {
  const order: readonly string[] = ['lost', 'unknown', 'interrupted', 'degraded', 'unaffected', 'absent'];
  const rank = ({ atOnce, capacityLeft }: Verdict) => order.indexOf(atOnce) + (capacityLeft ?? 0) / 2;
  return rank(one) - rank(other);
}
