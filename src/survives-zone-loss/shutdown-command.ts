import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkEach } from '../shared/lists';
import { checkFixedDuration } from '../shared/numbers';

/** The time-out of a lifecycle hook is 30 seconds to 2 hours (PutLifecycleHook in the API reference); a minute of it is for the way there and back. */
const TIMEOUT = { from: 30, to: 7140 };

/**
 * What an instance runs before it is taken away: after it got its last new request, and before it is shut down.
 *
 * Systems Manager runs it, as root (on Windows as SYSTEM), so the agent of Systems Manager has to be in the image. If it fails, or
 * takes longer than it may, the instance goes all the same. An instance that dies has no time for it, and a Spot Instance that is taken
 * back two minutes.
 */
export class ShutdownCommand {
  /**
   * Lines of a shell script; of a PowerShell script on Windows.
   *
   * @param timeout for so long the instance is kept; 30 seconds to 119 minutes
   * @param commands no secrets: whoever may read documents of Systems Manager reads them
   */
  public static run(timeout: Duration, ...commands: string[]): ShutdownCommand {
    return new ShutdownCommand(timeout, commands);
  }

  /** The lines. */
  public readonly commands: string[];

  /** For so long the instance is kept. */
  public readonly timeout: Duration;

  private constructor(timeout: Duration, commands: string[]) {
    this.timeout = timeout;
    this.commands = commands;
  }

  /** @internal */
  public _check(scope: IConstruct): void {
    checkEach(scope, 'fleet.shutdown.commands', this.commands, { from: 1 });
    const template = this.commands.find(command => !Token.isUnresolved(command) && command.includes('{{'));
    if (template !== undefined) {
      throw new ConfigurationError(scope, `'fleet.shutdown.commands' has '${template}', in which Systems Manager takes what is in the braces for a parameter`,
        'put the line into a script that is in the image, and run that');
    }
    checkFixedDuration(scope, 'fleet.shutdown.timeout', this.timeout, TIMEOUT);
  }
}
