import * as fs from 'fs';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { CommandFolder } from './command-folder';
import { run } from '../../src/command/main';
import { Progress } from '../../src/command/progress';
import { env, zonesContext } from '../helpers/network';

const inputs = new CommandFolder();
const folder = inputs.path;
const file = inputs.file.bind(inputs);
const command = inputs.command.bind(inputs);

afterAll(() => inputs.remove());

/** A balancer over two zones, and a fleet in as many of them as asked for. */
function site(zones: number) {
  const subnet = (zone: string) => ({ Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: `eu-west-1${zone}` } });
  return {
    Parameters: { Size: { Type: 'Number', Default: 2 } },
    Resources: {
      A: subnet('a'),
      B: subnet('b'),
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Subnets: [{ Ref: 'A' }, { Ref: 'B' }] } },
      Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: {} },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: { LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }] },
      },
      Fleet: {
        Type: 'AWS::AutoScaling::AutoScalingGroup',
        Properties: {
          MinSize: { Ref: 'Size' }, MaxSize: 4, VPCZoneIdentifier: [{ Ref: 'A' }, { Ref: 'B' }].slice(0, zones), TargetGroupARNs: [{ Ref: 'Targets' }],
        },
      },
    },
  };
}

describe('the command', () => {
  const good = file('good.json', site(2));
  const bad = file('bad.json', site(1));

  test('prints services by faults, what decides, and ends with 0 where nothing is lost', () => {
    expect(command(good)).toEqual({
      code: 0,
      err: '',
      out: [
        'service        zone:eu-west-1a           zone:eu-west-1b           any instance',
        'good/Balancer  50 % left, back in 5 min  50 % left, back in 5 min  50 % left, back in 5 min',
      ].join('\n'),
    });
    const { code, out } = command(bad);
    expect(code).toBe(1);
    expect(out).toBe([
      'service       zone:eu-west-1a  zone:eu-west-1b  any instance',
      'bad/Balancer  lost             stands           50 % left, back in 5 min',
      '',
      '* bad/Balancer is lost under zone:eu-west-1a: bad/Fleet loses up to 2 of 2 (bad/Fleet.VPCZoneIdentifier; what would change it: subnets of two or more zones)',
    ].join('\n'));
  });

  test('reads a cloud assembly, and the zones of subnets that CDK looked up', () => {
    const app = new App({ outdir: path.join(folder, 'cdk.out'), context: zonesContext });
    const stack = new Stack(app, 'Shop', { env });
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0 });
    new elb.NetworkLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
    new autoscaling.CfnAutoScalingGroup(stack, 'Fleet', { minSize: '1', maxSize: '1', vpcZoneIdentifier: ['subnet-1'] });
    app.synth();
    const context = file('cdk.context.json', { 'vpc-provider:x': { subnetGroups: [{ subnets: [{ subnetId: 'subnet-1', availabilityZone: 'eu-west-1c' }] }] } });
    expect(JSON.parse(command(path.join(folder, 'cdk.out'), '--json').out).faults).not.toContain('zone:eu-west-1c');
    expect(JSON.parse(command(path.join(folder, 'cdk.out'), '--json', '--context', context).out).faults).toContain('zone:eu-west-1c');
  });

  test('takes parameters, the zones of subnets and needs from the command line', () => {
    expect(command(good, '--parameter', 'Size=4', '--need', 'Fleet=3', '--json').out).toContain('"meetsNeed": false');
    expect(command(good, '--parameter', 'Size=4', '--need', 'good/Fleet=2', '--json').out).toContain('"meetsNeed": true');
    const foreign = site(2);
    Object.assign(foreign.Resources.Fleet.Properties, { VPCZoneIdentifier: ['subnet-1'] });
    const imported = file('imported.json', foreign);
    expect(command(imported).out).toMatch(/^imported\/Balancer {2}unknown/m);
    expect(command(imported, '--assume', 'subnet-1=eu-west-1b').out).toMatch(/^imported\/Balancer {2}stands +lost/m);
  });

  test('explains a verdict, wherever the two words stand', () => {
    const explained = [
      'bad/Balancer under zone:eu-west-1a: lost',
      '* bad/Fleet loses up to 2 of 2',
      '    read from bad/Fleet.VPCZoneIdentifier',
      '    what would change it: subnets of two or more zones',
      '* bad/Balancer needs bad/Fleet',
      '    read from bad/Fleet.TargetGroupARNs',
    ].join('\n');
    expect(command('--explain', 'zone:eu-west-1a', 'bad/Balancer', bad)).toEqual({ code: 0, err: '', out: explained });
    expect(command(bad, '--explain', 'zone:eu-west-1a', 'bad/Balancer').out).toBe(explained);
    expect(command(bad, '--explain', 'zone:eu-west-1a', 'bad/Fleet').out.split('\n')).toEqual([
      'bad/Fleet under zone:eu-west-1a: lost', ...explained.split('\n').slice(1, 4),
    ]);
  });

  test('says everything in JSON', () => {
    const { components, ...others } = JSON.parse(command(bad, '--json').out) as { components: { id: string; isService: boolean; faults: { fault: string }[] }[] };
    expect(components.slice(1).map(({ id, isService, faults }) => [id, isService, faults.map(({ fault }) => fault)])).toEqual([
      ['bad/Fleet', false, ['zone:eu-west-1a', 'instance:bad/Fleet']],
      ['bad/Targets', false, ['zone:eu-west-1a', 'instance:bad/Fleet']],
    ]);
    expect({ ...others, components: components.slice(0, 1) }).toMatchObject({
      version: 1,
      faults: ['zone:eu-west-1a', 'zone:eu-west-1b', 'instance:bad/Fleet'],
      components: [{
        id: 'bad/Balancer',
        type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
        faults: [
          { fault: 'zone:eu-west-1a', verdict: 'lost', afterRecovery: 'lost', chain: [{ property: 'bad/Fleet.VPCZoneIdentifier', certain: true }, {}] },
          { fault: 'zone:eu-west-1b', verdict: 'unaffected', chain: [] },
          { fault: 'instance:bad/Fleet', verdict: 'degraded', afterRecovery: 'unaffected', capacityLeft: 0.5, recoverySeconds: 300 },
        ],
      }],
      unread: [],
    });
  });

  test('fails on what it is told to', () => {
    const codes = (...args: string[]) => ['none', 'lost', 'interrupted', 'lost,interrupted'].map(kinds => command(...args, '--fail-on', kinds).code);
    expect(codes(bad)).toEqual([0, 1, 0, 1]);
    expect(codes(good, '--parameter', 'Size=1')).toEqual([0, 0, 1, 1]);
  });

  describe('in nines', () => {
    test('says how available a service is, what costs most, and what that rests on', () => {
      const { code, out } = command(bad, '--nines', '--region', 'eu-west-1');
      expect(code).toBe(0);
      expect(out.split('\n')[0]).toBe('service       availability  nines  down in a year  from     to       simulated  ceiling  costs most');
      expect(out.split('\n')[1]).toMatch(/^bad\/Balancer +\d\d\.\d+ % +\d\.?\d? +[\d.]+ h .* zone:eu-west-1a: 48 min$/);
      expect(out).toContain('* 4 h until a human has repaired what does not come back by itself');
      expect(command(bad, '--nines', '--markdown').out).toMatch(/^\| service \| availability /);
    });

    test('goes by the rates and the time that are given', () => {
      const most = (...args: string[]) => /(\S+: \S+ \S+)$/.exec(command(bad, '--nines', ...args).out.split('\n')[1])?.[1];
      expect(most('--rate', 'zone=0.4')).toBe('zone:eu-west-1a: 1.6 h');
      expect(most('--repair', '8')).toBe('zone:eu-west-1a: 1.6 h');
      const { availability } = JSON.parse(command(bad, '--json', '--rate', 'zone=1').out) as { availability: { id: string; costs: { fault: string; secondsPerYear: number }[] }[] };
      expect(availability).toMatchObject([{ id: 'bad/Balancer', costs: expect.arrayContaining([{ fault: 'zone:eu-west-1a', secondsPerYear: 14400 }]) }]);
    });
  });

  test('accepts a finding with its reason', () => {
    const accepted = file('accepted.yaml', '- {service: bad/Balancer, fault: "zone:eu-west-1a", reason: a trial}');
    const { code, out } = command(bad, '--accept', accepted);
    expect(code).toBe(0);
    expect(out).toContain('* bad/Balancer is lost under zone:eu-west-1a: accepted: a trial');
  });

  describe('beside a baseline', () => {
    fs.mkdirSync(path.join(folder, 'before'));
    const before = file(path.join('before', 'bad.json'), site(2));

    test('fails on what is worse, and on nothing else', () => {
      const { code, out } = command(bad, '--baseline', before);
      expect(code).toBe(1);
      expect(out).toContain([
        'worse than in the baseline:',
        "  bad/Balancer turns from '50 % left, back in 5 min' to lost under zone:eu-west-1a",
      ].join('\n'));
      expect(JSON.parse(command(bad, '--baseline', before, '--json').out).worse)
        .toEqual([{ id: 'bad/Balancer', fault: 'zone:eu-west-1a', before: 'degraded', verdict: 'lost' }]);
      expect(command(bad, '--baseline', before, '--markdown').out).toContain('* bad/Balancer turns from');
    });

    test('passes what was lost before', () => {
      expect(command(bad, '--baseline', bad)).toMatchObject({ code: 0, out: expect.stringContaining('\nnothing is worse than in the baseline') });
      expect(command(bad, '--baseline', good)).toMatchObject({
        code: 1, out: expect.stringContaining('bad/Balancer is new, and lost under zone:eu-west-1a'),
      });
    });
  });

  test('lists what it could not read', () => {
    const strange = site(2);
    Object.assign(strange.Resources, { One: { Type: 'Vendor::A::B' }, Two: { Type: 'Vendor::A::B' } });
    expect(command(file('strange.json', strange)).out).toContain('\n\nnot read:\n  Vendor::A::B is not read (2 times)');
  });

  test('says so where no service is in the templates', () => {
    expect(command(file('empty.json', { Resources: {} })).out).toMatch(/^no service of the application is in these templates/);
  });

  describe('takes names for data', () => {
    const hostile = site(1) as unknown as { Resources: Record<string, object> };
    hostile.Resources['Fleet|<b>\u001b[2J'] = hostile.Resources.Fleet;
    delete hostile.Resources.Fleet;
    const template = file('hostile.json', hostile);

    test('in a terminal', () => {
      const { out } = command(template);
      expect(out).toContain('Fleet|<b>\ufffd[2J');
      expect(out).not.toContain('\u001b');
    });

    test('in JSON, which a terminal shows, too', () => {
      const odd = file('odd.json', { Resources: { 'x\u009b31m': { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: 'eu-west-1a' } } } });
      const { out } = command(odd, '--json');
      expect(out).not.toContain('\u009b');
      expect((JSON.parse(out) as { components: { id: string }[] }).components[0].id).toBe('odd/x\u009b31m');
    });

    test('in Markdown', () => {
      const { out } = command(template, '--markdown');
      expect(out.split('\n').slice(0, 2)).toEqual(['| service | zone:eu-west-1a | zone:eu-west-1b | any instance |', '|---|---|---|---|']);
      expect(out).toContain('Fleet\\|\\<b\\>\ufffd\\[2J');
    });

    test('also where it is none', () => {
      expect(command(file('none.json', { Resources: { A: null, B: { Type: 5 }, C: { Type: 'AWS::EC2::Instance', Properties: 'x' } } })).code).toBe(0);
      expect(command(file('conditions.yaml', 'Conditions:\nResources: {}')).code).toBe(0);
    });

    test('of properties of every object too', () => {
      const text = '{"Resources": {"__proto__": {"Type": "AWS::EC2::Volume", "Properties": {"AvailabilityZone": "eu-west-1a"}}, "constructor": {"Type": "A::B::C"}}}';
      expect(command(file('prototype.json', text)).code).toBe(0);
    });
  });

  test('colours for a terminal only', () => {
    const out: string[] = [];
    run([bad], { out: text => out.push(text), err: () => undefined, isTerminal: true });
    expect(out[0]).toContain('\u001b[31mlost');
  });

  test('helps', () => {
    expect(command('--help')).toMatchObject({ code: 0, out: expect.stringContaining('Usage: cdk-fault-tolerance') });
    expect(command('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  describe('is through in no time with', () => {
    const server = (text: string) => ({ Resources: { Server: { Type: 'AWS::EC2::Instance', Properties: { UserData: { 'Fn::Base64': text } } } } });
    const doubling = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`O${index}`, {
      Value: { 'Fn::Join': ['', [{ 'Fn::ImportValue': `E${index + 1}` }, { 'Fn::ImportValue': `E${index + 1}` }, 'x']] }, Export: { Name: `E${index}` },
    }]));
    test.each<[string, object]>([
      ['a name without an end', server('a.'.repeat(2 ** 19))],
      ['a word without an end', server('a'.repeat(2 ** 20))],
      ['a URL without a host', server('http://'.repeat(2 ** 17))],
      ['options without an end', server(`aws ${'--a b '.repeat(2 ** 17)}`)],
      ['commands that are options of each other', server('aws --a '.repeat(2 ** 17))],
      ['a composition that is never up', server('docker compose '.repeat(2 ** 16))],
      ['a service that is never enabled', server(`"queueUrl" ${'systemctl '.repeat(2 ** 16)}`)],
      ['braces that nobody closes', server(`"members" ${'{'.repeat(2 ** 19)}"objects"`)],
      ['a reference without an end', { Resources: { Server: { Type: 'AWS::EC2::Instance', Properties: { UserData: '{{resolve:'.repeat(2 ** 16) } } } }],
      ['a substitution without an end', { Resources: { Server: { Type: 'AWS::EC2::Instance', Properties: { UserData: { 'Fn::Sub': '${'.repeat(2 ** 19) } } } } }],
      ['a path without an end', { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: '/x'.repeat(2 ** 19) } } } }],
      ['exports that double each other', {
        ...server(''),
        Outputs: doubling,
        Resources: {
          Server: { Type: 'AWS::EC2::Instance', Properties: { UserData: { 'Fn::ImportValue': 'E0' } } },
        },
      }],
    ])('%s', (name, template) => {
      const input = file(`${name.replace(/ /g, '-')}.json`, template);
      const start = Date.now();
      expect(command(input).code).toBe(0);
      // takes tenths of a second, and minutes where the time goes with the square of the length
      expect(Date.now() - start).toBeLessThan(10_000);
    });
  });

  test('waits no longer for a line of progress than it has to, and takes it away', () => {
    const written: string[] = [];
    let now = 0;
    const progress = new Progress(text => written.push(text), () => now);
    [500, 1000, 1050, 1100].forEach(time => { now = time; progress.at(`at ${time}`); });
    progress.end();
    expect(written).toEqual(['\rat 1000\u001b[K', '\rat 1100\u001b[K', '\r\u001b[K']);
    new Progress(text => written.push(text)).end();
    expect(written).toHaveLength(3);
  });

  test('is a list where the terminal is narrower than the table', () => {
    const out: string[] = [];
    const print = (columns: number) => run([good], { out: text => out.push(text), err: text => out.push(text), isTerminal: false, columns });
    print(95);
    print(40);
    expect(out[0]).toMatch(/^service +zone/);
    expect(out[1].split('\n').slice(0, 2)).toEqual(['good/Balancer', '  zone:eu-west-1a: 50 % left, back in 5 min']);
  });

  describe('says in one line what is wrong, and ends with 2:', () => {
    const withoutPermission = () => {
      // whoever runs the tests may be allowed to read everything
      jest.spyOn(jest.requireActual<typeof fs>('fs'), 'statSync').mockImplementationOnce(() => { throw new Error(`EACCES: permission denied, stat '${folder}'`); });
    };
    const missing = path.join(folder, 'missing.json');
    const bomb = ['a: &a [x, x]', ...'bcdefghij'.split('').map((name, index) => `${name}: &${name} [*${'abcdefghij'[index]}, *${'abcdefghij'[index]}, *${'abcdefghij'[index]}]`)].join('\n');
    test.each<[string, () => string[], string | RegExp]>([
      ['nothing to read', () => [], 'name a cloud assembly, or templates; --help says more'],
      ['an unknown option', () => [good, '--colour'], "Unknown option '--colour'; --help says what there is"],
      ['two formats', () => [good, '--json', '--markdown'], '--json and --markdown exclude each other'],
      ['a file that is not there', () => [missing], `there is no file or folder ${missing}`],
      ['a folder without an assembly', () => [folder], `there is no cloud assembly in '${folder}': it has no manifest.json; run 'cdk synth' first`],
      ['broken JSON', () => [file('broken.json', '{')], /^.*broken\.json cannot be read: .*JSON/],
      ['broken YAML', () => [file('broken.yaml', 'a: [')], /^.*broken\.yaml cannot be read: /],
      ['an alias bomb', () => [file('bomb.yaml', bomb)], /^.*bomb\.yaml cannot be read: .*alias/],
      ['what is no template', () => [file('none.yaml', 'a: 1')], `${path.join(folder, 'none.yaml')} is no template: it has no Resources`],
      ['a list of resources', () => [file('list.json', { Resources: [] })], /list\.json is no template: it has no Resources$/],
      ['a text', () => [file('text.yaml', 'hello')], /^.*text\.yaml cannot be read: it is no template/],
      ['a file that is too large', () => [file('large.json', ' '.repeat(11 * 2 ** 20))], /large\.json cannot be read: it has 11 MiB, and a template has 1 at most$/],
      ['a template that is nested too deep', () => [file('deep.json', `{"Resources": {"A": {"Type": "A::B::C", "Properties": ${'{"A":'.repeat(5000)}1${'}'.repeat(5000)}}}}`)],
        /deep\.json cannot be read: it is nested more than 200 levels deep$/],
      ['YAML that is nested too deep', () => [file('deep.yaml', `Resources: ${'['.repeat(20_000)}`)], /deep\.yaml cannot be read: /],
      ['conditions that need each other', () => [file('cycle.yaml', 'Conditions: {A: !Not [!Condition B], B: !And [!Condition C, !Condition C], C: {Condition: A}}\nResources: {}')],
        /cycle\.yaml: the condition A needs itself: A → B → C → A$/],
      ['an assembly without stacks', () => { fs.mkdirSync(path.join(folder, 'none')); file('none/manifest.json', { artifacts: {} }); return [path.join(folder, 'none')]; },
        `there is no stack in ${path.join(folder, 'none')}`],
      ['an assembly whose template is missing', () => {
        fs.mkdirSync(path.join(folder, 'half'));
        file('half/manifest.json', { artifacts: { A: { type: 'aws:cloudformation:stack', properties: { templateFile: 'A.template.json' } } } });
        return [path.join(folder, 'half')];
      }, /half\/A\.template\.json cannot be read: ENOENT/],
      ['a nested template that is missing from an assembly', () => {
        const hash = 'a'.repeat(64);
        file('Root.assets.json', { files: { [hash]: { source: { path: 'inner.nested.template.json' } } } });
        return [file('Root.template.json', { Resources: { Inner: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://bucket/${hash}.json` } } } })];
      }, /inner\.nested\.template\.json cannot be read: ENOENT/],
      ['a folder without permission', () => { withoutPermission(); return [folder]; }, /EACCES: permission denied/],
      ['two stacks of one name', () => [good, good], 'two stacks are named good, so that their resources cannot be told apart; simulate them one by one'],
      ['a parameter that is none', () => [good, '--parameter', 'Sise=1'], '--parameter Sise: no template has such a parameter'],
      ['a parameter without a value', () => [good, '--parameter', 'Size'], "--parameter takes NAME=VALUE, not 'Size'"],
      ['the zone of a subnet that nobody names', () => [good, '--assume', 'subnet-9=eu-west-1a'], '--assume subnet-9: no template names it'],
      ['a zone that is none', () => [good, '--assume', 'A=Ireland'],
        "--assume A=Ireland: 'Ireland' is not the name of an availability zone; give one such as eu-west-1a"],
      ['a need of nobody', () => [good, '--need', 'Flett=1'], '--need Flett: no resource has that id'],
      ['half a need', () => [good, '--need', 'Fleet=1.5'], '--need Fleet=1.5: give a whole number of 1 or more'],
      ['a rate of nothing', () => [good, '--nines', '--rate', 'moon=1'], "no fault of kind 'moon' has a rate; give one of zone, region, instance, primary-host, nat, volume"],
      ['a rate that is none', () => [good, '--nines', '--rate', 'zone=often'], "--rate zone takes a number, not 'often'"],
      ['a time that is none', () => [good, '--nines', '--repair', '0'], 'the time to repair is 0 s; give one above 0'],
      ['an unknown finding', () => [good, '--fail-on', 'sad'], "--fail-on knows lost, interrupted, unknown and none, not 'sad'"],
      ['an unknown service', () => [good, '--explain', 'zone:eu-west-1a', 'X'], 'there is no component X; what users see is good/Balancer'],
      ['an unknown fault', () => [good, '--explain', 'zone:z', 'good/Balancer'], /^there is no fault zone:z; there are zone:eu-west-1a, /],
      ['half an explanation', () => ['--explain', 'zone:z'], '--explain takes a fault and a component'],
      ['an acceptance without a reason', () => [good, '--accept', file('a.yaml', '- {service: s, fault: f}')], /a\.yaml: item 1 has no reason$/],
      ['an acceptance of nothing', () => [good, '--accept', file('b.yaml', '- {service: s, fault: f, reason: r}')],
        'what is accepted for s under f is about nothing that is there'],
      ['acceptances that are no list', () => [good, '--accept', file('c.yaml', 'a: 1')], /c\.yaml is no list$/],
      ['a context that is not there', () => [good, '--context', missing], `ENOENT: no such file or directory, open '${missing}'`],
    ])('%s', (_, args, message) => {
      const { code, out, err } = command(...args());
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err.split('\n')).toHaveLength(1);
      const text = err.replace(/^cdk-fault-tolerance: /, '');
      if (typeof message === 'string') { expect(text).toBe(message); } else { expect(text).toMatch(message); }
    });
  });
});
