import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, IPolicyValidationPlugin, NestedStack, PolicyValidationPluginReport, Stack, Validations } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { FragileShop } from '../../demo/fragile-shop';
import { FaultChecksPlugin, FaultChecksPluginProps } from '../../src';
import { FaultToleranceChecks } from '../../src/fault-checks/nag';
import { CommandFolder } from '../command/command-folder';
import { env, zonesContext } from '../helpers/network';

const commands = new CommandFolder();

afterAll(() => commands.remove());

/** A group in one zone, beside one whose subnets are given at deployment. */
function groups(scope: Construct, id: string): autoscaling.CfnAutoScalingGroup {
  const subnet = new ec2.CfnSubnet(scope, `${id}Subnet`, { vpcId: 'vpc-1', cidrBlock: '10.0.0.0/24', availabilityZone: 'eu-west-1a' });
  const group = (name: string, vpcZoneIdentifier: string[]) => new autoscaling.CfnAutoScalingGroup(scope, name, {
    minSize: '2', maxSize: '4', vpcZoneIdentifier, launchTemplate: { launchTemplateId: 'lt-1', version: '1' },
  });
  group(`${id}Open`, ['subnet-1', 'subnet-2']);
  return group(id, [subnet.ref]);
}

/** Two stacks, one with another in it. */
function shop(app: App) {
  const stack = new Stack(app, 'Shop', { env });
  const group = groups(stack, 'Fleet');
  groups(new NestedStack(stack, 'Inner'), 'Nested');
  groups(new Stack(app, 'Back', { env }), 'Workers');
  return { stack, group };
}

interface Reported {
  readonly failed: boolean;
  readonly report?: PolicyValidationPluginReport;
}

/** What the synthesis says with a plugin. */
function synthesized(plugin: IPolicyValidationPlugin, fill: (app: App) => void): Reported {
  const app = new App({ outdir: fs.mkdtempSync(path.join(os.tmpdir(), 'checks-')), context: zonesContext });
  let report: PolicyValidationPluginReport | undefined;
  const { name } = plugin;
  Validations.of(app).addPlugins({ name, validate: context => report = plugin.validate(context) });
  fill(app);
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    app.synth();
    return { failed: false, report };
  } catch {
    return { failed: true, report };
  } finally {
    said.mockRestore();
    fs.rmSync(app.outdir, { recursive: true });
  }
}

