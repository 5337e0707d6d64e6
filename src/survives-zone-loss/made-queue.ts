import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { FleetQueue, WorkQueueOptions } from './work-queue-options';
import { ConfigurationError } from '../shared/configuration-error';
import { checkWholeNumber } from '../shared/numbers';
import { checkDeadLetterQueue, checkVisibility, Kept, visibilityFor, warnOfDeadLetters, WorkTime } from '../shared/queues';
import { LONGEST_RETENTION } from '../shared/sqs-limits';

/** A queue that is made for the fleet. Part of `WorkQueue`, not exported. */
export class MadeQueue {
  public readonly given = undefined;

  constructor(public readonly fifo: boolean, public readonly options: WorkQueueOptions) {
  }

  public check(scope: IConstruct, prop: string, work: WorkTime): void {
    const { queueName, visibilityTimeout, maxReceiveCount, deadLetterQueue } = this.options;
    if (queueName !== undefined) { checkName(scope, `${prop}.queueName`, queueName, this.fifo); }
    if (visibilityTimeout) {
      checkVisibility(scope, `${prop}.visibilityTimeout`, visibilityTimeout, work,
        "lengthen the visibility timeout, or leave it out: it is then twice 'maxProcessingTime'");
    }
    if (maxReceiveCount !== undefined) { checkWholeNumber(scope, `${prop}.maxReceiveCount`, maxReceiveCount, { from: 1, to: 1000 }); }
    if (deadLetterQueue) { checkDeadLetterQueue(scope, prop, this.kept(), deadLetterQueue); }
  }

  public visibilityTimeout(work: WorkTime): Duration {
    return this.options.visibilityTimeout ?? visibilityFor(work);
  }

  public create(scope: Construct, prop: string, visibilityTimeout: Duration, removalPolicy: RemovalPolicy, { isExtended }: WorkTime): FleetQueue {
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
      queueName: this.options.queueName,
      visibilityTimeout,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: this.options.maxReceiveCount ?? (isExtended ? 5 : 3) },
    });
    warnOfDeadLetters(scope, prop, this.kept(), deadLetterQueue);
    return { queue, deadLetterQueue, visibilityTimeout };
  }

  private kept(): Kept {
    return { fifo: this.fifo, retention: LONGEST_RETENTION };
  }
}

/** Refuses a name that SQS would not take, or by which CDK would take the queue for one of the other type. */
function checkName(scope: IConstruct, prop: string, name: string, fifo: boolean): void {
  if (Token.isUnresolved(name)) { return; }
  const [bare, isFifo] = name.endsWith('.fifo') ? [name.slice(0, -'.fifo'.length), true] : [name, false];
  if (isFifo && !fifo) {
    throw new ConfigurationError(scope, `'${prop}' is '${name}', which is the name of a FIFO queue`, 'leave .fifo out, or give WorkQueue.fifo');
  }
  if (!isFifo && fifo) {
    throw new ConfigurationError(scope, `'${prop}' is '${name}', but the name of a FIFO queue ends in .fifo`, `write '${name}.fifo'`);
  }
  if (!/^[A-Za-z0-9_-]+$/.test(bare) || name.length > 80) {
    throw new ConfigurationError(scope, `'${prop}' is '${name}'`,
      `give 1 to 80 letters, digits, '-' and '_'${fifo ? ", of which the last are '.fifo'" : ''}`);
  }
}
