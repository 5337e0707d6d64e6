/**
 * `npm test`: every layer of tests, in the order in which a failure is best understood. What each one shows stands beside it.
 *
 *     npm test                            all
 *     npm test -- --only unit,emulator    some
 */
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { parseArgs } from 'util';
import { checkGeneratedFiles } from './generated-files';
import { command, jest, pytest, reports, root, task } from './layers/checks';
import { inWords, Layer } from './layers/layer';
import { runLayers } from './layers/run';
import { namespaces, program } from './layers/tools';
import { preparePythonEnvironment } from './python-environment';

const ci = process.env.CI === 'true' || process.env.CI === '1';

const foldersOfOtherLayers = ['validation', 'emulator', 'page', 'package', 'languages', 'public-api'];
const unit = ['--testPathIgnorePatterns', '/node_modules/', ...foldersOfOtherLayers.map(folder => `<rootDir>/test/${folder}/`)];
const newestCdk = ['--moduleNameMapper', JSON.stringify({ '^aws-cdk-lib($|/.*)': 'aws-cdk-lib-newest$1' })];

const programs = 'instance-programs';
const pythonFolders = ['test', 'demo', 'bench'].filter(exists);

const layers: readonly Layer[] = [
  {
    name: 'environment',
    shows: 'the pinned Python tools are installed',
    minutes: 3,
    checks: [task('Python environment', () => preparePythonEnvironment())],
  },
  {
    name: 'projen',
    shows: 'the generated files are what .projenrc.ts says',
    minutes: 0.5,
    onlyInCi: true,
    checks: [task('generated files', checkGeneratedFiles)],
  },
  {
    name: 'compile',
    shows: 'jsii accepts the API',
    minutes: 1,
    essential: true,
    checks: [
      command('jsii', ['projen', 'compile']),
      command('API.md', ['projen', 'post-compile']),
    ],
  },
  {
    name: 'types',
    shows: 'tests and tools type-check, on both ends of the range of aws-cdk-lib',
    minutes: 1,
    checks: [
      command('lowest', ['tsc', '-p', 'tsconfig.dev.json']),
      command('newest', ['tsc', '-p', 'tsconfig.newest.json']),
    ],
  },
  {
    name: 'lint',
    shows: 'one style, and no import against the arrows of the architecture',
    minutes: 1.5,
    checks: [
      command('eslint', ['projen', 'eslint']),
      command('ruff', ['ruff', 'check', '--no-cache', ...pythonFolders]),
      // what Amazon Linux 2023 has on board
      command('ruff for Python 3.9', ['ruff', 'check', '--no-cache', '--target-version', 'py39', programs]),
      command('vermin', ['vermin', '--quiet', '--no-tips', '--violations', '-t=3.9-', programs]),
    ],
  },
  {
    name: 'programs',
    shows: 'what runs on the instances: signing, failover and work, under a fake clock and for real',
    minutes: 4,
    checks: [pytest('programs', [`test/${programs}`])],
  },
  {
    name: 'no-message-lost',
    shows: 'runners that are killed, stopped and cut off lose no message of a real queue',
    minutes: 2,
    needs: [program('java'), program('mvn')],
    checks: [pytest('no message lost', ['test/no-message-lost'])],
  },
  {
    name: 'unit',
    shows: 'properties, refusals and messages, on the lowest aws-cdk-lib',
    minutes: 3,
    checks: [jest('unit', unit, { CDK_LIB: 'aws-cdk-lib' })],
  },
  {
    name: 'unit-newest',
    shows: 'the same on the newest',
    minutes: 3,
    checks: [jest('unit-newest', [...unit, ...newestCdk], { CDK_LIB: 'aws-cdk-lib-newest' })],
  },
  {
    name: 'validation',
    shows: 'no validator finds fault with a synthesized template',
    minutes: 3,
    checks: [jest('validation', ['test/validation/'], { CDK_VALIDATION: 'true' })],
  },
  {
    name: 'emulator',
    shows: 'every resource is really made, and has the promised properties',
    minutes: 6,
    checks: [
      command('types by class', ['python', '-m', 'strict_moto.table', '--counts'], { PYTHONPATH: 'test/emulator' }),
      pytest('strict moto', ['test/emulator/strict_moto_tests'], { PYTHONPATH: 'test/emulator' }),
      jest('emulator', ['test/emulator/']),
      command('demo', ['tsx', 'demo/main.ts']),
    ],
  },
  {
    name: 'network-lab',
    shows: 'the NAT instances stand in for each other, with packets and real programs',
    minutes: 5,
    needs: [program('nft'), program('ip'), program('conntrackd'), namespaces],
    checks: [pytest('network lab', ['test/network-lab'], { PYTHONPATH: 'test/network-lab' })],
  },
  {
    name: 'page',
    shows: 'the report page renders, answers, and bars nobody',
    minutes: 1.5,
    needs: [program('chromium')],
    checks: [jest('page', ['test/page/'])],
  },
  {
    name: 'package',
    shows: 'the packed tarball loads lazily, by require, import and TypeScript',
    minutes: 1,
    checks: [jest('package', ['test/package/'])],
  },
  {
    name: 'languages',
    shows: 'Python synthesizes the same template',
    minutes: 2,
    checks: [jest('languages', ['test/languages/'])],
  },
  {
    name: 'public-api',
    shows: 'no API and no logical id has changed without a decision',
    minutes: 1,
    checks: [jest('public-api', ['test/public-api/'])],
  },
  {
    name: 'examples',
    shows: 'every example in the API, the README and docs/ compiles',
    minutes: 1,
    checks: [command('examples', ['projen', 'examples'])],
  },
];

function exists(folder: string): boolean {
  return fs.existsSync(path.join(root, folder));
}

function selected(only: string | undefined): readonly Layer[] {
  if (only === undefined) return layers.filter(layer => ci || !layer.onlyInCi);
  return only.split(',').map(name => {
    const layer = layers.find(candidate => candidate.name === name);
    if (layer === undefined) throw new Error(`no layer ${name}; there are: ${layers.map(candidate => candidate.name).join(', ')}`);
    return layer;
  });
}

function main() {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
  const chosen = selected(only);
  fs.mkdirSync(reports, { recursive: true });
  // each app that a test synthesizes leaves an assembly among the temporary files, gigabytes of them in all
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'tests-'));
  process.env.TMPDIR = scratch;
  process.once('exit', () => fs.rmSync(scratch, { recursive: true, force: true }));
  const outcome = runLayers(chosen, { ci, print: line => console.log(line), now: () => Date.now() });
  const summary = inWords(outcome);
  fs.writeFileSync(path.join(reports, 'summary.txt'), `${summary}\n`);
  console.log(summary);
  process.exitCode = outcome.failed > 0 ? 1 : 0;
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
