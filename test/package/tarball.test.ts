import * as fs from 'fs';
import * as path from 'path';
import { InstalledPackage } from './installed-package';

interface Manifest {
  readonly dependencies?: object;
  readonly optionalDependencies?: object;
  readonly peerDependencies?: object;
  readonly peerDependenciesMeta?: object;
}

describe('the tarball', () => {
  let installed: InstalledPackage;
  beforeAll(() => { installed = new InstalledPackage(); });
  afterAll(() => installed.remove());

  test('contains what users need, and nothing of how it is made', () => {
    const folders = fs.existsSync(path.join(__dirname, '..', '..', 'instance-programs')) ? ['instance-programs', 'lib'] : ['lib'];
    const topLevel = new Set(installed.files().map(file => file.split(path.sep)[0]));

    expect([...topLevel].sort()).toEqual(['.jsii', 'API.md', 'CHANGELOG.md', 'bin', 'LICENSE', 'README.md', ...folders, 'node_modules', 'package.json'].sort());
  });

  test('brings along the one library that it needs besides', () => {
    const bundled = installed.files().filter(file => file.startsWith('node_modules')).map(file => file.split(path.sep)[1]);

    expect([...new Set(bundled)]).toEqual(['yaml']);
  });

  test('contains no leftovers of Python or TypeScript', () => {
    expect(installed.files().filter(file => /__pycache__|\.pyc$|(?<!\.d)\.ts$|\.tsbuildinfo$/.test(file))).toEqual([]);
  });

  test('brings along the programs that instances run', () => {
    const code = `
      const { App, Stack, aws_ec2: ec2 } = require('aws-cdk-lib');
      const { HaNatPerAz, NatEgress } = require('cdk-fault-tolerance');
      const app = new App();
      const stack = new Stack(app, 'Shop');
      new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider({ egress: NatEgress.instances() }) });
      const { directory } = app.synth();
      const { files } = JSON.parse(require('fs').readFileSync(directory + '/Shop.assets.json'));
      const archives = Object.values(files).filter(({ source }) => !source.path.endsWith('.json'));
      console.log(JSON.stringify(archives.map(({ source }) => require('fs').readFileSync(directory + '/' + source.path, 'latin1').includes('failover_agent/__main__.py'))));`;
    expect(installed.evaluate(code)).toEqual([true, true]);
  });

  test('has as peers exactly what every CDK app has', () => {
    const { dependencies = {}, optionalDependencies, peerDependencies, peerDependenciesMeta } = installed.json<Manifest>('package.json');

    expect(Object.keys(peerDependencies ?? {}).sort()).toEqual(['aws-cdk-lib', 'constructs']);
    expect(Object.keys(dependencies)).toEqual(['yaml']);
    expect({ optionalDependencies, peerDependenciesMeta }).toEqual({});
  });

  test('leaves the choice of a cdk-nag version to the app', () => {
    // jsii turns every dependency, even an optional peer, into a hard one of all languages
    expect(fs.readFileSync(path.join(installed.folder, '.jsii'), 'utf8')).not.toContain('cdk-nag');
  });
});
