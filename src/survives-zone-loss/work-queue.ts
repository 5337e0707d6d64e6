import { Duration, RemovalPolicy, Resource, Token } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { ConfigurationError } from '../shared/configuration-error';
import { checkDuration, checkWholeNumber } from '../shared/numbers';
import { LONGEST_RETENTION, LONGEST_VISIBILITY_TIMEOUT } from '../shared/sqs-limits';

/** A visibility that is extended while the work goes on, in seconds: as short as a dead worker's messages should wait, and no call a second. */
const EXTENDED = { from: 30, to: 60 };

/** It is extended at a third of it, and a call that takes three seconds may not be too late. */
const SHORTEST_EXTENDED = 10;

/**
 * How a work queue hands out its messages.
 */
export interface WorkQueueOptions {
  /**
   * For so long a message that a worker has received is hidden from the others; 1 second to 12 hours.
   *
   * When the worker dies, another one gets the message after this time. Shorter is sooner; shorter than
   * `maxProcessingTime` is refused, since messages would be worked on twice. A `runner` of the fleet hides a message for as long as it
   * is worked on, so with one it may be as short as 10 seconds.
   *
   * @default - twice the fleet's `maxProcessingTime`, at most 12 hours; with a `runner` `maxProcessingTime`, at least 30 seconds and at
   * most a minute
   */
  readonly visibilityTimeout?: Duration;

  /**
   * So many times a message is handed out before it goes to the dead-letter queue; 1 to 1000.
   *
   * The loss of a worker counts as well, so with 1 a lost instance takes good messages along.
   *
   * @default - 3; with a `runner` of the fleet 5, since it gives back what failed within seconds
   */
  readonly maxReceiveCount?: number;

  /**
   * Where messages go that fail again and again; of the same type as the queue.
   *
   * @default - a queue of its own
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * The queue of a worker fleet: encrypted, by TLS only, messages are kept for 14 days.
 */
export class WorkQueue {
  /**
   * In about the order in which they were sent, and sometimes twice: workers take a message that they have done for done.
   */
  public static standard(options: WorkQueueOptions = {}): WorkQueue {
    return new WorkQueue(false, options);
  }

  /**
   * In the order within each message group, and only the next one when the one before it is done. Who sends gives the
   * message group, and an id by which SQS finds what was sent twice.
   */
  public static fifo(options: WorkQueueOptions = {}): WorkQueue {
    return new WorkQueue(true, options);
  }

  private constructor(private readonly fifo: boolean, private readonly options: WorkQueueOptions) {
  }

  /**
   * @param isExtended whether the workers extend the visibility while they work, as a runner does
   *
   * @internal
   */
  public _check(scope: IConstruct, maxProcessingTime: Duration, isExtended: boolean): void {
    const { visibilityTimeout, maxReceiveCount, deadLetterQueue } = this.options;
    if (visibilityTimeout) { checkVisibility(scope, visibilityTimeout, isExtended ? undefined : maxProcessingTime); }
    if (maxReceiveCount !== undefined) { checkWholeNumber(scope, 'queue.maxReceiveCount', maxReceiveCount, { from: 1, to: 1000 }); }
    if (deadLetterQueue && isTypeKnown(deadLetterQueue) && deadLetterQueue.fifo !== this.fifo) {
      throw new ConfigurationError(scope,
        `'queue' is ${typeInWords(this.fifo)}, but 'queue.deadLetterQueue' is ${typeInWords(deadLetterQueue.fifo)}`,
        'give one of the same type, which is the only kind that SQS takes');
    }
  }

  /** @internal */
  public _visibilityTimeout(maxProcessingTime: Duration, isExtended: boolean): Duration {
    if (this.options.visibilityTimeout) { return this.options.visibilityTimeout; }
    if (maxProcessingTime.isUnresolved()) { return LONGEST_VISIBILITY_TIMEOUT; }
    if (isExtended) { return Duration.seconds(Math.min(Math.max(maxProcessingTime.toSeconds(), EXTENDED.from), EXTENDED.to)); }
    return Duration.seconds(Math.min(2 * maxProcessingTime.toSeconds(), LONGEST_VISIBILITY_TIMEOUT.toSeconds()));
  }

  /** @internal */
  public _create(
    scope: Construct, visibilityTimeout: Duration, removalPolicy: RemovalPolicy, isExtended: boolean,
  ): { queue: sqs.Queue; deadLetterQueue: sqs.IQueue } {
    const common = {
      fifo: this.fifo || undefined, // CloudFormation knows a standard queue by its absence
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: LONGEST_RETENTION,
      removalPolicy,
    };
    const deadLetterQueue = this.options.deadLetterQueue ?? new sqs.Queue(scope, 'DeadLetterQueue', common);
    const queue = new sqs.Queue(scope, 'Queue', {
      ...common,
      visibilityTimeout,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: this.options.maxReceiveCount ?? (isExtended ? 5 : 3) },
    });
    return { queue, deadLetterQueue };
  }
}

/** `maxProcessingTime` only where the visibility has to be as long. */
function checkVisibility(scope: IConstruct, visibilityTimeout: Duration, maxProcessingTime?: Duration): void {
  const from = maxProcessingTime ? 1 : SHORTEST_EXTENDED;
  checkDuration(scope, 'queue.visibilityTimeout', visibilityTimeout, { from, to: LONGEST_VISIBILITY_TIMEOUT.toSeconds() });
  if (visibilityTimeout.isUnresolved() || !maxProcessingTime || maxProcessingTime.isUnresolved()) { return; }
  if (visibilityTimeout.toSeconds() < maxProcessingTime.toSeconds()) {
    throw new ConfigurationError(scope,
      `'queue.visibilityTimeout' (${visibilityTimeout.toSeconds()} seconds) is below 'maxProcessingTime' `
      + `(${maxProcessingTime.toSeconds()} seconds), so a message would be given to a second worker while the first is at it`,
      "lengthen the visibility timeout, or leave it out: it is then twice 'maxProcessingTime'");
  }
}

/** A queue that is imported by an ARN known at deployment only says that it is standard, whatever it is. */
function isTypeKnown(queue: sqs.IQueue): boolean {
  return queue.fifo || Resource.isOwnedResource(queue) || !Token.isUnresolved(queue.queueArn);
}

function typeInWords(fifo: boolean): string {
  return fifo ? 'FIFO' : 'standard';
}
