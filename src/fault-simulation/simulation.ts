import { stateAfterHand } from './components/deletion';
import { Damage, Fault } from './faults';
import { Context } from './model';
import { modelOf } from './models';
import { DataAtRisk, sameState, State, undecided, WELL } from './state';
import { Resource, World } from './template/world';
import { Facts, Topology } from './topology';

/** What becomes of a component, at once and when every automatic mechanism has done what it can. */
export interface Verdict {
  readonly atOnce: 'unaffected' | 'degraded' | 'interrupted' | 'lost' | 'unknown' | 'absent';
  readonly afterRecovery: 'unaffected' | 'degraded' | 'lost' | 'unknown' | 'absent';
  /** The share of the capacity that is left at once; 1 where nothing is lost. */
  readonly capacityLeft?: number;
  /** Until the verdict after recovery is reached. */
  readonly recoverySeconds?: number;
  readonly data?: DataAtRisk;
  readonly why: readonly string[];
}

/** More rounds than a chain of needs is long. */
const MOST_ROUNDS = 50;

/** Transforms that leave all but types of their own alone. */
const HARMLESS_TRANSFORMS = new Set(['AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions', 'AWS::SecretsManager-2020-07-23', 'AWS::SecretsManager-2024-09-16']);

/** Takes things away from the stacks, and says what still stands. */
export class Simulation {
  private readonly topology: Topology;
  private readonly transformed: ReadonlySet<string>;

  constructor(private readonly world: World, facts: Facts = {}) {
    this.topology = new Topology(world, facts);
    this.transformed = new Set([...world.stacks.values()].filter(({ template }) => {
      const transforms = template.Transform === undefined ? [] : [template.Transform].flat();
      return transforms.some(one => typeof one !== 'string' || !HARMLESS_TRANSFORMS.has(one));
    }).map(({ name }) => name));
  }

  /** The verdicts of all components, by their keys. */
  public under(fault: Fault): ReadonlyMap<string, Verdict> {
    const states = this.statesUnder(new Damage(fault));
    return new Map([...this.world.resources.values()].map(resource => [resource.key, verdictOn(resource, states.get(resource.key) ?? WELL)]));
  }

  /** Worked out in rounds: all stands at first, and falls with what it needs, until nothing more does. */
  private statesUnder(damage: Damage): Map<string, State> {
    const states = new Map<string, State>();
    const context: Context = { topology: this.topology, damage, state: key => states.get(key) ?? WELL };
    const resources = [...this.world.resources.values()].filter(({ presence }) => presence !== 'absent');
    for (let round = 0, changed = true; changed && round < MOST_ROUNDS; round++) {
      changed = false;
      for (const resource of resources) {
        const state = this.stateOf(resource, context);
        if (!sameState(state, context.state(resource.key))) {
          states.set(resource.key, state);
          changed = true;
        }
      }
    }
    return states;
  }

  private stateOf(resource: Resource, context: Context): State {
    if (this.transformed.has(resource.stack)) { return undecided(`a transform decides what becomes of ${resource.key}`); }
    const byHand = stateAfterHand(resource, context);
    if (byHand) { return byHand; }
    const model = modelOf(resource.type);
    if (!model) { return context.damage.hasAnyZone || context.damage.touches(resource.key) ? undecided(`${resource.type} is not read`) : WELL; }
    const state = model(resource, context);
    return resource.presence === 'unknown' && (state.now ?? 0) > 0 && state.now !== 1 ? undecided(`a condition decides whether ${resource.key} is there`) : state;
  }
}

function verdictOn(resource: Resource, { now, later, seconds, data, why }: State): Verdict {
  if (resource.presence === 'absent') { return { atOnce: 'absent', afterRecovery: 'absent', why: [] }; }
  if (now === undefined || later === undefined) { return { atOnce: 'unknown', afterRecovery: 'unknown', data, why }; }
  if (now >= 1) { return { atOnce: 'unaffected', afterRecovery: 'unaffected', data: data ?? 'none', why }; }
  const afterRecovery = later >= 1 ? 'unaffected' : later > 0 ? 'degraded' : 'lost';
  const atOnce = now > 0 ? 'degraded' : later > 0 ? 'interrupted' : 'lost';
  return { atOnce, afterRecovery, capacityLeft: now > 0 ? now : undefined, recoverySeconds: later > now ? seconds : undefined, data: data ?? 'none', why };
}
