import { Duration } from 'aws-cdk-lib';

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

  /**
   * The most messages that are sent in a minute. With it a `maxCapacity` that cannot hold the latency then is warned of.
   *
   * @default - nothing is said of `maxCapacity`
   */
  readonly peakMessagesPerMinute?: number;

  /**
   * So long it takes from the launch of an instance until it works on messages.
   *
   * @default Duration.minutes(3)
   */
  readonly startTime?: Duration;
}

/**
 * What is known of the workers that are scaled on their backlog.
 */
export interface BacklogOptions {
  /**
   * So many messages one instance works on at once. An instance that has this many is busy, and the fleet does not shrink while most
   * are: too small a figure keeps too large a fleet.
   *
   * @default - the `concurrency` of the `runner`, 1 without one
   */
  readonly messagesAtOnce?: number;
}
