import * as fs from 'fs';
import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { bashWord } from './bash';
import { Fetch } from './fetched-file';
import { ConfigurationError } from '../shared/configuration-error';

/**
 * Whose a file is, and who may do what with it.
 */
export interface BootstrapFileOptions {
  /**
   * The user that owns the file; one that the image or a package brings along.
   *
   * @default - root
   */
  readonly owner?: string;

  /**
   * The group of the file.
   *
   * @default - root
   */
  readonly group?: string;

  /**
   * The permissions, in octal digits.
   *
   * @default '0644'
   */
  readonly mode?: string;
}

/**
 * A file that a bootstrap puts on an instance; folders on its way are made.
 */
export class BootstrapFile {
  /**
   * A file whose content travels in the user data. Whoever may describe the instance can read it: no secrets.
   *
   * @param path where it lies on the instance, from the root
   * @param content the text, to the byte; values that are known at deployment only may stand in it
   * @param options owner and permissions
   */
  public static inline(path: string, content: string, options: BootstrapFileOptions = {}): BootstrapFile {
    return new BootstrapFile(path, options, content);
  }

  /**
   * A file of yours, of any size and content, that travels through S3: to start, an instance then needs S3 too.
   *
   * @param path where it lies on the instance, from the root
   * @param localPath where it lies when the app is synthesized
   * @param options owner and permissions
   */
  public static fromLocalFile(path: string, localPath: string, options: BootstrapFileOptions = {}): BootstrapFile {
    return new BootstrapFile(path, options, undefined, localPath);
  }

  private constructor(
    /** Where it lies on the instance. */
    public readonly path: string,
    private readonly options: BootstrapFileOptions,
    private readonly content?: string,
    private readonly localPath?: string,
  ) {}

  /** @internal */
  public _check(scope: IConstruct): void {
    if (!Token.isUnresolved(this.path) && !/^\/[^\0]*[^/\0]$/.test(this.path)) {
      throw new ConfigurationError(scope, `a path in 'bootstrap.files' is '${this.path}'`, 'give the whole path of a file, such as /etc/shop.conf');
    }
    if (this.content?.includes('\0')) {
      throw new ConfigurationError(scope, `the content of '${this.path}' in 'bootstrap.files' has a byte of 0, which no script can hold`,
        'keep it in a file, and give that with BootstrapFile.fromLocalFile');
    }
    if (this.localPath !== undefined && !isFile(this.localPath)) {
      throw new ConfigurationError(scope, `'${this.localPath}' in 'bootstrap.files' is no file`, 'give the path of one; pack a folder into an archive first');
    }
    const { mode, owner, group } = this.options;
    if (mode !== undefined && !Token.isUnresolved(mode) && !/^[0-7]{3,4}$/.test(mode)) {
      throw new ConfigurationError(scope, `the mode of '${this.path}' in 'bootstrap.files' is '${mode}'`, "give it in octal digits, such as '0644'");
    }
    for (const name of [owner, group]) {
      if (name === undefined || Token.isUnresolved(name) || /^\w[\w.-]*$/.test(name)) { continue; }
      throw new ConfigurationError(scope, `the owner or group of '${this.path}' in 'bootstrap.files' is '${name}'`, 'give the name of one user or group');
    }
  }

  /** @internal */
  public _fetched(createFetch: (content: Buffer) => Fetch): Fetch | undefined {
    return this.localPath === undefined ? undefined : createFetch(fs.readFileSync(this.localPath));
  }

  /** @internal */
  public _commands(fetch?: Fetch): string[] {
    const { owner, group, mode = '0644' } = this.options;
    const install = [
      'install -D',
      `--mode=${bashWord(mode)}`,
      ...owner === undefined ? [] : [`--owner=${bashWord(owner)}`],
      ...group === undefined ? [] : [`--group=${bashWord(group)}`],
    ].join(' ');
    const path = bashWord(this.path);
    return fetch
      ? ['fetched=$(mktemp)', fetch('"$fetched"'), `${install} "$fetched" ${path}`, 'rm "$fetched"']
      : [`printf %s ${bashWord(this.content ?? '')} | ${install} /dev/stdin ${path}`];
  }
}

function isFile(localPath: string): boolean {
  return fs.statSync(localPath, { throwIfNoEntry: false })?.isFile() ?? false;
}
