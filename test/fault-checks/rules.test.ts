import { Case, casesOf, worldOf } from './cases';
import { findingsIn } from '../../src/fault-checks/checks';
import { RULES } from '../../src/fault-checks/pack';
import { Rule } from '../../src/fault-checks/rule';
import { parseTemplate } from '../../src/fault-simulation/template/read';
import { RawTemplate } from '../../src/fault-simulation/template/world';
import { Topology } from '../../src/fault-simulation/topology';

function judged(rule: Rule, { subject, parameters, resources }: Case): string {
  const world = worldOf(resources, parameters);
  const resource = world.resource(`Stack/${subject}`);
  if (!resource || !rule.types.includes(resource.type)) { throw new Error(`${rule.id} does not judge ${subject}`); }
  return rule.judge(resource, new Topology(world)).compliance;
}

describe.each(RULES.map(rule => [rule.id, rule] as const))('%s', (_, rule) => {
  const cases = casesOf(rule);

  test.each(cases.map(one => [one.about, one] as const))('%s', (__, one) => {
    expect(judged(rule, one)).toBe(one.expected);
  });

  test('has two cases of each kind at least, and a tricky one', () => {
    const count = (expected: string) => cases.filter(one => one.expected === expected).length;
    expect(count('compliant')).toBeGreaterThanOrEqual(2);
    expect(count('non-compliant')).toBeGreaterThanOrEqual(2);
    expect(cases.filter(({ about }) => about.startsWith('tricky: ')).length).toBeGreaterThanOrEqual(1);
  });

  test('finds its bad example, and nothing in its good one', () => {
    const found = (yaml: string) => findingsIn(worldOf(parseTemplate(yaml) as RawTemplate['Resources']), {}, [rule]).map(({ compliance }) => compliance);
    expect(found(rule.bad)).toEqual(['non-compliant']);
    expect(found(rule.good)).toEqual([]);
  });

  test('says whence it comes', () => {
    expect(rule.sources.length).toBeGreaterThan(0);
    rule.sources.forEach(source => expect(source).toMatch(/\d{4}/));
  });
});

describe('the pack', () => {
  test('has an id, and a title, for one rule alone', () => {
    for (const name of ['id', 'title'] as const) {
      const all = RULES.map(rule => rule[name]);
      expect(new Set(all).size).toBe(all.length);
    }
  });
});
