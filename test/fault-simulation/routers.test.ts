import { corpus } from './corpus';
import { Changeable, instanceOf, simulationOf, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';

type Change = (template: Changeable) => void;

/** A template of the corpus, to be changed. */
function caseOf(name: string): Changeable {
  const [input] = corpus().find(one => one.name === name)?.stacks ?? [];
  const template = structuredClone(input.template);
  return { ...input, template, resources: template.Resources as Changeable['resources'] };
}

const properties = ({ resources }: Changeable, id: string) => resources[id].Properties;

/** The statements of the role with which the neighbour of zone a works. */
function statements(template: Changeable): Record<string, unknown>[] {
  const [{ PolicyDocument: { Statement } }] = properties(template, 'NatBRole').Policies as [{ PolicyDocument: { Statement: Record<string, unknown>[] } }];
  return Statement;
}

const inText = (id: string, from: RegExp, to: string): Change => template => {
  const data = properties(template, id).LaunchTemplateData as { UserData: { 'Fn::Base64': { 'Fn::Sub': string } } };
  const text = data.UserData['Fn::Base64']['Fn::Sub'];
  expect(text).toMatch(from);
  data.UserData['Fn::Base64']['Fn::Sub'] = text.replaceAll(new RegExp(from, 'g'), () => to);
};

/** How long the fleet is without a part of its ways out. */
function secondsUnder(fault: Fault, template: Changeable, component = 'Fleet'): number {
  const verdict = simulationOf(template).under(fault).get(`${template.name}/${component}`);
  return verdict?.afterRecovery === 'unaffected' ? verdict.recoverySeconds ?? 0 : Infinity;
}

/** What starts the program. */
const START = /systemctl enable --now failover-agent\.service/;
const STANDING_IN = 'nat-instances-that-stand-in-three-zones';
const WITH_ADDRESS = 'nat-instances-that-stand-in-with-their-address';

describe('a NAT instance that is lost', () => {
  test('is stood in for as soon as the neighbour has asked it in vain as often as is configured', () => {
    const seconds = secondsUnder(instanceOf('NatA'), caseOf(STANDING_IN));
    expect(seconds).toBeCloseTo(3 * (0.5 + 0.4) + 2.5);
  });

  test('is stood in for sooner by one that asks more often', () => {
    const template = caseOf(STANDING_IN);
    for (const member of ['A', 'B', 'C']) {
      inText(`Nat${member}Template`, /"intervalSeconds": 0.5, "timeoutSeconds": 0.4/, '"intervalSeconds": 0.2, "timeoutSeconds": 0.2')(template);
    }
    expect(secondsUnder(instanceOf('NatA'), template)).toBeCloseTo(3 * (0.2 + 0.2) + 2.5);
  });

  test('is stood in for later by the one after the next, where the next is gone, too', () => {
    const both: Fault = { kind: 'pair', faults: [instanceOf('NatA'), instanceOf('NatB')] };
    expect(secondsUnder(both, caseOf(STANDING_IN))).toBeCloseTo(2 * 3 * (0.5 + 0.4) + 2.5);
  });

  test('takes longer where its address moves, too', () => {
    expect(secondsUnder(instanceOf('NatA'), caseOf(WITH_ADDRESS))).toBeCloseTo(3 * (0.5 + 0.4) + 5);
  });

  test('is said to be taken over, by whom and within which time', () => {
    const template = caseOf(STANDING_IN);
    const chain = simulationOf(template).under(instanceOf('NatA')).get('Stack/Fleet')?.chain ?? [];
    expect(chain.map(({ what }) => what)).toEqual([
      'Stack/NatA loses up to 1 of 1',
      'Stack/Fleet needs Stack/NatA',
      'Stack/NatB takes over the way out by Stack/RoutesA within about 6 s',
    ]);
    expect(chain[2].property).toBe('Stack/NatBTemplate.LaunchTemplateData.UserData');
  });

  test('is missed by nobody whose own zone is gone with it', () => {
    const verdict = simulationOf(caseOf(STANDING_IN)).under(zone(0)).get('Stack/Fleet');
    expect(verdict?.chain.map(({ what }) => what)).toEqual(['Stack/Fleet loses up to 1 of 3']);
  });

  test.each<[string, Change]>([
    ['the permission', template => { statements(template).splice(0, 1); }],
    ['the permission, by a statement about another call', template => { statements(template)[0].Action = 'ec2:CreateRoute'; }],
    ['the permission, by another table', template => { statements(template)[0].Resource = { 'Fn::Sub': 'arn:aws:ec2:*:*:route-table/${RoutesB}' }; }],
    ['the permission, by another Region', template => { statements(template)[0].Resource = 'arn:aws:ec2:eu-west-2:*:route-table/*'; }],
    ['the permission, by a statement that denies it', template => { statements(template).push({ Effect: 'Deny', Action: '*', Resource: '*' }); }],
    ['the permission, by a condition that is not read', template => { statements(template)[0].Condition = { StringEquals: { 'ec2:Vpc': 'vpc-1' } }; }],
    ['the permission to see where the route leads', template => { statements(template).splice(1, 1); }],
    ['the permission to see it, by a statement about one table', template => {
      statements(template)[1].Resource = { 'Fn::Sub': 'arn:aws:ec2:*:*:route-table/${RoutesA}' };
    }],
    ['the profile', template => { delete (properties(template, 'NatBTemplate').LaunchTemplateData as Record<string, unknown>).IamInstanceProfile; }],
    ['the start of the program', inText('NatBTemplate', START, 'true')],
    ['the order', inText('NatBTemplate', /"order": \["eu-west-1a", "eu-west-1b", "eu-west-1c"\]/, '"order": ["eu-west-1a"]')],
    ['the question', inText('NatBTemplate', /"peers": {"eu-west-1a"/, '"peers": {"eu-west-1d"')],
    ['the interface to which the route would lead', inText('NatBTemplate', /"eu-west-1b": "\${InterfaceB}"/, '"eu-west-1b": "${InterfaceC}"')],
    ['another destination', inText('NatBTemplate', /0.0.0.0\/0/, '10.9.0.0/16')],
    ['a configuration that the program takes', inText('NatBTemplate', /"failures": 3/, '"failures": 0')],
    ['a way out that it can try', inText('NatBTemplate', /"canaries": \[[^\]]*\]/, '"canaries": []')],
    ['a target for each member', inText('NatBTemplate', /"eu-west-1c": "[^"]*"/, '"eu-west-1d": "eni-1"')],
    ['what stands in the configuration', inText('NatBTemplate', /"objects"/, '"things"')],
    ['the interface that forwards', template => { properties(template, 'InterfaceB').SourceDestCheck = 'true'; }],
    ['what the security group lets in', template => { properties(template, 'NatSecurity').SecurityGroupIngress = [{ IpProtocol: '-1', CidrIp: '10.0.144.0/20' }]; }],
    ['any rule of the security group', template => { delete properties(template, 'NatSecurity').SecurityGroupIngress; }],
    ['the way of the neighbour to EC2', template => { properties(template, 'NatB').VPCZoneIdentifier = [{ Ref: 'PrivateB' }]; }],
  ])('is waited for without %s, where nobody comes after the neighbour', (_, change) => {
    const template = caseOf(STANDING_IN);
    inText('NatCTemplate', START, 'true')(template);
    expect(secondsUnder(instanceOf('NatA'), template)).toBeLessThan(10);
    change(template);
    expect(secondsUnder(instanceOf('NatA'), template)).toBeGreaterThanOrEqual(300);
  });

  test.each<[string, Change, number]>([
    ['does not run', inText('NatBTemplate', START, 'true'), 2 * 3 * (0.5 + 0.4) + 2.5],
    // the one after it sees that it is well, and waits for it
    ['runs, and may not', template => { statements(template).splice(0, 1); }, 2 * 3 * (0.5 + 0.4) + 2 * 5 + 2.5],
    ['runs, and is not told of it', inText('NatBTemplate', /0\.0\.0\.0\/0/, '10.9.0.0/16'), 2 * 3 * (0.5 + 0.4) + 2 * 5 + 2.5],
  ])('has another one after a neighbour that %s', (_, change, seconds) => {
    const template = caseOf(STANDING_IN);
    change(template);
    expect(secondsUnder(instanceOf('NatA'), template)).toBeCloseTo(seconds);
  });

  test.each<[string, Change]>([
    ['an asterisk', template => { statements(template)[0].Resource = '*'; }],
    ['the account as it is written down', template => { statements(template)[0].Resource = { 'Fn::Sub': 'arn:aws:ec2:eu-west-1:123456789012:route-table/${RoutesA}' }; }],
    ['all calls that begin so', template => { statements(template)[0].Action = ['ec2:Replace*']; }],
    ['a policy beside the role', template => {
      const [statement] = statements(template).splice(0, 1);
      template.resources.Beside = { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'NatBRole' }], PolicyDocument: { Statement: statement } } };
    }],
    ['a managed policy', template => {
      const [statement] = statements(template).splice(0, 1);
      template.resources.Managed = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: [statement] } } };
      properties(template, 'NatBRole').ManagedPolicyArns = [{ Ref: 'Managed' }];
    }],
  ])('is stood in for where the permission is given by %s', (_, change) => {
    const template = caseOf(STANDING_IN);
    change(template);
    expect(secondsUnder(instanceOf('NatA'), template)).toBeLessThan(10);
  });

  test.each<[string, Change]>([
    ['the permission to move it', template => { statements(template).pop(); }],
    ['the permission on its own interface', template => { (statements(template)[4].Resource as unknown[]).splice(2); }],
    ['a place for it', inText('NatBTemplate', /"eu-west-1b": {"interface": "\${InterfaceB}"/, '"eu-west-1b": {"interface": "${InterfaceA}"')],
  ])('keeps its address to itself without %s', (_, change) => {
    const template = caseOf(WITH_ADDRESS);
    change(template);
    expect(secondsUnder(instanceOf('NatA'), template, 'AddressA')).toBeGreaterThanOrEqual(300);
    expect(secondsUnder(instanceOf('NatA'), template)).toBeGreaterThanOrEqual(300);
  });
});

