import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

const root = path.resolve(__dirname, '..', '..');

/** The packed tarball, installed in a folder of its own as `npm install` would, but without a registry. */
export class InstalledPackage {
  /** The folder of the application that uses the package. */
  public readonly app = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'cdk-fault-tolerance-')));
  public readonly folder = path.join(this.app, 'node_modules', 'cdk-fault-tolerance');

  constructor() {
    fs.mkdirSync(this.folder, { recursive: true });
    const tarball = run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', this.app], root).trim();
    run('tar', ['-xzf', path.join(this.app, tarball), '--strip-components=1', '-C', this.folder], root);
    // cdk-nag is there for the taking, so that "not loaded" is our doing
    for (const dependency of ['aws-cdk-lib', 'constructs', 'cdk-nag']) {
      fs.symlinkSync(path.join(root, 'node_modules', dependency), path.join(this.app, 'node_modules', dependency));
    }
  }

  /** Every packed file, relative to the package. */
  public files(): string[] {
    return fs.readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.relative(this.folder, path.join(entry.parentPath, entry.name)))
      .sort();
  }

  public json<T>(file: string): T {
    return JSON.parse(fs.readFileSync(path.join(this.folder, file), 'utf8')) as T;
  }

  public write(file: string, content: string): void {
    fs.writeFileSync(path.join(this.app, file), content);
  }

  /** Runs a file of the application and returns what it printed. */
  public node(file: string): string {
    return run(process.execPath, [file], this.app);
  }

  /** Runs CommonJS code in the application; it prints one JSON value. */
  public evaluate<T>(code: string): T {
    return JSON.parse(run(process.execPath, ['-e', code], this.app)) as T;
  }

  public compile(tsconfig: object): void {
    this.write('tsconfig.json', JSON.stringify(tsconfig));
    run(process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc')], this.app);
  }

  public remove(): void {
    fs.rmSync(this.app, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], cwd: string): string {
  // jest's own NODE_OPTIONS or NODE_ENV are not the user's
  const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args[0]}: ${error?.message ?? ''}\n${stdout}\n${stderr}`);
  return stdout;
}
