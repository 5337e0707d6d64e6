import * as fc from 'fast-check';
import { layoutOf } from '../../src/command/layout';
import { pageDataOf } from '../../src/command/page-data';
import { Positions } from '../../src/command/positions';
import { asJson, asMarkdown, asTable } from '../../src/command/render';
import { reportOf } from '../../src/command/report';
import { asSarif } from '../../src/command/sarif';
import { findingsIn } from '../../src/fault-checks/checks';
import { Simulation } from '../../src/fault-simulation/simulation';
import { StackInput, World } from '../../src/fault-simulation/template/world';
import { corpus } from '../fault-simulation/corpus';

const cases = corpus();
const RUNS = Number(process.env.FUZZ_RUNS ?? 300);

/** What nobody writes, in the place of what somebody wrote. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 1e99, '', 'x', '\u0000', '{{resolve:x}}', 'dummy1a', [], {}, [[]], [null], { Ref: 'Nobody' }, { Ref: 'AWS::NoValue' }, { Ref: 5 }),
  fc.constantFrom<unknown>(...['GetAtt', 'If', 'Sub', 'Join', 'Split', 'Select', 'FindInMap', 'ImportValue', 'GetAZs', 'Cidr', 'Base64', 'ForEach::A']
    .flatMap(name => [null, 5, 'x', '${', '${a.b}', [], ['x'], ['x', 'y', 'z'], {}, [{ Ref: 'AWS::NoValue' }, [null]]].map(value => ({ [`Fn::${name}`]: value })))),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Puts a value where the steps lead; each picks a child by a number. */
function put(target: unknown, steps: readonly number[], value: unknown): unknown {
  if (steps.length === 0 || typeof target !== 'object' || target === null) { return value; }
  const names = Object.keys(target);
  if (names.length === 0) { return value; }
  const [step, ...others] = steps;
  const name = names[step % names.length];
  const changed = put((target as Record<string, unknown>)[name], others, value);
  return Array.isArray(target) ? target.map((item: unknown, index) => String(index) === name ? changed : item) : { ...target, [name]: changed };
}

describe('whatever stands in a template, the command', () => {
  test('neither fails nor hangs', () => {
    const change = fc.tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 9 }), strange);
    fc.assert(fc.property(fc.nat(), fc.array(change, { minLength: 1, maxLength: 5 }), (which, changes) => {
      const { stacks, facts } = cases[which % cases.length];
      const mutants = stacks.map((stack): StackInput => {
        const template = changes.reduce((changed, [steps, value]) => put(changed, steps, value), stack.template as unknown);
        return { ...stack, template: typeof template === 'object' && template !== null ? template : {} };
      });
      const world = new World(mutants);
      const simulation = new Simulation(world, facts);
      const report = reportOf(simulation, []);
      [asJson(report), asMarkdown(layoutOf(report)), asTable(layoutOf(report), true), asSarif(report, new Positions(world), '0.0.0')]
        .forEach(text => expect(typeof text).toBe('string'));
      expect(pageDataOf(simulation, []).faults.length).toBeGreaterThanOrEqual(report.faults.length);
      expect(findingsIn(world, facts).every(({ what }) => what !== '')).toBe(true);
    }), { numRuns: RUNS, seed: process.env.FUZZ_SEED === undefined ? 20261121 : Number(process.env.FUZZ_SEED) });
  });
});
