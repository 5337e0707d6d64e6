import { FilterOrPolicy, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';

/**
 * Which messages of a topic come to a queue; without a filter all do.
 */
export interface TopicSubscriptionOptions {
  /**
   * The one of the fleet's `furtherQueues` that gets the messages, by its name.
   *
   * @default - the queue of the fleet
   */
  readonly furtherQueue?: string;

  /**
   * By message attributes, up to five: only messages of which each of these fits.
   *
   * @default - whatever attributes they have
   */
  readonly filterPolicy?: { [attribute: string]: SubscriptionFilter };

  /**
   * By what is in the message, which has to be JSON then, up to five keys: only messages of which each of these fits. Not together
   * with `filterPolicy`.
   *
   * @default - whatever is in them
   */
  readonly filterPolicyWithMessageBody?: { [key: string]: FilterOrPolicy };
}
