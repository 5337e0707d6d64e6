/**
 * Makes the Python virtual environment of the tests and of the demo, and makes it anew when its requirements or Python change.
 */
import { spawnSync } from 'child_process';
import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';

const root = path.resolve(__dirname, '..');
const oldestMinor = 10;
const newestMinorTried = 20;

export interface PythonEnvironment {
  /** Folder of the environment, relative to the project. */
  readonly folder: string;
  /** Its pinned requirements, relative to the project. */
  readonly requirements: string;
}

export const testEnvironment: PythonEnvironment = { folder: '.venv', requirements: 'test/python-requirements.txt' };

interface Python {
  readonly command: string;
  readonly version: readonly number[];
}

/** Returns the environment's folder; costs one start of Python when nothing has changed. */
export function preparePythonEnvironment(environment: PythonEnvironment = testEnvironment): string {
  const folder = path.join(root, environment.folder);
  const requirements = path.join(root, environment.requirements);
  const python = newestPython();
  const stamp = createHash('sha256').update(fs.readFileSync(requirements)).update(python.version.join('.')).digest('hex');
  const stampFile = path.join(folder, 'stamp');
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp) return folder;
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) { // to clear it would clear what others use
    throw new Error(`${environment.folder} is a link, and does not fit ${environment.requirements} with Python ${python.version.join('.')}: `
      + 'make the environment where the link leads, or remove the link');
  }

  console.log(`making ${environment.folder} from ${environment.requirements} with Python ${python.version.join('.')}`);
  run(python.command, ['-m', 'venv', '--clear', folder]);
  run(path.join(folder, 'bin', 'python'), [
    '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-warn-script-location', '-r', requirements,
  ]);
  fs.writeFileSync(stampFile, stamp); // last, so that an interrupted installation is not taken for a whole one
  return folder;
}

function newestPython(): Python {
  const minors = Array.from({ length: newestMinorTried - oldestMinor + 1 }, (_, index) => newestMinorTried - index);
  const found = ['python3', ...minors.map(minor => `python3.${minor}`)]
    .map(command => ({ command, version: versionOf(command) }))
    .filter((python): python is Python => python.version !== undefined && python.version[0] === 3 && python.version[1] >= oldestMinor)
    .sort((a, b) => b.version[1] - a.version[1] || b.version[2] - a.version[2]);
  if (found.length === 0) {
    throw new Error(`the tests and the demo need Python 3.${oldestMinor} or newer as python3 on the PATH, and found `
      + `${versionOf('python3')?.join('.') ?? 'none'}; on Debian or Ubuntu: apt-get install python3 python3-venv; on macOS: brew install python3`);
  }
  const usable = found.find(canMakeEnvironments);
  if (usable === undefined) {
    throw new Error(`${found[0].command} ${found[0].version.join('.')} lacks the modules venv and ensurepip; `
      + 'on Debian or Ubuntu: apt-get install python3-venv');
  }
  return usable;
}

function versionOf(command: string): readonly number[] | undefined {
  const answer = spawnSync(command, ['-c', 'import sys; print(*sys.version_info[:3])'], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim().split(' ').map(Number) : undefined;
}

function canMakeEnvironments(python: Python): boolean {
  return spawnSync(python.command, ['-c', 'import ensurepip, venv']).status === 0; // Debian ships Python without either
}

function run(command: string, args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
}

if (require.main === module) {
  try {
    preparePythonEnvironment();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
