import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import { shopStack } from './app';
import { preparePythonEnvironment } from '../../build-tools/python-environment';

const root = path.resolve(__dirname, '..', '..');
const scratch = path.join(root, 'test-reports', 'languages');
const installed = path.join(scratch, 'installed');
const assembly = path.join(scratch, 'cdk.out');

describe('from Python', () => {
  let python: string;

  beforeAll(() => {
    const environment = preparePythonEnvironment({ folder: '.venv-languages', requirements: 'test/languages/python/requirements.txt' });
    python = path.join(environment, 'bin', 'python');
    fs.rmSync(scratch, { recursive: true, force: true });
    succeed(path.join(root, 'node_modules', '.bin', 'jsii-pacmak'), ['--target', 'python', '--code-only', '--outdir', scratch]);
    // beside the environment, not into it: the environment outlives this build
    succeed(python, [
      '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-index', '--no-deps', '--no-build-isolation',
      '--target', installed, path.join(scratch, 'python'),
    ]);
  }, 300_000); // the first time it installs aws-cdk-lib

  test('the app synthesizes to the same template', () => {
    const { status, stderr } = synthesize();

    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(fs.readFileSync(path.join(assembly, 'Shop.template.json'), 'utf8'))).toEqual(Template.fromStack(shopStack()).toJSON());
  });

  test('a refusal says what is wrong and how to put it right', () => {
    const { status, stderr } = synthesize('healthy');

    expect(status).not.toBe(0);
    expect(stderr).toContain("the path of 'healthCheck' is 'healthy'; start it with a slash: '/healthy' [MultiAzWebTier at 'Shop/Web']");
  });

  function synthesize(...args: string[]) {
    return run(python, [path.join(__dirname, 'python', 'app.py'), ...args], {
      PYTHONPATH: installed,
      PYTHONDONTWRITEBYTECODE: '1',
      CDK_OUTDIR: assembly,
      JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: 'true',
    });
  }
});

function succeed(command: string, args: string[]): void {
  const { status, stdout, stderr, error } = run(command, args);
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? ''}\n${stdout}\n${stderr}`);
}

function run(command: string, args: string[], env: Record<string, string> = {}) {
  return spawnSync(command, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });
}
