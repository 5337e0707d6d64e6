import { machineOf } from './machine';
import { runnerOn } from './worker-runner';
import { Context } from '../model';
import { secondsOf } from '../recovery-times';
import { Decision, State, undecided } from '../state';
import { Resource } from '../template/world';

/** How machines stand of which one is up without its program. */
export function withoutProgram(machine: Resource, size: number | undefined, { topology }: Context): State {
  const runner = runnerOn(machine, topology);
  const decision: Decision = { property: machineOf(machine, topology).userData };
  if (!runner || size === undefined) { return undecided(`what starts the program on ${machine.key} again is not in the template`, decision); }
  if (runner.isRestarted === undefined) { return undecided(`whether systemd starts the program on ${machine.key} again is not in its user data`, decision); }
  const now = (size - 1) / size;
  const seconds = secondsOf('programRestart') + runner.restartSeconds;
  return runner.isRestarted
    ? { now, later: 1, seconds, why: [{ what: `systemd starts the program on ${machine.key} again`, decision }] }
    : { now, later: now, seconds: 0, why: [{ what: `nothing starts the program on ${machine.key} again`, decision: { ...decision, remedy: 'Restart=on-failure' } }] };
}
