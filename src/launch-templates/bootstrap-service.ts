import { IConstruct } from 'constructs';
import { bashWord } from './bash';
import { BootstrapFile } from './bootstrap-file';
import { ConfigurationError } from '../shared/configuration-error';

/**
 * A service of systemd that a bootstrap starts, now and whenever the instance starts again.
 *
 * One that runs already is started anew, so that it reads what the bootstrap has written.
 */
export class BootstrapService {
  /**
   * A service that the image or a package brings along.
   *
   * @param name such as nginx
   */
  public static installed(name: string): BootstrapService {
    return new BootstrapService(name);
  }

  /**
   * A service of your own.
   *
   * @param name such as shop, for /etc/systemd/system/shop.service
   * @param unit the text of the unit; without `WantedBy` in its `[Install]` section it is not started with the instance
   */
  public static fromUnit(name: string, unit: string): BootstrapService {
    return new BootstrapService(name, unit);
  }

  private constructor(
    /** What systemd knows it by. */
    public readonly name: string,
    private readonly unit?: string,
  ) {}

  /** @internal */
  public _check(scope: IConstruct): void {
    if (!/^\w[\w:.@\\-]*$/.test(this.name)) {
      throw new ConfigurationError(scope, `a service in 'bootstrap.services' is called '${this.name}'`,
        'give the name of a unit, of letters, digits and :-_.\\@');
    }
    this.unitFile()?._check(scope);
  }

  /** @internal */
  public _commands(): string[] {
    const name = bashWord(this.name);
    const written = this.unitFile();
    return [
      ...written ? [...written._commands(), 'systemctl daemon-reload'] : [],
      `systemctl enable ${name}`,
      `systemctl restart ${name}`,
    ];
  }

  private unitFile(): BootstrapFile | undefined {
    const file = /\.(service|timer|socket|path|target|mount)$/.test(this.name) ? this.name : `${this.name}.service`;
    return this.unit === undefined ? undefined : BootstrapFile.inline(`/etc/systemd/system/${file}`, this.unit);
  }
}
