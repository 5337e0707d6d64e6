/** The kinds of check that a layer is made of. */
import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { Check, failed, Outcome, passed } from './layer';
import { outcomeOfJest, outcomeOfPytest } from './reports';

export const root = path.resolve(__dirname, '..', '..');
export const reports = path.join(root, 'test-reports');
// longer than any layer's budget: it only ends what would never end
const patience = 10 * 60 * 1000;

type Environment = Readonly<Record<string, string>>;

/** A command that is right when it exits with 0. */
export function command(title: string, line: readonly string[], env: Environment = {}): Check {
  return { title, run: () => spawn(line, env) ? passed : failed };
}

/** A function that is right when it does not throw. */
export function task(title: string, work: () => void): Check {
  return {
    title,
    run: () => {
      try {
        work();
        return passed;
      } catch (error) {
        console.error((error as Error).message);
        return failed;
      }
    },
  };
}

export function jest(title: string, args: readonly string[], env: Environment = {}): Check {
  return reported(title, 'jest.json', outcomeOfJest, report => ({
    line: ['jest', '--config', 'jest.config.json', '--ci', '--json', '--outputFile', report, ...args], env,
  }));
}

export function pytest(title: string, args: readonly string[], env: Environment = {}): Check {
  return reported(title, 'pytest.xml', outcomeOfPytest, report => ({
    line: ['pytest', '--quiet', '-p', 'no:cacheprovider', `--junit-xml=${report}`, ...args], env,
  }));
}

interface Command {
  readonly line: readonly string[];
  readonly env: Environment;
}

function reported(title: string, extension: string, read: (report: string) => Outcome, commandFor: (report: string) => Command): Check {
  return {
    title,
    run: () => {
      const report = path.join(reports, `${title.replace(/\W+/g, '-')}.${extension}`);
      fs.rmSync(report, { force: true }); // an old one must not speak for a runner that did not start
      const { line, env } = commandFor(report);
      const ok = spawn(line, env);
      if (!fs.existsSync(report)) return failed;
      const outcome = read(fs.readFileSync(report, 'utf8'));
      // a runner may fail without a failing test: no tests found, an obsolete snapshot
      return !ok && outcome.failed === 0 ? { ...outcome, failed: 1 } : outcome;
    },
  };
}

function spawn([program, ...args]: readonly string[], env: Environment): boolean {
  const folders = [path.join(root, 'node_modules', '.bin'), path.join(root, '.venv', 'bin'), process.env.PATH];
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: patience,
    env: { ...process.env, PATH: folders.join(path.delimiter), PYTHONDONTWRITEBYTECODE: '1', ...env },
  });
  if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
}
