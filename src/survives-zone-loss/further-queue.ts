import { WorkQueue } from './work-queue';

/**
 * A queue of less important messages, which the workers of a fleet take besides those of its own queue.
 */
export interface FurtherQueue {
  /**
   * What the queue is called in the app and on alarms: letters and digits, a letter first.
   */
  readonly name: string;

  /**
   * Of 100 times that a worker looks for messages, so many it looks here first, although more important ones may wait; 1 to 99. All of
   * them together leave at least 1 to the queue of the fleet.
   */
  readonly share: number;

  /**
   * The queue; of the same type, standard or FIFO, as that of the fleet.
   *
   * @default - one like the default of the fleet, of the type of its queue
   */
  readonly queue?: WorkQueue;
}
