import { Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { bashWord } from './bash';
import { BootstrapFile } from './bootstrap-file';
import { BootstrapService } from './bootstrap-service';
import { CreateFetch } from './fetched-file';
import { beginStep, ownCommands } from './loud-script';
import { ConfigurationError } from '../shared/configuration-error';
import { firstRepeated } from '../shared/lists';

/**
 * What is put on an instance when it starts, in this order.
 */
export interface BootstrapProps {
  /**
   * What dnf installs: names of packages, with a version or without.
   *
   * Needs a way to the repositories when an instance starts; those of Amazon Linux 2023 stay as they were when its image was made.
   *
   * @default - nothing
   */
  readonly packages?: string[];

  /**
   * Files that are written.
   *
   * @default - none
   */
  readonly files?: BootstrapFile[];

  /**
   * What else there is to do: lines of bash, that run as root, under `set -euo pipefail`.
   *
   * Values that are known at deployment only are put in as they are: quote them.
   *
   * @default - nothing
   */
  readonly commands?: string[];

  /**
   * Services that are started. They are last, so that nothing is served before all else is there.
   *
   * @default - none
   */
  readonly services?: BootstrapService[];
}

/**
 * What a stock image lacks: packages, files, commands, services.
 *
 * An instance does it when it starts. What fails powers it off, with one line on its console that says where: the Auto Scaling
 * group replaces it at once, and one that is half made never serves. What comes over the network is tried five times, within
 * about 75 seconds and what the tries take.
 *
 * @example
 * const bootstrap = new Bootstrap({
 *   packages: ['nginx'],
 *   files: [BootstrapFile.inline('/usr/share/nginx/html/index.html', '<h1>Shop</h1>')],
 *   services: [BootstrapService.installed('nginx')],
 * });
 */
export class Bootstrap {
  constructor(private readonly props: BootstrapProps) {}

  /** @internal */
  public _check(scope: IConstruct): void {
    const { packages = [], files = [], commands = [], services = [] } = this.props;
    for (const name of packages) {
      if (Token.isUnresolved(name) || /^[^\s-]\S*$/.test(name)) { continue; }
      throw new ConfigurationError(scope, `a package in 'bootstrap.packages' is '${name}'`, 'give the name of one package in each entry');
    }
    if (commands.some(command => command.includes('\0'))) {
      throw new ConfigurationError(scope, "'bootstrap.commands' has a byte of 0, which no script can hold", 'leave it out');
    }
    files.forEach(file => file._check(scope));
    services.forEach(service => service._check(scope));
    checkNamedOnce(scope, 'files', files.map(({ path }) => path));
    checkNamedOnce(scope, 'services', services.map(({ name }) => name));
  }

  /**
   * The lines of a loud script. `createFetch` makes what travels through S3.
   *
   * Not as metadata for cfn-init: those are not part of a version of the launch template, so that a rollback would start old
   * instances with new metadata, and they are read from CloudFormation when an instance starts, which may be just what is down.
   *
   * @internal
   */
  public _lines(createFetch: CreateFetch): string[] {
    const { packages = [], files = [], commands = [], services = [] } = this.props;
    return [
      ...packages.length === 0 ? [] : step('packages', [`retry dnf install --assumeyes ${packages.map(bashWord).join(' ')}`]),
      ...files.flatMap((file, i) => step(`file ${file.path}`, file._commands(file._fetched(content => createFetch(`File${i + 1}`, content))))),
      ...commands.length === 0 ? [] : step('commands', [ownCommands(commands.join('\n'))]),
      ...services.flatMap(service => step(`service ${service.name}`, service._commands())),
    ];
  }
}

function step(name: string, lines: string[]): string[] {
  return [beginStep(bashWord(name)), ...lines];
}

function checkNamedOnce(scope: IConstruct, prop: string, names: string[]): void {
  const twice = firstRepeated(names);
  if (twice === undefined) { return; }
  throw new ConfigurationError(scope, `'bootstrap.${prop}' has '${twice}' twice`, 'give it once');
}
