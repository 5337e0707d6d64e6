import { findingsIn } from '../../src/fault-checks/checks';
import { World } from '../../src/fault-simulation/template/world';
import { corpus } from '../fault-simulation/corpus';

/** What is planted, and no rule says anything of. */
const NOT_SEEN: Readonly<Record<string, string>> = {
  'batch-in-one-subnet': 'there is no rule about Batch yet',
  'comma-list-of-zones': 'the lone instance serves nobody that is shown',
  'custom-resource-database': 'a custom resource cannot be read',
  'fsx-lustre-scratch': 'Lustre has no form over several zones',
  'size-by-parameter-without-value': 'whom the group serves is not shown',
  'third-party-cluster': 'a type of somebody else cannot be read',
  'way-out-through-a-transit-gateway': 'what lies behind the gateway is not in the template',
  'zone-by-dynamic-reference': 'the lone server serves nobody that is shown',
};

/** Errors in templates without a planted single point of failure, which are about something else. */
const BESIDE: Readonly<Record<string, string>> = {
  DDB1: 'nothing is said of going back in time',
  DOC2: 'backups are kept for a day by default',
  KIN1: 'a record that fails stops the stream, whatever stands',
  NET2: 'a NAT gateway is shared over zones, though nobody needs it',
  RDS5: 'backups are kept for a day by default',
};

/** The same, by case. */
const BY_CASE: Readonly<Record<string, string>> = {
  'cloudfront-origin-group': 'ASG1: the group in one zone has a bucket that answers in its place',
  'cloudfront-vpc-origin-with-a-second-origin': 'ASG1: likewise',
  'dns-alias-evaluates-target-health': 'ASG1: each site is in one zone, and the name moves to the other one',
  'nat-checked-by-a-function': 'LAM1: a function in each zone looks at the way out of that zone',
  'opensearch-two-zones-without-masters': 'OS1: it is down until a node is replaced',
};

const judged = corpus().map(({ name, planted, stacks, facts }) => ({ name, isPlanted: planted !== 'none', findings: findingsIn(new World(stacks), facts) }));

describe('on the corpus of the simulation, which was written before them and by others, the rules', () => {
  const planted = judged.filter(({ isPlanted }) => isPlanted);
  const clean = judged.filter(({ isPlanted }) => !isPlanted);

  test('say something of each single point of failure, but where they cannot', () => {
    expect(planted.filter(({ findings }) => findings.length === 0).map(({ name }) => name)).toEqual(Object.keys(NOT_SEEN));
  });

  test('call nothing an error in the others, but what is about something else', () => {
    const errors = clean.flatMap(({ name, findings }) => findings
      .filter(({ rule, compliance }) => rule.severity === 'error' && compliance === 'non-compliant' && !(rule.id in BESIDE)).map(() => name));
    expect([...new Set(errors)]).toEqual(Object.keys(BY_CASE));
  });

  afterAll(() => {
    const of = (is: (one: typeof judged[number]) => boolean) => `${planted.filter(is).length} of ${planted.length}`;
    const broken = ({ findings }: typeof judged[number], severity?: string) =>
      findings.some(({ rule, compliance }) => compliance === 'non-compliant' && (severity === undefined || rule.severity === severity));
    process.stdout.write(`rules on the corpus: an error in ${of(one => broken(one, 'error'))} that have a single point of failure planted, an error or a warning in `
      + `${of(one => broken(one))}, those or an unknown in ${of(({ findings }) => findings.length > 0)}\n`);
  });
});
