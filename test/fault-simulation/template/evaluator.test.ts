import { Evaluator } from '../../../src/fault-simulation/template/evaluator';
import { parseTemplate } from '../../../src/fault-simulation/template/read';
import { Reference, Text, Unknown, Zone } from '../../../src/fault-simulation/template/value';
import { RawTemplate, StackInput, World } from '../../../src/fault-simulation/template/world';

/** A value, evaluated in a stack in eu-west-1. */
function valueOf(value: unknown, template: RawTemplate = {}, stack: Partial<StackInput> = {}) {
  const input: StackInput = { name: 'Shop', region: 'eu-west-1', template, ...stack };
  return new Evaluator(new Map([[input.name, input]])).evaluate(input.name, value as never);
}

const parameters = (values: Record<string, object>): RawTemplate => ({ Parameters: values });
const bucket = { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } };

describe('a value of a template', () => {
  test.each<[string, unknown, unknown]>([
    ['the Region', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['a text with a Region in it', { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.s3' }, 'com.amazonaws.eu-west-1.s3'],
    ['a text that only looks like it', { 'Fn::Sub': 'echo ${!HOME}' }, 'echo ${HOME}'],
    ['a text with a value of its own', { 'Fn::Sub': ['${Name}!', { Name: 'shop' }] }, 'shop!'],
    ['a joined list', { 'Fn::Join': ['-', ['a', 'b']] }, 'a-b'],
    ['one of a split text', { 'Fn::Select': [1, { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    ['a zone by its index', { 'Fn::Select': ['1', { 'Fn::GetAZs': '' }] }, new Zone('eu-west-1', 1)],
    ['all zones', { 'Fn::GetAZs': 'eu-west-1' }, [0, 1, 2].map(index => new Zone('eu-west-1', index))],
    ['user data', { 'Fn::Base64': 'echo' }, 'echo'],
    ['a list with nothing in it', [{ Ref: 'AWS::NoValue' }, 'a'], ['a']],
    ['an object with nothing in it', { MultiAZ: { Ref: 'AWS::NoValue' } }, {}],
  ])('is read: %s', (_, value, expected) => {
    expect(valueOf(value)).toEqual(expected);
  });

  test('keeps a resource that is made at deployment as a reference, alone and within a text', () => {
    expect(valueOf({ Ref: 'Bucket' }, bucket)).toEqual(new Reference('Shop/Bucket', 'Ref'));
    expect(valueOf({ 'Fn::GetAtt': 'Bucket.Arn' }, bucket)).toEqual(new Reference('Shop/Bucket', 'Arn'));
    expect(valueOf({ 'Fn::Sub': '${Bucket.Arn}/*' }, bucket)).toEqual(new Text([new Reference('Shop/Bucket', 'Arn'), '/*']));
  });

  test('gives back the parts of a joined list of references', () => {
    const joined = { 'Fn::Join': [',', [{ Ref: 'Bucket' }, { Ref: 'Bucket' }]] };
    expect(valueOf({ 'Fn::Split': [',', joined] }, bucket)).toEqual([new Reference('Shop/Bucket', 'Ref'), new Reference('Shop/Bucket', 'Ref')]);
  });

  test('takes a parameter as it is given, else its default', () => {
    const template = parameters({ Zone: { Type: 'String', Default: 'eu-west-1a' }, Subnets: { Type: 'List<AWS::EC2::Subnet::Id>', Default: 'a, b' } });
    expect(valueOf({ Ref: 'Zone' }, template)).toBe('eu-west-1a');
    expect(valueOf({ Ref: 'Zone' }, template, { parameters: { Zone: 'eu-west-1b' } })).toBe('eu-west-1b');
    expect(valueOf({ Ref: 'Subnets' }, template)).toEqual(['a', 'b']);
  });

  test('leaves open what nobody says, and the same parameter is the same value', () => {
    const template = parameters({ One: { Type: 'String' }, Other: { Type: 'String' }, List: { Type: 'CommaDelimitedList' } });
    const identity = (value: unknown) => (valueOf(value, template) as Unknown).identity;
    expect(identity({ Ref: 'One' })).toBe(identity({ Ref: 'One' }));
    expect(identity({ Ref: 'One' })).not.toBe(identity({ Ref: 'Other' }));
    expect(identity({ 'Fn::Select': [0, { Ref: 'List' }] })).not.toBe(identity({ 'Fn::Select': [1, { Ref: 'List' }] }));
  });

  test.each<[string, unknown]>([
    ['an image that is looked up when the stack is deployed', { Ref: 'Image' }],
    ['a secret', '{{resolve:secretsmanager:shop:SecretString:password}}'],
    ['an import from a stack that is not given', { 'Fn::ImportValue': 'Network-Subnets' }],
    ['a block of addresses', { 'Fn::Cidr': ['10.0.0.0/16', 3, 8] }],
  ])('leaves open %s', (_, value) => {
    expect(valueOf(value, parameters({ Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/image' } }))).toBeInstanceOf(Unknown);
  });

  test('is found in a mapping under a name that nobody says: one of what the mapping has there, and not that name', () => {
    const template: RawTemplate = {
      Parameters: { Stage: { Type: 'String', AllowedValues: ['test', 'live'] } },
      Mappings: { Zones: { test: { First: 'eu-west-1a', Second: 'eu-west-1b' }, live: { First: 'eu-west-1c', Second: 'eu-west-1a' } } },
    };
    const [first, again, second] = ['First', 'First', 'Second'].map(name => valueOf({ 'Fn::FindInMap': ['Zones', { Ref: 'Stage' }, name] }, template) as Unknown);
    expect(first.traits.among).toEqual(['eu-west-1a', 'eu-west-1c']);
    expect(first).toEqual(again);
    expect(first.identity).not.toBe(second.identity);
    const nothing = valueOf({ 'Fn::FindInMap': ['Zones', { Ref: 'Stage' }, 'Third'] }, template) as Unknown;
    expect(nothing.traits.among).toBeUndefined();
  });

  describe('under a condition', () => {
    const template: RawTemplate = {
      Parameters: { Stage: { Type: 'String', Default: 'test' }, Open: { Type: 'String' } },
      Conditions: {
        Production: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] },
        Test: { 'Fn::Not': [{ Condition: 'Production' }] },
        Either: { 'Fn::Or': [{ Condition: 'Test' }, { Condition: 'Undecided' }] },
        Both: { 'Fn::And': [{ Condition: 'Production' }, { Condition: 'Undecided' }] },
        Undecided: { 'Fn::Equals': [{ Ref: 'Open' }, 'yes'] },
        Circular: { 'Fn::Not': [{ Condition: 'Circular' }] },
      },
    };
    test.each([['Production', 'no'], ['Test', 'yes'], ['Either', 'yes'], ['Both', 'no']])('takes the branch of %s: %s', (name, expected) => {
      expect(valueOf({ 'Fn::If': [name, 'yes', 'no'] }, template)).toBe(expected);
    });

    test('is open where the condition is, unless both branches are the same', () => {
      expect(valueOf({ 'Fn::If': ['Undecided', 'yes', 'no'] }, template)).toBeInstanceOf(Unknown);
      expect(valueOf({ 'Fn::If': ['Undecided', 'same', 'same'] }, template)).toBe('same');
      expect(valueOf({ 'Fn::If': ['Circular', 'yes', 'no'] }, template)).toBeInstanceOf(Unknown);
    });
  });
});

describe('several stacks', () => {
  test('are one world: what one exports, another imports', () => {
    const network: StackInput = {
      name: 'Network',
      region: 'eu-west-1',
      template: {
        Resources: { Vpc: { Type: 'AWS::EC2::VPC' } },
        Outputs: { Vpc: { Value: { Ref: 'Vpc' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-Vpc' } } } },
      },
    };
    const shop: StackInput = {
      name: 'Shop',
      region: 'eu-west-1',
      template: { Resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { VpcId: { 'Fn::ImportValue': 'Network-Vpc' } } } } },
    };
    expect(new World([network, shop]).resource('Shop/Group')?.properties.VpcId).toEqual(new Reference('Network/Vpc', 'Ref'));
  });

  test('hand values down to nested ones, and get them back', () => {
    const world = new World([{
      name: 'Root',
      region: 'eu-west-1',
      template: {
        Resources: {
          Network: { Type: 'AWS::CloudFormation::Stack', Properties: { Parameters: { Zone: 'eu-west-1b' } } },
          Instance: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { 'Fn::GetAtt': ['Network', 'Outputs.Subnet'] } } },
        },
      },
      nested: {
        Network: {
          template: {
            Parameters: { Zone: { Type: 'String' } },
            Resources: { Subnet: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: { Ref: 'Zone' } } } },
            Outputs: { Subnet: { Value: { Ref: 'Subnet' } } },
          },
        },
      },
    }]);
    expect(world.resource('Root/Network/Subnet')?.properties.AvailabilityZone).toBe('eu-west-1b');
    expect(world.resource('Root/Instance')?.properties.SubnetId).toEqual(new Reference('Root/Network/Subnet', 'Ref'));
  });
});

describe('a template', () => {
  test('is the same in JSON and in YAML, with long and with short forms', () => {
    const json = { Resources: { Subnet: { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] } } } } };
    const yaml = `
Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      AvailabilityZone: !Select [0, !GetAZs '']
`;
    expect(parseTemplate(yaml)).toEqual(json);
    expect(parseTemplate(JSON.stringify(json))).toEqual(json);
  });

  test('that is none is refused', () => {
    expect(() => parseTemplate('just words')).toThrow('it is no template: there is no object in it');
  });

  test('names what CloudFormation makes of it only when it is deployed', () => {
    const { unread } = new World([{ name: 'Shop', template: { Transform: 'Our::Macro', Resources: { 'Fn::ForEach::Topics': [] as never } } }]);
    expect(unread).toEqual([
      { where: 'Shop', why: 'transform Our::Macro, which CloudFormation carries out' },
      { where: 'Shop/Fn::ForEach::Topics', why: 'Fn::ForEach::Topics is not a resource, but makes some when CloudFormation reads it' },
    ]);
  });
});
