import { Case, corpus, digestOf, Expectation } from './corpus';
import { Simulation, Verdict } from '../../src/fault-simulation/simulation';
import { World } from '../../src/fault-simulation/template/world';

interface Judged {
  readonly one: Case;
  readonly expected: Expectation;
  readonly verdict?: Verdict;
}

/** From the worst to the best that a verdict can say. */
const RANK: readonly string[] = ['lost', 'interrupted', 'degraded', 'unaffected'];

const cases = corpus();
const judged: Judged[] = cases.flatMap(one => {
  const simulation = new Simulation(new World(one.stacks), one.facts);
  return one.expected.map(expected => ({ one, expected, verdict: simulation.under(one.faultOf(expected.fault)).get(one.keyOf(expected.component)) }));
});

/** Said to be better than it is, at once or after recovery, or to stand where the template does not decide: the worst defect that there can be. */
function isBetterThanReality({ expected, verdict }: Judged): boolean {
  const better = (phase: 'atOnce' | 'afterRecovery') => {
    const said = RANK.indexOf(verdict?.[phase] ?? '');
    return expected[phase] === 'unknown' ? said > 0 : RANK.includes(expected[phase]) && said > RANK.indexOf(expected[phase]);
  };
  return better('atOnce') || better('afterRecovery');
}

function sayTheSame({ expected, verdict }: Judged): boolean {
  const within = ([from, to]: readonly [number, number], value?: number) => value !== undefined && value >= from && value <= to;
  return verdict?.atOnce === expected.atOnce && verdict.afterRecovery === expected.afterRecovery
    && (expected.capacityLeft === undefined || Math.abs((verdict.capacityLeft ?? -1) - expected.capacityLeft) < 0.01)
    && (expected.recoverySeconds === undefined || within(expected.recoverySeconds, verdict.recoverySeconds))
    && (expected.data === undefined || verdict.data === expected.data)
    && (expected.messages === undefined || verdict.messages?.end === expected.messages);
}

/** Whether something is taken for good, which is what a single point of failure does. */
const isLoss = ({ atOnce }: { atOnce: string }) => atOnce === 'lost' || atOnce === 'interrupted';

describe('on the corpus, which was written before it and by somebody else, the simulation', () => {
  test('never says that something stands better than it does', () => {
    expect(judged.filter(isBetterThanReality).map(({ one, expected }) => [one.name, expected])).toEqual([]);
  });

  test('finds what goes down, and calls nothing else so', () => {
    const found = judged.filter(({ expected, verdict }) => isLoss(expected) && verdict && isLoss(verdict)).length;
    const recall = found / judged.filter(({ expected }) => isLoss(expected)).length;
    const precision = found / judged.filter(({ verdict }) => verdict && isLoss(verdict)).length;
    expect(recall).toBeGreaterThanOrEqual(0.95);
    expect(precision).toBeGreaterThanOrEqual(0.95);
  });

  test('says that it does not know only where the template does not decide', () => {
    const needless = judged.filter(({ expected, verdict }) => verdict?.atOnce === 'unknown' && expected.atOnce !== 'unknown').length;
    expect(needless / judged.length).toBeLessThanOrEqual(0.1);
  });

  test.each(cases.map(one => [one.name, one] as const))('%s', (_, one) => {
    const wrong = judged.filter(candidate => candidate.one === one && !sayTheSame(candidate));
    expect(wrong.map(({ expected, verdict }) => ({ expected, verdict }))).toEqual([]);
  });

  test('is judged by the first expectations, or by what an AWS document says instead', () => {
    // a new case is recorded in first-expectations.json
    expect(cases.filter(({ changed, changedBy }) => changed && !changedBy).map(({ name, expected }) => [name, digestOf(expected)])).toEqual([]);
  });

  afterAll(() => {
    const of = (is: (one: Judged) => boolean, all = judged) => `${all.filter(is).length} of ${all.length}`;
    const goesDown = judged.filter(({ expected }) => isLoss(expected));
    const saidDown = judged.filter(({ verdict }) => verdict && isLoss(verdict));
    process.stdout.write(`corpus: ${cases.length} cases, ${of(sayTheSame)} verdicts as expected\n`
      + `  better than reality: ${of(isBetterThanReality)}\n`
      + `  recall: ${of(({ verdict }) => verdict !== undefined && isLoss(verdict), goesDown)}; precision: ${of(({ expected }) => isLoss(expected), saidDown)}\n`
      + `  unknown: ${of(({ verdict }) => verdict?.atOnce === 'unknown')}, needless: ${of(({ expected, verdict }) => verdict?.atOnce === 'unknown' && expected.atOnce !== 'unknown')}\n`
      + `  cases whose expectations were changed: ${cases.filter(({ changed }) => changed).length}\n`);
  });
});
