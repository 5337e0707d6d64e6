import { Duration, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { RUNNER_HEALTH_PORT } from './worker-runner-configuration';
import { ConfigurationError } from '../shared/configuration-error';
import { checkListIsKnown } from '../shared/lists';
import { checkFixedDuration, checkFixedNumber } from '../shared/numbers';
import { LONGEST_VISIBILITY_TIMEOUT } from '../shared/sqs-limits';

/** What the runner takes (docs/worker-runner.md). */
const MOST_AT_ONCE = 256;

/**
 * How the worker runner has work done.
 */
export interface WorkerRunnerOptions {
  /**
   * So many messages a worker has in work at once, 1 to 256. Of a group of a FIFO queue there is one at a time, in order.
   *
   * @default 1
   */
  readonly concurrency?: number;

  /**
   * The system user that the runner and what it starts run as, not root; one that the image, a package or your user data make.
   *
   * @default - `worker-runner`, which is made: without a password, a home and a login shell
   */
  readonly user?: string;

  /**
   * Whether the journal of the instance gets the last 4 KiB of what failed work has written or answered. Messages themselves are never
   * logged, but for what the work writes of them.
   *
   * @default false
   */
  readonly logOutput?: boolean;

  /**
   * For so long a message is hidden after its work failed for the first time, 1 second to 12 hours; twice as long each further time. Chance
   * takes up to half of it, so that what failed together does not come back together.
   *
   * @default Duration.seconds(30), which makes five receives last for four to eight minutes
   */
  readonly firstBackoff?: Duration;

  /**
   * The longest that a message is hidden after its work failed; `firstBackoff` to 12 hours.
   *
   * @default - 10 minutes, or `firstBackoff` where that is longer
   */
  readonly longestBackoff?: Duration;
}

/**
 * How the worker runner starts a program for each message.
 */
export interface CommandRunnerOptions extends WorkerRunnerOptions {
  /**
   * Variables for the program, such as the name of a bucket; values may be known at deployment only. They stand in the user data, which
   * whoever may describe the instance can read: no secrets. Names that begin with `SQS_` or `PYTHON` are the runner's.
   *
   * @default - none but those of the message and of the system
   */
  readonly environment?: { [name: string]: string };
}

/**
 * A program on each worker that takes the messages from the queue, and has your program or your server do the work for each.
 *
 * It hides a message from the others for as long as the work goes on, deletes it only after it is done, gives it back with a growing pause
 * when it failed, and finishes before its instance is taken away. Your work sees a body, and says whether it is done.
 *
 * The image has to have Python 3.9 or newer at /usr/bin/python3, the AWS CLI and curl, as Amazon Linux 2023 has.
 *
 * @example
 * const runner = WorkerRunner.command(['/opt/resize', '--fast'], { concurrency: 4 });
 */
export class WorkerRunner {
  /**
   * Starts a program for each message. The body is its standard input; `SQS_MESSAGE_ID`, `SQS_QUEUE_NAME`, `SQS_RECEIVE_COUNT`,
   * `SQS_GROUP_ID` and `SQS_ATTRIBUTE_…` say the rest. It is done when it ends with 0. When it takes longer than `maxProcessingTime`, its process group gets
   * SIGTERM, and 5 seconds later SIGKILL.
   *
   * @param command the whole path of the program, and its arguments; no shell is between
   */
  public static command(command: string[], options: CommandRunnerOptions = {}): WorkerRunner {
    return new WorkerRunner({ type: 'command', command }, options, options.environment ?? {});
  }

  /**
   * Sends each message to a server on the same machine, by POST: the body as it is, the rest in headers that begin with `X-Sqs-`. It is done
   * when the whole answer is there with a status of 2xx. When it takes longer than `maxProcessingTime`, the connection is broken off.
   *
   * As long as nobody listens there, no message is taken from the queue.
   *
   * @param url of 127.0.0.1 or localhost, over http; any port but 8643, where the runner itself says how it is
   */
  public static http(url: string, options: WorkerRunnerOptions = {}): WorkerRunner {
    return new WorkerRunner({ type: 'http', url }, options, {});
  }

  private constructor(
    /** @internal */
    public readonly _handler: CommandHandler | HttpHandler,
    private readonly options: WorkerRunnerOptions,
    /** @internal */
    public readonly _environment: Readonly<Record<string, string>>,
  ) {}

  /** @internal */
  public get _concurrency(): number {
    return this.options.concurrency ?? 1;
  }

  /**
   * Undefined where one is to be made.
   *
   * @internal
   */
  public get _user(): string | undefined {
    return this.options.user;
  }

  /** @internal */
  public get _logOutput(): boolean {
    return this.options.logOutput ?? false;
  }

  /**
   * In seconds.
   *
   * @internal
   */
  public get _firstBackoff(): number {
    return this.options.firstBackoff?.toSeconds() ?? 30;
  }

  /**
   * In seconds.
   *
   * @internal
   */
  public get _longestBackoff(): number {
    return this.options.longestBackoff?.toSeconds() ?? Math.max(this._firstBackoff, 600);
  }

  /**
   * The same, and a command has further variables, unless its own are of the same names.
   *
   * @internal
   */
  public _withEnvironment(further: Readonly<Record<string, string>>): WorkerRunner {
    return this._handler.type === 'command' ? new WorkerRunner(this._handler, this.options, { ...further, ...this._environment }) : this;
  }

  /** @internal */
  public _check(scope: IConstruct): void {
    const { firstBackoff, longestBackoff, user } = this.options;
    if (this._handler.type === 'command') { checkCommand(scope, this._handler.command); } else { checkUrl(scope, this._handler.url); }
    checkFixedNumber(scope, 'runner.concurrency', this._concurrency, { from: 1, to: MOST_AT_ONCE });
    Object.entries(this._environment).forEach(([name, value]) => checkVariable(scope, name, value));
    if (user !== undefined) { checkUser(scope, user); }
    const to = LONGEST_VISIBILITY_TIMEOUT.toSeconds();
    if (firstBackoff) { checkFixedDuration(scope, 'runner.firstBackoff', firstBackoff, { from: 1, to }); }
    if (longestBackoff) { checkFixedDuration(scope, 'runner.longestBackoff', longestBackoff, { from: this._firstBackoff, to }); }
  }
}

interface CommandHandler {
  readonly type: 'command';
  readonly command: string[];
}

interface HttpHandler {
  readonly type: 'http';
  readonly url: string;
}

function checkCommand(scope: IConstruct, command: string[]): void {
  checkListIsKnown(scope, 'runner.command', command);
  const [program] = command;
  if (program === undefined) {
    throw new ConfigurationError(scope, "'runner' is a command of no words", 'give the whole path of a program, and its arguments');
  }
  if (!Token.isUnresolved(program) && !program.startsWith('/')) {
    throw new ConfigurationError(scope, `'runner' is a command that begins with '${program}'`, 'give the whole path of a program, such as /opt/resize');
  }
  if (command.some(word => word.includes('\0'))) {
    throw new ConfigurationError(scope, "'runner' is a command with a byte of 0 in it, which no argument can hold", 'leave it out');
  }
}

function checkUrl(scope: IConstruct, url: string): void {
  if (Token.isUnresolved(url)) { return; }
  const [, given = '80'] = /^http:\/\/(?:127\.0\.0\.1|localhost)(?::(\d{1,5}))?(?:[/?][!-~]*)?$/.exec(url) ?? [undefined, '0'];
  const port = Number(given);
  if (port < 1 || port > 65_535) {
    throw new ConfigurationError(scope, `'runner' is the address '${url}', which is none on this machine over http`,
      'give one such as http://127.0.0.1:8080/work');
  }
  if (port === RUNNER_HEALTH_PORT) {
    throw new ConfigurationError(scope, `'runner' is the address '${url}', and the runner itself answers at that port`, 'let the server listen at another one');
  }
}

function checkVariable(scope: IConstruct, name: string, value: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new ConfigurationError(scope, `'runner.environment' has the name '${name}'`, 'give names of letters, digits and _, that do not begin with a digit');
  }
  if (/^(SQS_|PYTHON)/.test(name)) {
    throw new ConfigurationError(scope, `'runner.environment' has the name '${name}', and what begins so is the runner's`,
      'give another name, or set it in a script that starts the program');
  }
  if (value.includes('\0')) {
    throw new ConfigurationError(scope, `'runner.environment' has a byte of 0 in '${name}', which no variable can hold`, 'leave it out');
  }
}

function checkUser(scope: IConstruct, user: string): void {
  if (Token.isUnresolved(user)) { return; }
  if (user === 'root') {
    throw new ConfigurationError(scope, "'runner.user' is root, whom work on what others send is not for",
      "give a user that may do what the work takes, or leave 'runner.user' out");
  }
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,30}$/.test(user)) { // as systemd has it (User/Group Name Syntax)
    throw new ConfigurationError(scope, `'runner.user' is '${user}'`, 'give the name of a user: up to 31 letters, digits, _ and -, that does not begin with a digit');
  }
}
