import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { FleetQueue } from './work-queue-options';
import { WorkTime } from '../shared/queues';

/** Where the queue of a fleet comes from; `prop` is what the user calls it. */
export interface QueueSource {
  readonly fifo: boolean;
  readonly options: { readonly visibilityTimeout?: Duration };
  /** None: it is made. */
  readonly given?: sqs.IQueue;
  /** Refuses what no fleet can work on. */
  check(scope: IConstruct, prop: string, work: WorkTime): void;
  visibilityTimeout(work: WorkTime): Duration;
  create(scope: Construct, prop: string, visibilityTimeout: Duration, removalPolicy: RemovalPolicy, work: WorkTime): FleetQueue;
}
