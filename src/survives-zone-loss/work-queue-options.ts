import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';

/**
 * How a work queue hands out its messages.
 */
export interface WorkQueueOptions {
  /**
   * The name of the queue: 1 to 80 letters, digits, `-` and `_`, for a FIFO queue with `.fifo` at its end.
   *
   * Only one queue of a Region can have it, so that what replaces a queue cannot be made beside it. The dead-letter queue has no name of
   * its own.
   *
   * @default - CloudFormation gives one
   */
  readonly queueName?: string;

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
   * Where messages go that fail again and again; of the same type as the queue, and kept there for as long as in it, 14 days.
   *
   * In a standard queue the age of a message counts from when it was first sent: one that keeps messages for less may lose them at
   * once, and is refused.
   *
   * @default - a queue of its own
   */
  readonly deadLetterQueue?: sqs.IQueue;
}

/**
 * What is to be known of a queue that was there before its workers.
 */
export interface GivenQueueOptions {
  /**
   * Where the queue sends what fails again and again. An imported queue does not say it.
   *
   * @default - the dead-letter queue that the queue was made with; an imported one is refused without it
   */
  readonly deadLetterQueue?: sqs.IQueue;

  /**
   * For so long the queue hides a message that a worker has received. An imported queue does not say it.
   *
   * @default - what the queue was made with; of an imported one it is taken to be what it would be of a queue that
   * is made for the fleet
   */
  readonly visibilityTimeout?: Duration;
}

/**
 * A queue of a worker fleet.
 */
export interface FleetQueue {
  /**
   * What the workers take their messages from.
   */
  readonly queue: sqs.IQueue;

  /**
   * Where messages end that failed again and again.
   */
  readonly deadLetterQueue: sqs.IQueue;

  /**
   * For so long a message is hidden from other workers; a worker that dies keeps it for no longer.
   */
  readonly visibilityTimeout: Duration;
}
