import { knownFaults } from './known-faults';
import { Findings, measure } from './measure';
import { newFaults } from './new-faults';
// Who changes a net corrects `now`, in either direction; `firstRun` is history, and stays whatever the nets learn.
import record from './new-faults-score.json';
import { countCaught, table, verdictsOn } from './score';

/** Far more than it takes, for a machine that is busy. */
const TIMEOUT_MS = 5 * 60_000;

describe('the nets', () => {
  let known: readonly Findings[];
  let fresh: readonly Findings[];

  beforeAll(async () => {
    const findings = await measure([...knownFaults, ...newFaults]); // throws if a net refuses the stack without a fault
    known = findings.slice(0, knownFaults.length);
    fresh = findings.slice(knownFaults.length);
  }, TIMEOUT_MS);

  test.each(knownFaults.map((fault, i) => ({ ...fault, i })))('catch at synth or at deployment: $what', ({ i, ...fault }) => {
    const { synthReport, emulator } = verdictsOn(fault, known[i]);
    expect([synthReport, emulator]).toContain('caught');
  });

  test('catch of the new faults what they are on record to catch', () => {
    const now = Object.fromEntries(newFaults.map((fault, i) => [fault.id, verdictsOn(fault, fresh[i])]));
    expect(now).toEqual(record.now);
  });

  afterAll(() => {
    if (fresh === undefined) return;
    const now = newFaults.map((fault, i) => verdictsOn(fault, fresh[i]));
    process.stdout.write([
      table('known faults', knownFaults, known),
      table('new faults', newFaults, fresh),
      `new faults caught: ${countCaught(now)} (first run: ${countCaught(Object.values(record.firstRun))})`,
      '',
    ].join('\n\n'));
  });
});