const plugin = (props?: FaultChecksPluginProps) => new FaultChecksPlugin(props);
/** The rule and the construct of each finding of ASG1, which alone is what the fixture is about. */
function found({ report }: Reported, prefix = ''): string[] {
  return (report?.violations ?? []).filter(({ ruleName }) => ruleName.startsWith(`${prefix}ASG1`))
    .flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName.slice(prefix.length)} ${constructPath}`)).sort();
}

const EVERY_GROUP = ['ASG1 Back/Workers', 'ASG1 Shop/Fleet', 'ASG1 Shop/Inner/Nested'];

describe('FaultChecksPlugin', () => {
  test('ends the synthesis with each finding at its construct, nested or not', () => {
    const outcome = synthesized(plugin(), shop);
    expect(outcome.failed).toBe(true);
    expect(found(outcome)).toEqual(EVERY_GROUP);
    expect(outcome.report?.violations.find(({ ruleName }) => ruleName === 'ASG1')).toMatchObject({
      description: expect.stringMatching(/^An Auto Scaling group is in one zone\. With its zone goes/),
      severity: 'error',
      fix: 'Give it subnets of two zones at least.',
      violatingResources: expect.arrayContaining([expect.objectContaining({ locations: ['Shop/Fleet.VPCZoneIdentifier: it stands in eu-west-1a alone'] })]),
    });
  });

  test('says on request what is not decided, as a warning, until it is said', () => {
    const unknown = found(synthesized(plugin({ reportUnknown: true }), shop)).filter(one => one.startsWith('ASG1-unknown'));
    expect(unknown).toEqual(['ASG1-unknown Back/WorkersOpen', 'ASG1-unknown Shop/FleetOpen', 'ASG1-unknown Shop/Inner/NestedOpen']);
    const subnetZones = { 'subnet-1': 'eu-west-1a', 'subnet-2': 'eu-west-1b' };
    expect(found(synthesized(plugin({ reportUnknown: true, subnetZones }), shop))).toEqual(EVERY_GROUP);
    expect(found(synthesized(plugin({ subnetZones: { ...subnetZones, 'subnet-2': 'eu-west-1a' } }), shop))).toContain('ASG1 Shop/FleetOpen');
  });

  test('fails on warnings only when told to', () => {
    const open = (app: App) => {
      new autoscaling.CfnAutoScalingGroup(new Stack(app, 'Shop', { env }), 'Fleet', { minSize: '2', maxSize: '4', vpcZoneIdentifier: ['subnet-1', 'subnet-2'] });
    };
    const severities = ({ report }: Reported) => new Set(report?.violations.map(({ severity }) => severity));
    const lenient = synthesized(plugin({ reportUnknown: true }), open);
    expect(severities(lenient)).toEqual(new Set(['warning']));
    expect(lenient.failed).toBe(false);
    expect(synthesized(plugin({ reportUnknown: true, failOnWarnings: true }), open).failed).toBe(true);
  });

  test('passes what is acknowledged, at the construct or above it, by the id of the rule', () => {
    const acknowledging = (ids: readonly string[]) => (app: App) => {
      const { stack, group } = shop(app);
      Validations.of(group).acknowledge(...ids.map(id => ({ id: `FaultTolerance::${id}`, reason: 'a trial' })));
      Validations.of(stack).acknowledge({ id: 'FaultTolerance::ASG1', reason: 'a trial' });
      Validations.of(app.node.findChild('Back')).acknowledge({ id: 'FaultTolerance::ASG1', reason: 'a trial' });
    };
    const others = (synthesized(plugin(), shop).report?.violations ?? []).filter(({ severity, ruleName }) => severity === 'error' && ruleName !== 'ASG1');
    expect(others).toEqual([]);
    expect(synthesized(plugin(), acknowledging(['ASG1'])).failed).toBe(false);
  });
});

describe('the pack for cdk-nag', () => {
  test('finds the same', () => {
    const outcome = synthesized(new FaultToleranceChecks(), shop);
    expect(outcome.failed).toBe(true);
    expect(found(outcome, 'FaultTolerance-')).toEqual(EVERY_GROUP);
  });

  test('finds the same in a tree that is not synthesized', () => {
    const app = new App({ context: zonesContext });
    shop(app);
    expect(found({ failed: false, report: new FaultToleranceChecks(app).validateScope(app) }, 'FaultTolerance-')).toEqual(EVERY_GROUP);
  });

  test('judges a part of a tree beside the rest of it', () => {
    const app = new App({ context: zonesContext });
    const { group } = shop(app);
    expect(found({ failed: false, report: new FaultToleranceChecks().validateScope(group) }, 'FaultTolerance-')).toEqual(['ASG1 Shop/Fleet']);
  });

  test('takes an acknowledgement as cdk-nag does', () => {
    const outcome = synthesized(new FaultToleranceChecks(), app => {
      const { group } = shop(app);
      Validations.of(group).acknowledge({ id: 'FaultTolerance-ASG1', reason: 'a trial' });
    });
    expect(found(outcome, 'FaultTolerance-')).toEqual(EVERY_GROUP.filter(one => one !== 'ASG1 Shop/Fleet'));
  });

  test.each([
    ['is missing', () => { throw new Error("Cannot find module 'cdk-nag'"); }, /^cdk-fault-tolerance\/nag takes cdk-nag 3; run: npm install cdk-nag@3 \(Cannot find module/],
    ['is of version 2', () => ({ NagPack: class {} }), /^cdk-fault-tolerance\/nag takes cdk-nag 3; .* what is installed is older$/],
  ])('says so where cdk-nag %s', (_, nag, message) => {
    jest.isolateModules(() => {
      jest.doMock('cdk-nag', nag);
      expect(() => jest.requireActual<object>('../../src/fault-checks/nag')).toThrow(message);
      jest.dontMock('cdk-nag');
    });
  });
});

test('all three find the same in a fragile site', () => {
  const build = (app: App) => { new FragileShop(app, 'Shop', { env }); };
  const violations = (one: IPolicyValidationPlugin) => synthesized(one, build).report?.violations ?? [];
  const byPlugin = violations(plugin());
  const byNag = violations(new FaultToleranceChecks()).flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => `${ruleName.replace('FaultTolerance-', '')} ${constructPath}`));
  const app = new App({ outdir: path.join(commands.path, 'fragile'), context: zonesContext });
  build(app);
  app.synth();
  const { findings } = JSON.parse(commands.command('check', app.outdir, '--json').out) as { findings: { rule: string; resource: string }[] };
  const paths = byPlugin.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`));
  const ids = byPlugin.flatMap(({ ruleName, violatingResources }) => violatingResources.map(({ resourceLogicalId }) => `${ruleName} Shop/${resourceLogicalId}`));
  expect(paths.length).toBeGreaterThan(4);
  expect(byNag.sort()).toEqual(paths.sort());
  expect(findings.map(({ rule, resource }) => `${rule} ${resource}`).sort()).toEqual(ids.sort());
});

describe('the command', () => {
  test('finds the same, with what is not decided on request', () => {
    const app = new App({ outdir: path.join(commands.path, 'cdk.out'), context: zonesContext });
    shop(app);
    app.synth();
    const { code, out } = commands.command('check', app.outdir, '--json');
    const { findings } = JSON.parse(out) as { findings: { rule: string; resource: string }[] };
    expect(code).toBe(1);
    const nested = /NestedStack\w+/;
    expect(findings.filter(({ rule }) => rule === 'ASG1').map(({ rule, resource }) => `${rule} ${resource.replace(nested, '')}`.replace('/InnerNested', '/Inner/Nested')).length)
      .toBe(EVERY_GROUP.length);
    expect(commands.command('check', app.outdir, '--unknown').out).toContain('Shop/FleetOpen.VPCZoneIdentifier: not decided: ');
  });
});
