import '@microsoft/jest-sarif';
import * as fs from 'fs';
import * as path from 'path';
import { CommandFolder } from './command-folder';

const folder = new CommandFolder();

afterAll(() => folder.remove());

/** A server in one zone, with an address, as people write it. */
const server = `Resources:
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      AvailabilityZone: eu-west-1a
  Server:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: !Sub ami-\${AWS::Region}
      SubnetId: !Ref Subnet
  Address:
    Type: AWS::EC2::EIP
    Properties: {InstanceId: !Ref Server}
`;

function sarif(...args: string[]) {
  const { out, code } = folder.command(...args, '--sarif');
  const log = JSON.parse(out) as { runs: [{ results: Result[]; tool: { driver: { rules: { id: string }[] } } }] };
  return { code, log, results: log.runs[0].results };
}

interface Location {
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number };
  };
}

interface Result {
  readonly ruleId: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly Location[];
  readonly codeFlows?: readonly { readonly threadFlows: readonly { readonly locations: readonly { readonly location: Location }[] }[] }[];
  readonly suppressions: readonly { readonly justification: string }[];
  readonly baselineState?: string;
}

describe('SARIF', () => {
  const template = folder.file('shop.yaml', server);

  test('is valid, also where nothing is found, and of whatever is in the corpus', () => {
    expect(sarif(template).log).toBeValidSarifLog();
    expect(sarif(folder.file('none.yaml', 'Resources: {}')).log).toBeValidSarifLog();
    const corpus = path.join(__dirname, '..', 'fault-simulation', 'corpus');
    const templates = fs.readdirSync(corpus).map(name => path.join(corpus, name, 'template.yaml')).filter(file => fs.existsSync(file));
    const logs = templates.map(file => sarif(file, '--region', 'eu-west-1').log);
    expect(logs.length).toBeGreaterThan(100);
    logs.forEach(log => expect(log).toBeValidSarifLog());
    expect(logs.filter(({ runs: [{ results }] }) => results.length > 0).length).toBeGreaterThan(40);
  });

  test('is not taken for valid if something is missing', () => {
    const { log } = sarif(template);
    expect({ ...log, runs: [{ ...log.runs[0], tool: {} }] }).not.toBeValidSarifLog();
  });

  test('names the line of the property that decides, and those of the steps', () => {
    const { results, code } = sarif(template);
    const zone = results.find(({ ruleId }) => ruleId === 'lost-under-zone');
    expect(code).toBe(1);
    expect(zone).toMatchObject({
      level: 'error',
      message: { text: 'shop/Address is lost under zone:eu-west-1a: shop/Server stands in the lost zone, and in no group; shop/Address needs shop/Server' },
      locations: [{
        physicalLocation: { artifactLocation: { uri: expect.stringMatching(/shop\.yaml$/) }, region: { startLine: 10, startColumn: 7 } },
        logicalLocations: [{ fullyQualifiedName: 'shop/Server.SubnetId' }],
      }],
      suppressions: [],
    });
    expect(zone?.codeFlows?.[0].threadFlows[0].locations.map(({ location }) => location.physicalLocation?.region.startLine)).toEqual([10, 13]);
  });

  test('names files from where it runs, whatever their names are', () => {
    const before = process.cwd();
    fs.mkdirSync(path.join(folder.path, 'a b'));
    const file = folder.file(path.join('a b', 'c#d.json'), JSON.stringify({
      Resources: { Address: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: { Ref: 'Server' } } }, Server: { Type: 'AWS::EC2::Instance', Properties: { AvailabilityZone: 'eu-west-1a' } } },
    }, undefined, 1));
    process.chdir(folder.path);
    try {
      const uris = sarif(file).results.flatMap(({ locations }) => locations.map(one => one.physicalLocation?.artifactLocation.uri));
      expect(new Set(uris)).toEqual(new Set(['a%20b/c%23d.json']));
    } finally {
      process.chdir(before);
    }
  });

  test('points into a nested template', () => {
    folder.file('inner.yaml', server);
    const outer = folder.file('outer.yaml', 'Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml}}}');
    const [location] = sarif(outer).results[0].locations;
    expect(location).toMatchObject({ physicalLocation: { artifactLocation: { uri: expect.stringMatching(/inner\.yaml$/) } } });
  });

  test('points beside the properties where a policy of the resource decides', () => {
    const file = folder.file('policy.json', JSON.stringify({
      Resources: { Table: { Type: 'AWS::DynamoDB::Table', DeletionPolicy: 'Delete', Properties: { TableName: 'x' } } },
    }, undefined, 1));
    const positions = folder.positionsIn(file);
    expect(positions.of('policy/Table.DeletionPolicy')).toMatchObject({ line: 5 });
    expect(positions.of('policy/Table.Properties')).toMatchObject({ line: 6 });
    expect(positions.of('policy/Table.Nothing')).toMatchObject({ line: 6 });
    expect(positions.of('policy/Table')).toMatchObject({ line: 3 });
    expect(positions.of('policy/Chair')).toBeUndefined();
  });

  test('says what is accepted, and why', () => {
    const accepted = folder.file('accepted.yaml', '- {service: shop/Address, fault: "zone:eu-west-1a", reason: a trial}');
    const { results } = sarif(template, '--accept', accepted);
    expect(results.map(({ ruleId, suppressions }) => [ruleId, suppressions.map(({ justification }) => justification)])).toEqual([
      ['lost-under-zone', ['a trial']], ['lost-under-instance', []],
    ]);
  });

  test('says what is new beside a baseline', () => {
    const log = sarif(template, '--baseline', template);
    expect(log.code).toBe(0);
    expect(log.log).toBeValidSarifLog();
    expect(log.results).toEqual([]);
    const states = sarif(template, '--baseline', folder.file('none.yaml', 'Resources: {}')).results.map(({ baselineState }) => baselineState);
    expect(states).toEqual(['new', 'new']);
  });

  test('takes names for data', () => {
    const hostile = folder.file('hostile.json', JSON.stringify({
      Resources: { 'Ad\u001b[2Jress': { Type: 'AWS::EC2::EIP', Properties: { InstanceId: { Ref: 'S' } } }, 'S': { Type: 'AWS::EC2::Instance' } },
    }));
    const { out } = folder.command(hostile, '--sarif');
    expect(JSON.parse(out)).toBeValidSarifLog();
    expect(out).not.toContain('\\u001b');
  });
});
