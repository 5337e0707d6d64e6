import { Judgement } from '../../src/fault-checks/rule';
import { bestOf, judgeBackups, judgeLeast, judgeSwitch, valueAt } from '../../src/fault-checks/settings';
import { worstOf } from '../../src/fault-checks/worst';
import { Unknown, Value } from '../../src/fault-simulation/template/value';
import { Resource } from '../../src/fault-simulation/template/world';

const oneOf = (...among: Value[]) => new Unknown('parameter Size has no value', 'Size', { among });
const said = (judgement: Judgement) => 'what' in judgement ? `${judgement.compliance}: ${judgement.what}` : judgement.compliance;

describe('a setting that is given at deployment', () => {
  test.each<[string, Value[], string]>([
    ['all that it may be are fine', ['true', true], 'compliant'],
    ['none of them is', ['false', 'FALSE'], 'non-compliant: it is off'],
    ['one of them is', ['true', 'false'], 'unknown: parameter Size has no value'],
    ['nobody knows what it may be', [], 'unknown: parameter Size has no value'],
  ])('is judged where %s', (_, among, expected) => {
    expect(said(judgeSwitch(oneOf(...among), 'On', 'it is off'))).toBe(expected);
  });

  test('is named by the most that it may be', () => {
    expect(said(judgeLeast(oneOf(1, '2', 0), 3, 1, 'Nodes', count => `it has ${count} nodes`))).toBe('non-compliant: it has 2 nodes');
  });

  test('leaves open what stands below it', () => {
    const open = oneOf();
    expect(valueAt({ Policy: open }, 'Policy', 'Status')).toBe(open);
    expect(valueAt({ Policy: { Status: null } }, 'Policy', 'Status')).toBeUndefined();
  });
});

test('what cannot be read is said by its name', () => {
  expect(said(judgeSwitch(['true'], 'On', 'it is off'))).toBe('unknown: On cannot be read');
});

test.each<[Value | undefined, string]>([
  [0, 'non-compliant: it has no backups'],
  [undefined, 'non-compliant: it can be brought back to the state of 1 day ago at most'],
  ['6', 'non-compliant: it can be brought back to the state of 6 days ago at most'],
  [7, 'compliant'],
])('backups of %p days', (days, expected) => {
  const properties = days === undefined ? {} : { BackupRetentionPeriod: days };
  expect(said(judgeBackups({ properties } as Partial<Resource> as Resource))).toBe(expected);
});

test('of several things the worst counts, or the best', () => {
  const [fine, open, bad] = (['compliant', 'unknown', 'non-compliant'] as const).map((compliance): Judgement => ({ compliance, what: compliance }));
  expect([[fine, open, bad], [fine, open], []].map(all => worstOf(all).compliance)).toEqual(['non-compliant', 'unknown', 'not-applicable']);
  expect([bestOf([bad, open, fine]), bestOf([bad, open]), bestOf([bad])]).toEqual([fine, open, bad]);
});
