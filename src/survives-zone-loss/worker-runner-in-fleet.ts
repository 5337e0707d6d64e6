import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { FleetQueues } from './further-queues';
import { WorkerFleetPlan } from './worker-fleet-plan';
import { RUNNER_NAMESPACE, runnerConfiguration, stopSeconds } from './worker-runner-configuration';
import { RUNNER, workerRunnerSteps } from './worker-runner-user-data';
import { LastSteps } from '../launch-templates/bootstrap-user-data';
import { programArchive } from '../launch-templates/instance-programs';
import { DrainHook } from '../shared/fleet';

/** What the runner of a fleet takes at the end of a start, if the fleet has one. */
export function runnerAtStart(fleet: IConstruct, plan: WorkerFleetPlan, queues: FleetQueues, hook: DrainHook): LastSteps | undefined {
  const { runner } = plan;
  if (!runner) { return undefined; }
  return {
    prop: 'runner',
    lines: createFetch => workerRunnerSteps({
      configuration: runnerConfiguration(fleet, plan, runner, queues, hook),
      environment: runner._environment,
      user: runner._user,
      stopSeconds: stopSeconds(plan),
    }, createFetch('RunnerPrograms', programArchive(RUNNER))),
  };
}

/** What a runner does besides its work on the queue: it tells how it is, and asks which group it is in. */
export function grantRunner({ grantPrincipal }: iam.IGrantable): void {
  const allow = (action: string, conditions?: Record<string, unknown>) =>
    grantPrincipal.addToPrincipalPolicy(new iam.PolicyStatement({ actions: [action], resources: ['*'], conditions }));
  // these know no narrower permission
  allow('cloudwatch:PutMetricData', { StringEquals: { 'cloudwatch:namespace': RUNNER_NAMESPACE } });
  allow('autoscaling:DescribeAutoScalingInstances');
}
