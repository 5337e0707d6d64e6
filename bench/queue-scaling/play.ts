import { Duration } from 'aws-cdk-lib';
import { PROCESSING_SECONDS, Scenario, SIZES, workOf } from './scenarios';
import { Environment, Minute, Outcome, simulate } from './simulation';
import { templateOf } from './stacks';
import { readTemplate, Template } from './template';

/** Figures of AWS's documents, or assumed; docs/queue-scaling.md says which is which. */
export const ENVIRONMENT: Environment = { metricLagMinutes: 1, inServiceAfter: 45, readyAfter: 120, busyCpu: 90, idleCpu: 3 };

export const ACCEPTABLE_LATENCY = Duration.minutes(20);

/** What one policy makes of one scenario. */
export interface Played extends Outcome {
  /** From the end of the burst until nothing waits any more, in minutes. */
  readonly drainMinutes: number;
  readonly turns: number;
}

export function play(
  scenario: Scenario, contestant: string, seed: number, acceptableLatency = ACCEPTABLE_LATENCY, environment = ENVIRONMENT,
): Played {
  const { fleet, policies, queue } = readTemplate(template(contestant, scenario.min ?? SIZES.min, acceptableLatency));
  const outcome = simulate({
    work: workOf(scenario),
    queue: { ...queue, asleepSeconds: scenario.asleepSeconds },
    fleet,
    policies,
    environment,
    untilSeconds: scenario.hours * 3600,
    seed,
    drainFrom: scenario.burst?.to,
  });
  return {
    ...outcome,
    drainMinutes: (outcome.drainedAt - (scenario.burst?.to ?? 0)) / 60,
    turns: turnsOf(outcome.minutes.slice((scenario.constantFrom ?? Infinity) / 60)),
  };
}

/** How often the capacity that is asked for turns: from growing to shrinking, or back. */
export function turnsOf(minutes: readonly Pick<Minute, 'desired'>[]): number {
  const signs = minutes.slice(1).map(({ desired }, index) => Math.sign(desired - minutes[index].desired)).filter(sign => sign !== 0);
  return signs.slice(1).filter((sign, index) => sign !== signs[index]).length;
}

const templates = new Map<string, Template>();

function template(contestant: string, min: number, acceptableLatency: Duration): Template {
  const key = `${contestant} ${min} ${acceptableLatency.toSeconds()}`;
  const made = templates.get(key) ?? templateOf(contestant, {
    min,
    max: SIZES.max,
    acceptableLatency,
    processingTime: Duration.seconds(PROCESSING_SECONDS),
    maxProcessingTime: Duration.minutes(2),
  });
  templates.set(key, made);
  return made;
}
