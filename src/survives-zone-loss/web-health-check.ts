import { Duration, Token } from 'aws-cdk-lib';
import { HealthCheck } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkDuration, checkFixedDuration } from '../shared/numbers';

/**
 * Figures of a `WebHealthCheck`.
 */
export interface WebHealthCheckOptions {
  /**
   * Time from one check to the next, 5 to 300 seconds.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * How long a check waits for the answer, 2 to 120 seconds, and less than `interval`.
   *
   * @default Duration.seconds(5)
   */
  readonly timeout?: Duration;

  /**
   * How long after its launch failed checks do not count against an instance, 0 to 7200 seconds.
   *
   * Below the time that a start takes, the group replaces instances forever; far above it, a bad one stays for as long.
   *
   * @default Duration.minutes(5)
   */
  readonly gracePeriod?: Duration;

  /**
   * Whether the path answers for the instance alone, and asks neither database nor anything else that instances share.
   *
   * The fault simulation believes it: a shallow check does not fail with the database, so that no instance is replaced for that.
   *
   * @default - it is not known, and the simulation counts on the worst
   */
  readonly isShallow?: boolean;
}

/**
 * How the load balancer finds out that an instance can no longer answer.
 *
 * An instance that fails two checks in a row gets no more requests; then the Auto Scaling group replaces it. With the
 * defaults that takes up to 25 seconds: two intervals and a timeout.
 */
export class WebHealthCheck {
  /**
   * Asks for a path, by HTTP on the port of the instances; 200 means well.
   *
   * Let it answer for the instance alone: a path that asks the database too takes all instances down with the database.
   *
   * @param path starts with a slash
   * @param options how often, and for how long
   */
  public static http(path: string, options: WebHealthCheckOptions = {}): WebHealthCheck {
    return new WebHealthCheck(path, options);
  }

  /**
   * Opens a connection to the port of the instances; that it opens means well. Behind a network load balancer only.
   *
   * It says less than a path: a process that accepts connections and answers none passes.
   *
   * @param options how often, and for how long
   */
  public static tcp(options: WebHealthCheckOptions = {}): WebHealthCheck {
    return new WebHealthCheck(undefined, options);
  }

  /** The path; none where it is enough that the connection opens. */
  public readonly path?: string;

  /** Time from one check to the next. */
  public readonly interval: Duration;

  /** How long a check waits for the answer. */
  public readonly timeout: Duration;

  /** How long after its launch failed checks do not count against an instance. */
  public readonly gracePeriod: Duration;

  /** Whether it is known to ask for the instance alone. */
  public readonly isShallow: boolean;

  private constructor(path: string | undefined, options: WebHealthCheckOptions) {
    this.path = path;
    this.interval = options.interval ?? Duration.seconds(10);
    this.timeout = options.timeout ?? Duration.seconds(5);
    this.gracePeriod = options.gracePeriod ?? Duration.minutes(5);
    this.isShallow = options.isShallow ?? path === undefined;
  }

  /**
   * How a target is asked; two answers decide, for well as for ill.
   *
   * @internal
   */
  public _forTargets(): HealthCheck {
    const { path, interval, timeout } = this;
    return { path, interval, timeout, healthyThresholdCount: 2, unhealthyThresholdCount: 2 };
  }

  /**
   * The ranges are those of the services (CreateTargetGroup, CreateAutoScalingGroup in their API references).
   *
   * @internal
   */
  public _check(scope: IConstruct): void {
    if (this.path !== undefined && !Token.isUnresolved(this.path) && !this.path.startsWith('/')) {
      throw new ConfigurationError(scope, `the path of 'healthCheck' is '${this.path}'`, `start it with a slash: '/${this.path}'`);
    }
    checkFixedDuration(scope, 'healthCheck.interval', this.interval, { from: 5, to: 300 });
    checkFixedDuration(scope, 'healthCheck.timeout', this.timeout, { from: 2, to: 120 });
    checkDuration(scope, 'healthCheck.gracePeriod', this.gracePeriod, { from: 0, to: 7200 });
    if (this.timeout.toSeconds() >= this.interval.toSeconds()) {
      throw new ConfigurationError(scope,
        `'healthCheck.timeout' (${this.timeout.toSeconds()} seconds) is not below 'healthCheck.interval' (${this.interval.toSeconds()} seconds)`,
        'shorten the timeout or lengthen the interval');
    }
  }
}
