import { Duration } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkDuration, checkWholeNumber } from '../shared/numbers';

/**
 * What a message may cost in time, from which the backlog of an instance follows.
 */
export interface LatencyTarget {
  /**
   * For so long a message may wait until it is done.
   */
  readonly acceptableLatency: Duration;

  /**
   * So long one instance takes for one message in the mean; an instance that works on several at once takes the less.
   */
  readonly meanProcessingTime: Duration;
}

/**
 * What a worker fleet grows and shrinks on: the messages, waiting and in work, that come to one instance.
 */
export class WorkerScaling {
  /**
   * Keeps about `messagesPerInstance` messages, waiting or in work, for each instance; 1 or more.
   */
  public static onBacklog(messagesPerInstance: number): WorkerScaling {
    return new WorkerScaling(messagesPerInstance);
  }

  /**
   * Keeps as many messages for each instance as it does within the acceptable latency: latency ÷ time for one message, as
   * the EC2 Auto Scaling User Guide works it out ("Scaling policy based on Amazon SQS").
   */
  public static onLatency(target: LatencyTarget): WorkerScaling {
    return new WorkerScaling(undefined, target);
  }

  private constructor(private readonly messagesPerInstance?: number, private readonly latency?: LatencyTarget) {
  }

  /** @internal */
  public _check(scope: IConstruct): void {
    if (this.messagesPerInstance !== undefined) {
      checkWholeNumber(scope, 'scaling.messagesPerInstance', this.messagesPerInstance, { from: 1 });
    }
    if (this.latency) { checkLatency(scope, this.latency); }
  }

  /**
   * The messages of each instance to keep.
   *
   * @internal
   */
  public _target(): number {
    if (!this.latency) { return this.messagesPerInstance ?? 1; }
    return this.latency.acceptableLatency.toMilliseconds() / this.latency.meanProcessingTime.toMilliseconds();
  }
}

function checkLatency(scope: IConstruct, { acceptableLatency, meanProcessingTime }: LatencyTarget): void {
  for (const [name, duration] of Object.entries({ acceptableLatency, meanProcessingTime })) {
    if (duration.isUnresolved()) {
      throw new ConfigurationError(scope, `'scaling.${name}' is not known at synth, and the backlog of an instance is computed from it`,
        'give a duration, or WorkerScaling.onBacklog with the number of messages');
    }
  }
  checkDuration(scope, 'scaling.acceptableLatency', acceptableLatency, { from: 1 });
  const [latency, each] = [acceptableLatency.toMilliseconds(), meanProcessingTime.toMilliseconds()];
  if (each <= 0 || each > latency) {
    throw new ConfigurationError(scope,
      `'scaling.meanProcessingTime' (${each} milliseconds) is not between 0 and 'scaling.acceptableLatency' (${latency} milliseconds)`,
      'give a latency of at least the time that one message takes');
  }
}
