import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { FurtherQueue } from './further-queue';
import { WorkQueue } from './work-queue';
import { WorkerRunner } from './worker-runner';
import { WorkerScaling } from './worker-scaling';
import { InstanceTemplate } from '../launch-templates/instance-template';

/**
 * Properties of `SqsWorkerFleet`.
 */
export interface SqsWorkerFleetProps {
  /**
   * The network of the workers, over at least two availability zones.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the workers.
   *
   * @default - the private subnets with egress
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * How the workers are made. With a `runner` they have what does the work: the program or the server. Without one they poll the queue by
   * themselves; its address can be put into the user data after the fleet is made.
   */
  readonly instanceTemplate: InstanceTemplate;

  /**
   * The longest that a worker takes for one message; whole seconds, up to 12 hours.
   *
   * From it follow for how long a message is hidden from other workers, and how long a worker that is to go may take. A `runner` ends
   * work that takes longer, and gives the message back.
   */
  readonly maxProcessingTime: Duration;

  /**
   * What takes the messages from the queue on each worker, and has the work done. It is started after all that `instanceTemplate` says,
   * and with it the `userData` of that run as those beside a `bootstrap` do: in bash, under `set -euo pipefail`, and what fails powers the
   * instance off.
   *
   * @default - the workers poll by themselves
   */
  readonly runner?: WorkerRunner;

  /**
   * The queue from which the workers take their messages.
   *
   * @default WorkQueue.standard()
   */
  readonly queue?: WorkQueue;

  /**
   * Queues of less important messages, the more important first, up to three: the workers take messages from them when the more important
   * ones are empty, and by their `share` also when not, so that none waits for ever. With a `runner` only.
   *
   * @default - none
   */
  readonly furtherQueues?: FurtherQueue[];

  /**
   * The need: workers that must be in service at any time, also at the moment in which a zone is lost.
   *
   * Over z zones the fleet keeps z · ⌈need / (z − 1)⌉ running. With 0 it goes to nothing when there has been nothing to do for
   * 15 minutes; the first message then waits until a worker has started.
   *
   * @default - one less than there are zones, which makes one worker in each zone
   */
  readonly neededCapacity?: number;

  /**
   * Most workers that run at any time.
   *
   * @default - twice what the need makes the fleet keep running, at least two in each zone
   */
  readonly maxCapacity?: number;

  /**
   * What the fleet grows and shrinks on.
   *
   * @default - WorkerScaling.onBacklog(10); with a `runner` 10 for each of the messages that it has at once
   */
  readonly scaling?: WorkerScaling;

  /**
   * An alarm goes off when a message is older than this and not done; 1 minute to 14 days.
   *
   * @default Duration.hours(1)
   */
  readonly maxMessageAge?: Duration;

  /**
   * Who is told by the alarms of the fleet, when they go off and when all is well again.
   *
   * @default - the alarms are made, and tell nobody
   */
  readonly alarmTopic?: ITopic;

  /**
   * What becomes of the queues, and of what is in them, when the fleet is removed from the stack.
   *
   * `RETAIN` keeps them and protects the group: turn it to `DESTROY` and deploy before you remove the fleet.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}
