import { Case, casesOf, worldOf } from './cases';
import { RULES } from '../../src/fault-checks/pack';
import { zoneFault } from '../../src/fault-simulation/faults';
import { Simulation } from '../../src/fault-simulation/simulation';

/** Rules that say of a resource what the simulation says of it without one of its zones. */
const SAID_BY_BOTH = new Set(['ASG1', 'LB1', 'RDS1', 'RDS2', 'RDS9', 'DOC1', 'EC1', 'MDB1', 'EFS1', 'FSX1', 'OS1', 'MQ1', 'RS1', 'TSI1', 'LAM1']);

/** The worst that becomes of the subject of a case. */
function worstOf({ subject, parameters, resources }: Case): string {
  const simulation = new Simulation(worldOf(resources, parameters));
  const verdicts = [0, 1, 2].map(index => simulation.under(zoneFault('eu-west-1', index)).get(`Stack/${subject}`)?.atOnce);
  return ['lost', 'interrupted', 'unknown', 'degraded'].find(standing => verdicts.some(one => one === standing)) ?? 'unaffected';
}

/** Cases in which they are about different things. */
const APART: Readonly<Record<string, string>> = {
  'tricky: a group in each zone, all in one target group': 'the simulation says it of this group, the rule of all of them',
};

describe.each(RULES.filter(({ id }) => SAID_BY_BOTH.has(id)).map(rule => [rule.id, rule] as const))('%s and the simulation', (_, rule) => {
  test.each(casesOf(rule).map(one => [one.about, one] as const))('%s', (__, one) => {
    const worst = worstOf(one);
    if (one.expected === 'non-compliant') { expect(['lost', 'interrupted', 'unknown']).toContain(worst); }
    if (one.expected === 'compliant' && !(one.about in APART)) { expect(worst).not.toBe('lost'); }
  });
});
