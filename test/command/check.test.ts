import '@microsoft/jest-sarif';
import { CommandFolder } from './command-folder';

const folder = new CommandFolder();

afterAll(() => folder.remove());

/** A group in one zone, and one in subnets that are given at deployment; what only warns of groups is in order. */
const template = folder.file('shop.yaml', `Parameters: {Subnets: {Type: String}}
Resources:
  A:
    Type: AWS::EC2::Subnet
    Properties: {AvailabilityZone: eu-west-1a}
  Fleet:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 2
      MaxSize: 4
      VPCZoneIdentifier: [!Ref A]
  Open:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: !Ref Subnets}
`);

const accepted = folder.file('accepted.yaml', '- {rule: ASG1, resource: shop/Fleet, reason: "a trial\u001b"}');

interface Checked {
  readonly rules: readonly { readonly id: string }[];
  readonly findings: readonly { readonly rule: string; readonly resource: string; readonly accepted?: string }[];
}

function findings(...args: string[]) {
  return (JSON.parse(folder.command('check', template, '--json', ...args).out) as Checked).findings.filter(({ rule }) => rule === 'ASG1');
}

describe('check', () => {
  test('says of each rule that is broken where, and the way out', () => {
    const { code, out } = folder.command('check', template);
    expect(code).toBe(1);
    expect(out).toContain([
      'error ASG1: An Auto Scaling group is in one zone',
      '  shop/Fleet.VPCZoneIdentifier: it stands in eu-west-1a alone',
      '  → Give it subnets of two zones at least.',
    ].join('\n'));
  });

  test('says so where no rule is broken', () => {
    const none = folder.file('none.yaml', 'Resources: {}');
    expect(folder.command('check', none)).toEqual({ code: 0, err: '', out: 'no rule is broken' });
    expect(folder.command('check', none, '--markdown').out).toBe('No rule is broken.');
  });

  test('says everything in JSON', () => {
    const { rules } = JSON.parse(folder.command('check', template, '--json').out) as Checked;
    expect(rules.find(({ id }) => id === 'ASG1')).toMatchObject({ title: 'An Auto Scaling group is in one zone', severity: 'error', sources: expect.any(Array) });
    expect(findings()).toEqual([{
      rule: 'ASG1',
      resource: 'shop/Fleet',
      type: 'AWS::AutoScaling::AutoScalingGroup',
      property: 'shop/Fleet.VPCZoneIdentifier',
      compliance: 'non-compliant',
      what: 'it stands in eu-west-1a alone',
    }]);
    expect(findings('--unknown').map(({ resource }) => resource)).toEqual(['shop/Fleet', 'shop/Open']);
    expect(findings('--parameter', 'Subnets=subnet-1', '--assume', 'subnet-1=eu-west-1b').map(({ resource }) => resource)).toEqual(['shop/Fleet', 'shop/Open']);
  });

  test('prints a table for a pull request', () => {
    expect(folder.command('check', template, '--markdown').out).toContain(
      '| ASG1 (error) | An Auto Scaling group is in one zone | shop/Fleet.VPCZoneIdentifier: it stands in eu-west-1a alone | Give it subnets of two zones at least. |');
  });

  test('prints SARIF that is valid, with the line', () => {
    const log = JSON.parse(folder.command('check', template, '--sarif', '--unknown', '--accept', accepted).out) as { runs: [{ results: { ruleId: string }[] }] };
    expect(log).toBeValidSarifLog();
    const results = log.runs[0].results.filter(({ ruleId }) => ruleId === 'ASG1');
    expect(results).toMatchObject([
      { level: 'error', locations: [{ physicalLocation: { region: { startLine: 11 } } }], suppressions: [{ justification: 'a trial\ufffd' }] },
      { level: 'note', locations: [{ physicalLocation: { region: { startLine: 14 } } }], suppressions: [] },
    ]);
  });

  test('fails on what it is told to, and not on what is accepted', () => {
    const code = (...args: string[]) => folder.command('check', template, ...args).code;
    expect([code('--fail-on', 'none'), code('--fail-on', 'error'), code('--fail-on', 'unknown'), code('--fail-on', 'unknown', '--unknown')]).toEqual([0, 1, 1, 1]);
    const errors = (JSON.parse(folder.command('check', template, '--json').out) as Checked).rules.filter(rule => 'severity' in rule && rule.severity === 'error');
    expect(errors).toHaveLength(1);
    expect(code('--accept', accepted)).toBe(0);
    expect(folder.command('check', template, '--accept', accepted).out).toContain('alone (accepted: a trial\ufffd)');
  });

  test.each([
    ['what is accepted of nothing', ['--accept', folder.file('no.yaml', '- {rule: ASG1, resource: shop/Flet, reason: r}')],
      'what is accepted of shop/Flet by ASG1 is found nowhere'],
    ['a page', ['--html'], '--html is for the simulation, not for check'],
    ['an explanation', ['--explain', 'a', 'b'], '--explain is for the simulation, not for check'],
    ['a baseline', ['--baseline', template], '--baseline is for the simulation, not for check'],
    ['a verdict', ['--fail-on', 'lost'], "--fail-on knows error, warning, unknown and none, not 'lost'"],
  ])('refuses %s', (_, args, message) => {
    expect(folder.command('check', template, ...args)).toEqual({ code: 2, out: '', err: `cdk-fault-tolerance: ${message}` });
  });

  test('alone knows what is not decided', () => {
    expect(folder.command(template, '--unknown').err).toBe('cdk-fault-tolerance: --unknown is for the command check');
  });
});