describe('a standby that is the only one left', () => {
  const billing = (template: Changeable) => {
    const verdict = simulationOf(template).under(zone(0)).get('Stack/Billing');
    return [verdict?.atOnce, verdict?.afterRecovery];
  };

  test.each<[string, Change]>([
    ['a policy that the templates do not show', template => { properties(template, 'NatBRole').ManagedPolicyArns = ['arn:aws:iam::aws:policy/AmazonEC2FullAccess']; }],
    ['a boundary that the templates do not show', template => { properties(template, 'NatBRole').PermissionsBoundary = 'arn:aws:iam::aws:policy/PowerUserAccess'; }],
    ['a statement about all but some calls', template => { statements(template).push({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }); }],
  ])('may take the way out over, or not, with %s', (_, change) => {
    const template = caseOf('nat-standby-that-may-not');
    change(template);
    expect(billing(template)).toEqual(['unknown', 'unknown']);
  });

  test('is no better off for what a policy of AWS lets every instance do', () => {
    const template = caseOf('nat-standby-that-may-not');
    properties(template, 'NatBRole').ManagedPolicyArns = ['arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'];
    expect(billing(template)).toEqual(['lost', 'lost']);
  });
});

describe('an interface that nobody in the template is shown to have', () => {
  const resources = (statement: unknown) => ({
    A: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: 'eu-west-1a' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: {} },
    Association: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: { Ref: 'A' }, RouteTableId: { Ref: 'Table' } } },
    Interface: { Type: 'AWS::EC2::NetworkInterface', Properties: { SubnetId: { Ref: 'A' } } },
    Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', NetworkInterfaceId: { Ref: 'Interface' } } },
    Role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement: [statement] } }] } },
    Profile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [{ Ref: 'Role' }] } },
    Configuration: { Type: 'AWS::AutoScaling::LaunchConfiguration', Properties: { IamInstanceProfile: { Ref: 'Profile' } } },
    Nat: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { MinSize: 1, LaunchConfigurationName: { Ref: 'Configuration' }, VPCZoneIdentifier: [{ Ref: 'A' }] } },
    It: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'A' }, UserData: { 'Fn::Base64': 'echo URL=https://api.example.net' } } },
  });
  const verdictWith = (statement: unknown) => {
    const verdict = simulationOf({ name: 'Stack', region: 'eu-west-1', template: { Resources: resources(statement) } }).under(instanceOf('Nat')).get('Stack/It');
    return [verdict?.atOnce, verdict?.afterRecovery];
  };

  test('may be that of a group whose role lets it attach any', () => {
    expect(verdictWith({ Effect: 'Allow', Action: 'ec2:AttachNetworkInterface', Resource: '*' })).toEqual(['unknown', 'unknown']);
  });

  test('is that of the group in its zone whose role names it', () => {
    expect(verdictWith({ Effect: 'Allow', Action: 'ec2:AttachNetworkInterface', Resource: { 'Fn::Sub': 'arn:aws:ec2:eu-west-1:*:network-interface/${Interface}' } }))
      .toEqual(['interrupted', 'unaffected']);
  });

  test('is not that of a group that may attach none', () => {
    expect(verdictWith({ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*' })).toEqual(['unaffected', 'unaffected']);
  });
});
