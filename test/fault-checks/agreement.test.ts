import { Case, casesOf, worldOf } from './cases';
import { RULES } from '../../src/fault-checks/pack';
import { zoneFault } from '../../src/fault-simulation/faults';
import { Simulation } from '../../src/fault-simulation/simulation';

/** Rules that say of a resource what the simulation says of it without a zone. */
const SAID_BY_BOTH = new Set([
  'API1', 'ASG1', 'DOC1', 'EC1', 'ECS1', 'EFS1', 'FSX1', 'GA1', 'LAM1', 'LB1', 'LB8', 'MDB1', 'MQ1', 'MSK1', 'NET12', 'OS1', 'RDS1', 'RDS2', 'RDS9', 'RS1', 'TSI1',
]);

/** The others, and why they say something else than that their resource is gone with a zone. */
const SAID_BY_RULES_ALONE: Readonly<Record<string, readonly string[]>> = {
  'what uses the resource is lost, not the resource': [
    'DNS1', 'DNS2', 'DNS3', 'DNS4', 'DNS5', 'DNS6', 'CF1', 'EC2-4', 'EFS2', 'LB2', 'LB3', 'LB4', 'LB9', 'NET1', 'NET2', 'NET3', 'NET4', 'NET5', 'NET6', 'NET8',
    'NET10', 'RDS4',
  ],
  'it is about how much is left, how soon it is back, or a deployment': [
    'APP1', 'ASG2', 'ASG3', 'ASG4', 'ASG5', 'ASG6', 'ASG7', 'ASG8', 'ASG9', 'ASG10', 'ASG11', 'ASG12', 'CF2', 'DDB2', 'EC2-2', 'EC2-3', 'EC2c', 'EC3', 'ECS2', 'ECS3',
    'EKS1', 'LB5', 'LB6', 'LB10', 'NET13', 'RDS3', 'RDS8', 'SQS6', 'SQS7',
  ],
  'a lone machine that serves nobody is lost as well': ['EC2-1'],
  'it is about what is kept, and what may be deleted': [
    'BK1', 'DDB1', 'DLM1', 'DOC2', 'EBS1', 'EBS2', 'EC4', 'EFS3', 'KMS1', 'LB7', 'RDS5', 'RDS6', 'RDS7', 'S3-1',
  ],
  'it is about work that fails on what stands': ['EVT1', 'KIN1', 'LAM2', 'SFN1', 'SNS1', 'SQS1', 'SQS2', 'SQS3', 'SQS4', 'SQS5', 'SQS8'],
  'it is about who notices': ['OBS1', 'OBS2', 'OBS3', 'OBS4', 'OBS5'],
  'the other end of the line is in no template': ['NET9', 'NET11'],
  'the simulation does not read the type': ['DAX1', 'DMS1', 'NET7', 'OSS1', 'REC1'],
};

test('each rule is among those that the simulation has to agree with, or there is a reason', () => {
  expect([...SAID_BY_BOTH, ...Object.values(SAID_BY_RULES_ALONE).flat()].sort()).toEqual(RULES.map(({ id }) => id).sort());
});

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
