import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, 'integ');

/** The apps that are to be deployed on AWS; each file is an app of its own, in the form of CDK's integ-runner. */
export const integApps = fs.readdirSync(folder).filter(file => /^integ\..+\.ts$/.test(file));

/** The templates of an app by file name, without the hashes of assets, which say nothing to a reader. */
export function synthesized(app: string): Map<string, string> {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'integ-'));
  try {
    execFileSync(process.execPath, ['--import', 'tsx', path.join(folder, app)], {
      cwd: root,
      env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // the stack of the assertions is integ-tests-alpha's, not ours
    return templatesIn(outdir, file => file.startsWith('Integ'));
  } finally {
    fs.rmSync(outdir, { recursive: true });
  }
}

/** The templates as they were last recorded. */
export function recorded(app: string): Map<string, string> {
  const snapshot = snapshotOf(app);
  return fs.existsSync(snapshot) ? templatesIn(snapshot) : new Map();
}

export function record(app: string): void {
  const snapshot = snapshotOf(app);
  fs.rmSync(snapshot, { recursive: true, force: true });
  fs.mkdirSync(snapshot);
  synthesized(app).forEach((template, file) => fs.writeFileSync(path.join(snapshot, file), template));
}

function snapshotOf(app: string): string {
  return path.join(folder, `${app}.snapshot`);
}

function templatesIn(directory: string, wanted: (file: string) => boolean = () => true): Map<string, string> {
  const files = fs.readdirSync(directory).filter(file => file.endsWith('.template.json') && wanted(file));
  return new Map(files.map(file => [file, fs.readFileSync(path.join(directory, file), 'utf8').replace(/\b[0-9a-f]{64}\b/g, '<asset>')]));
}
