import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { PlannedQueue, planFurtherQueues } from './further-queues';
import { SqsWorkerFleetProps } from './sqs-worker-fleet-props';
import { WorkQueue } from './work-queue';
import { WorkerScaling } from './worker-scaling';
import { checkDuration, checkFixedDuration } from '../shared/numbers';
import { WorkTime } from '../shared/queues';
import { checkNotSnapshot } from '../shared/removal-policy';
import { LONGEST_RETENTION, LONGEST_VISIBILITY_TIMEOUT } from '../shared/sqs-limits';
import { capacityIn, FleetSizes, sizeForZoneLoss } from '../shared/zone-loss-sizing';
import { checkSeveralZones, selectSubnets, zonesOf } from '../shared/zones';

/** What the props of a worker fleet come to: checked, with every default filled in. */
export interface WorkerFleetPlan extends SqsWorkerFleetProps {
  readonly subnets: ec2.ISubnet[];
  readonly queue: WorkQueue;
  readonly work: WorkTime;
  readonly further: readonly PlannedQueue[];
  readonly visibilityTimeout: Duration;
  /** So many messages a worker has at once. */
  readonly concurrency: number;
  readonly sizes: FleetSizes;
  readonly scaling: WorkerScaling;
  readonly maxMessageAge: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** Checks all that can be known before anything is made. */
export function planWorkerFleet(scope: IConstruct, props: SqsWorkerFleetProps): WorkerFleetPlan {
  const subnets = selectSubnets(scope, 'vpcSubnets', props.vpc, props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
  checkSeveralZones(scope, 'vpcSubnets', subnets);
  const { runner, maxProcessingTime, queue = WorkQueue.standard() } = props;
  const hasRunner = Boolean(runner);
  const checkTime = hasRunner ? checkFixedDuration : checkDuration; // what the runner is told of it is computed
  checkTime(scope, 'maxProcessingTime', maxProcessingTime, { from: 1, to: LONGEST_VISIBILITY_TIMEOUT.toSeconds() });
  const work = { maxProcessingTime, isExtended: hasRunner };
  queue._check(scope, work);
  const further = planFurtherQueues(scope, props.furtherQueues, queue, work, hasRunner);
  runner?._check(scope);
  const concurrency = runner?._concurrency ?? 1;
  const plan = {
    ...props,
    subnets,
    queue,
    further,
    work,
    visibilityTimeout: queue._visibilityTimeout(work),
    concurrency,
    sizes: sizeForZoneLoss(scope, zonesOf(subnets)?.length, capacityIn(props.vpc, props), 0),
    scaling: props.scaling ?? WorkerScaling.onBacklog(10 * concurrency),
    maxMessageAge: props.maxMessageAge ?? Duration.hours(1),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
  };
  plan.instanceTemplate._check(scope, hasRunner ? 'runner' : undefined);
  checkDuration(scope, 'maxMessageAge', plan.maxMessageAge, { from: 60, to: LONGEST_RETENTION.toSeconds() });
  checkNotSnapshot(scope, plan.removalPolicy, 'a worker fleet');
  plan.scaling._check(scope, plan.sizes, concurrency); // last, as it also warns
  return plan;
}
