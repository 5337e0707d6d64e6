import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { GivenQueue } from './given-queue';
import { MadeQueue } from './made-queue';
import { QueueSource } from './queue-source';
import { FleetQueue, GivenQueueOptions, WorkQueueOptions } from './work-queue-options';
import { WorkTime } from '../shared/queues';

/**
 * The queue of a worker fleet: encrypted, by TLS only, messages are kept for 14 days. Or one that is there already.
 */
export class WorkQueue {
  /**
   * In about the order in which they were sent, and sometimes twice: workers take a message that they have done for done.
   */
  public static standard(options: WorkQueueOptions = {}): WorkQueue {
    return new WorkQueue(new MadeQueue(false, options));
  }

  /**
   * In the order within each message group, and only the next one when the one before it is done. Who sends gives the
   * message group, and an id by which SQS finds what was sent twice.
   */
  public static fifo(options: WorkQueueOptions = {}): WorkQueue {
    return new WorkQueue(new MadeQueue(true, options));
  }

  /**
   * A queue that is there already, standard or FIFO, of the app or imported. It stays as it is: how long it keeps messages, its
   * encryption, its policy and its removal policy are its own.
   *
   * A queue of the app is refused if it has no dead-letter queue, or hides messages for less than `maxProcessingTime` although no `runner`
   * extends that.
   */
  public static fromQueue(queue: sqs.IQueue, options: GivenQueueOptions = {}): WorkQueue {
    return new WorkQueue(new GivenQueue(queue, options));
  }

  private constructor(private readonly source: QueueSource) {
  }

  /** @internal */
  public get _fifo(): boolean {
    return this.source.fifo;
  }

  /**
   * What is there already.
   *
   * @internal
   */
  public get _given(): sqs.IQueue | undefined {
    return this.source.given;
  }

  /** @internal */
  public _check(scope: IConstruct, work: WorkTime, prop = 'queue'): void {
    this.source.check(scope, prop, work);
  }

  /** @internal */
  public _visibilityTimeout(work: WorkTime): Duration {
    return this.source.visibilityTimeout(work);
  }

  /**
   * The visibility timeout that the user gave.
   *
   * @internal
   */
  public get _givenVisibilityTimeout(): Duration | undefined {
    return this.source.options.visibilityTimeout;
  }

  /** @internal */
  public _create(
    scope: Construct, work: WorkTime, removalPolicy: RemovalPolicy, prop = 'queue', visibilityTimeout = this._visibilityTimeout(work),
  ): FleetQueue {
    return this.source.create(scope, prop, visibilityTimeout, removalPolicy, work);
  }
}
