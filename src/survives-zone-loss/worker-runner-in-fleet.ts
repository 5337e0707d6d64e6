import { IConstruct } from 'constructs';
import { FleetQueues } from './further-queues';
import { WorkerFleetPlan } from './worker-fleet-plan';
import { runnerConfiguration, stopSeconds } from './worker-runner-configuration';
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
