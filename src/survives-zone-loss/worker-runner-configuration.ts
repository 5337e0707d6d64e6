import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { FleetQueues } from './further-queues';
import { WorkerFleetPlan } from './worker-fleet-plan';
import { WorkerRunner } from './worker-runner';
import { deployedPath } from '../shared/deployed-path';
import { DrainHook } from '../shared/fleet';

/** The namespace of what the runners measure. */
export const RUNNER_NAMESPACE = 'CdkFaultTolerance/SqsWorkerFleet';

/** Where a runner says on its machine how it is. */
export const RUNNER_HEALTH_PORT = 8643;

/** Work that takes longer protects its instance from scale-in; what is shorter ends within the termination hook. */
const PROTECT_AFTER_SECONDS = 60;

/** The system of an instance that shuts down is powered off by EC2 after some minutes ("a few", says the User Guide), so the runner is done before. */
const LONGEST_STOP_SECONDS = 90;

/** Whose figures they are. */
export function runnerDimensions(fleet: IConstruct): { Fleet: string } {
  return { Fleet: deployedPath(fleet) };
}

/** So long a runner may take to end what it has when it is told to stop. */
export function stopSeconds({ maxProcessingTime }: WorkerFleetPlan): number {
  return Math.min(maxProcessingTime.toSeconds(), LONGEST_STOP_SECONDS);
}

/** Whether a worker may have work so long that it protects itself. */
export function protectsItself({ work: { isExtended, maxProcessingTime } }: WorkerFleetPlan): boolean {
  return isExtended && maxProcessingTime.toSeconds() > PROTECT_AFTER_SECONDS;
}

/**
 * What the runner is to know, as JSON; its form is part of the runner (instance-programs/worker-runner).
 *
 * Not the name of the group, which is made from this: the runner asks for it.
 */
export function runnerConfiguration(fleet: IConstruct, plan: WorkerFleetPlan, runner: WorkerRunner, queues: FleetQueues, hook: DrainHook): string {
  const stack = Stack.of(fleet);
  return stack.toJsonString({
    region: stack.region,
    queueUrl: queues.first.queueUrl,
    ...queues.further.length > 0 ? { furtherQueues: queues.further.map(({ queue, share }) => ({ queueUrl: queue.queueUrl, share })) } : {},
    concurrency: runner._concurrency,
    visibilitySeconds: plan.visibilityTimeout.toSeconds(),
    maxProcessingSeconds: plan.maxProcessingTime.toSeconds(),
    stopSeconds: stopSeconds(plan),
    backoff: { firstSeconds: runner._firstBackoff, longestSeconds: runner._longestBackoff },
    handler: runner._handler,
    logOutput: runner._logOutput,
    autoScaling: {
      hook: hook.name,
      hookTimeoutSeconds: hook.timeoutSeconds,
      ...protectsItself(plan) ? { protectAfterSeconds: PROTECT_AFTER_SECONDS } : {},
    },
    healthPort: RUNNER_HEALTH_PORT,
    metrics: { namespace: RUNNER_NAMESPACE, dimensions: runnerDimensions(fleet) },
  });
}
