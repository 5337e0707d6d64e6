import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';

const root = path.resolve(__dirname, '..');

/** Synthesizes the project anew and complains of each generated file that changes: it was edited by hand, or is out of date. */
export function checkGeneratedFiles(): void {
  const listed = JSON.parse(fs.readFileSync(path.join(root, '.projen', 'files.json'), 'utf8')) as { files: string[] };
  const files = [...listed.files, 'package.json', '.npmignore']; // projen lists only what it makes read-only
  const before = contents(files);
  // the steps after synthesis would reach for the registry
  const { status } = spawnSync('npx', ['--no-install', 'projen', 'default'], {
    cwd: root, stdio: 'inherit', env: { ...process.env, PROJEN_DISABLE_POST: 'true' },
  });
  if (status !== 0) throw new Error('.projenrc.ts does not synthesize');
  const after = contents(files);
  const changed = files.filter(file => before.get(file) !== after.get(file));
  if (changed.length > 0) throw new Error(`not what .projenrc.ts says: ${changed.join(', ')}; run: npx projen, and commit them`);
}

function contents(files: string[]): Map<string, string> {
  return new Map(files.filter(file => fs.existsSync(path.join(root, file)))
    .map(file => [file, fs.readFileSync(path.join(root, file), 'utf8')]));
}
