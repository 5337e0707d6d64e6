import { Duration, Resource } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { FleetQueue, GivenQueueOptions } from './work-queue-options';
import { ConfigurationError } from '../shared/configuration-error';
import {
  checkDeadLetterQueue, checkHome, checkVisibility, isTypeKnown, Kept, retentionOf, visibilityFor, visibilityTimeoutOf, warnOfDeadLetters, WorkTime,
} from '../shared/queues';

/** A queue that is there already. Part of `WorkQueue`, not exported. */
export class GivenQueue {
  public readonly fifo: boolean;

  constructor(public readonly given: sqs.IQueue, public readonly options: GivenQueueOptions) {
    this.fifo = given.fifo;
  }

  public check(scope: IConstruct, prop: string, work: WorkTime): void {
    checkHome(scope, prop, this.given, 'a fleet is scaled on figures of its own account and Region only');
    checkDeadLetterQueue(scope, prop, this.kept(), this.checkedDeadLetterQueue(scope, prop));
    const { visibilityTimeout } = this.options;
    const own = visibilityTimeoutOf(this.given);
    if (own && visibilityTimeout) {
      throw new ConfigurationError(scope, `'${prop}.visibilityTimeout' is given, but the queue says it itself`, 'leave it out');
    }
    if (visibilityTimeout) {
      checkVisibility(scope, `${prop}.visibilityTimeout`, visibilityTimeout, work, 'lengthen that of the queue');
    } else if (own) {
      checkVisibility(scope, `${prop}: visibilityTimeout of ${this.given.node.path}`, own, work,
        "give the queue a longer one, best twice 'maxProcessingTime'");
    }
  }

  public visibilityTimeout(work: WorkTime): Duration {
    return visibilityTimeoutOf(this.given) ?? this.options.visibilityTimeout ?? visibilityFor(work);
  }

  public create(scope: Construct, prop: string, visibilityTimeout: Duration): FleetQueue {
    const deadLetterQueue = this.deadLetterQueue() as sqs.IQueue; // checked
    warnOfDeadLetters(scope, prop, this.kept(), deadLetterQueue);
    return { queue: this.given, deadLetterQueue, visibilityTimeout };
  }

  private kept(): Kept {
    return { fifo: isTypeKnown(this.given) ? this.fifo : undefined, retention: retentionOf(this.given) };
  }

  private deadLetterQueue(): sqs.IQueue | undefined {
    return (this.given as sqs.Queue).deadLetterQueue?.queue ?? this.options.deadLetterQueue;
  }

  private checkedDeadLetterQueue(scope: IConstruct, prop: string): sqs.IQueue {
    const { deadLetterQueue } = this.options;
    const found = this.deadLetterQueue();
    if (Resource.isOwnedResource(this.given) && !(found && hasRedrive(this.given))) {
      throw new ConfigurationError(scope,
        `'${prop}' is ${this.given.node.path}, which has no dead-letter queue, so that a message which fails comes back until its time is over`,
        "give the queue a 'deadLetterQueue'");
    }
    if (!found) {
      throw new ConfigurationError(scope, `'${prop}' is imported, and does not say where it sends what fails again and again`,
        "give that queue as 'deadLetterQueue' of WorkQueue.fromQueue");
    }
    if (deadLetterQueue && found !== deadLetterQueue) {
      throw new ConfigurationError(scope,
        `'${prop}.deadLetterQueue' is ${deadLetterQueue.node.path}, but the queue sends what fails to ${found.node.path}`, 'leave it out');
    }
    return found;
  }
}

/** Whether a queue of the app says in any way that it moves what fails, be it in its L1 alone. */
function hasRedrive({ node: { defaultChild } }: sqs.IQueue): boolean {
  return defaultChild instanceof sqs.CfnQueue && defaultChild.redrivePolicy !== undefined;
}
