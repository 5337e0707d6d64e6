import { chainTo, Link } from './chain';
import { holdsData, stateAfterHand } from './components/deletion';
import { Damage, Fault } from './faults';
import { whyHarmless } from './harmless';
import { Islands } from './islands';
import { isFleet, membersOf } from './members';
import { Context, Model } from './model';
import { modelOf, STEERS } from './models';
import { servicesOf } from './services';
import { NamedFault, singleFaultsOf } from './single-faults';
import { DataAtRisk, downOf, isWell, JudgedNeed, lost, Messages, sameState, State, undecided, WELL } from './state';
import { Resource, Unread, World } from './template/world';
import { Tier, tiersOf } from './tiers';
import { Facts, Topology } from './topology';
import { Place } from './zones';

/** What becomes of a component, at once and when every automatic mechanism has done what it can. */
export interface Verdict {
  readonly atOnce: 'unaffected' | 'degraded' | 'interrupted' | 'lost' | 'unknown' | 'absent';
  readonly afterRecovery: 'unaffected' | 'degraded' | 'lost' | 'unknown' | 'absent';
  /** The share of the capacity that is left at once; 1 where nothing is lost. */
  readonly capacityLeft?: number;
  /** Until the verdict after recovery is reached. */
  readonly recoverySeconds?: number;
  readonly data?: DataAtRisk;
  /** Whether the members that are left at once are as many as are needed, and who says how many that is; undefined if nobody does. */
  readonly need?: JudgedNeed;
  /** What becomes of the messages of a queue. */
  readonly messages?: Messages;
  /** From the fault on. */
  readonly chain: readonly Link[];
}

/** Enough for what needs each other in a circle; a chain takes no more rounds than it has links. */
const MOST_ROUNDS = 50;

/** Transforms that leave all but types of their own alone. */
const HARMLESS_TRANSFORMS = new Set(['AWS::LanguageExtensions', 'AWS::SecretsManager-2020-07-23', 'AWS::SecretsManager-2024-09-16']);

/** A zone in which nothing stands: without it, all is asked how it stands, and nothing falls. */
const NOWHERE = 'nowhere#0';

const NO_DAMAGE = new Damage({ kind: 'pair', faults: [] });

/** Types that stand outside of every Region. */
const GLOBAL = /^AWS::(CloudFront|Route53|IAM|GlobalAccelerator)::/;

/** Takes things away from the stacks, and says what still stands. */
export class Simulation {
  private readonly topology: Topology;
  private readonly transformed: ReadonlySet<string>;
  private readonly resources: readonly Resource[];
  /** All but what steers others. */
  private readonly active: readonly Resource[];
  private readonly islands: Islands;
  private readonly models: ReadonlyMap<string, Model | undefined>;

  constructor(private readonly world: World, facts: Facts = {}) {
    this.topology = new Topology(world, facts);
    this.transformed = new Set([...world.stacks.values()].filter(({ template }) => {
      const transforms = template.Transform === undefined ? [] : [template.Transform].flat();
      return transforms.some(one => typeof one !== 'string' || !HARMLESS_TRANSFORMS.has(one));
    }).map(({ name }) => name));
    this.resources = [...world.resources.values()].filter(({ presence }) => presence !== 'absent');
    this.models = new Map([...new Set(this.resources.map(({ type }) => type))].map(type => [type, modelOf(type)]));
    this.active = this.resources.filter(({ type, stack }) => this.models.get(type) !== STEERS || this.transformed.has(stack));
    this.islands = new Islands(this.resources, this.active, this.topology);
  }

  /** What could not be read, resources of types that are not known among it. */
  public get unread(): readonly Unread[] {
    const types = this.resources.filter(({ type }) => !this.models.get(type)).map(({ key, type }) => ({ where: key, why: `${type} is not read` }));
    return [...this.world.unread, ...types];
  }

  /** What users see. */
  public get services(): readonly Resource[] {
    return this.topology.once('services', () => servicesOf(this.topology));
  }

  /** Every single fault that can happen by itself. */
  public get singleFaults(): readonly NamedFault[] {
    return this.topology.once('single faults', () => singleFaultsOf(this.world, this.topology, this.active));
  }

  /** All but what steers others. */
  public get components(): readonly Resource[] {
    return this.active;
  }

  /** The zones in which a component may stand; some are not known by name. */
  public placesOf(component: Resource): readonly Place[] {
    return this.topology.placesOf(component);
  }

  /** How many equal members a component has, each of which can fail by itself; undefined where the template does not say. */
  public membersOf(component: Resource): number | undefined {
    return membersOf(component, this.topology);
  }

  /** How many members a fleet has to have, if anybody says so. */
  public needOf(component: Resource): number | undefined {
    return this.topology.needOf(component)?.count;
  }

  /** Fleets that serve something, of which a number of members has to be left in all. */
  public get tiers(): readonly Tier[] {
    return this.topology.once('tiers', () => tiersOf(this.topology));
  }

  /** The Regions in which something stands. */
  public get regions(): readonly string[] {
    return [...new Set(this.active.filter(({ type }) => !GLOBAL.test(type)).map(({ region }) => region))];
  }

  /** For each component, those by which it is decided how it stands. */
  public get needs(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.topology.once('needs', () => {
      const needs = new Map<string, Set<string>>();
      for (const damage of [NOWHERE, ...this.topology.zonesInUse()].map(zone => new Damage({ kind: 'zone', zone }))) {
        const states = this.statesUnder(damage);
        for (const resource of this.active) {
          const asked = needs.get(resource.key) ?? new Set();
          needs.set(resource.key, asked);
          this.stateOf(resource, { topology: this.topology, damage, state: key => { asked.add(key); return states.get(key) ?? WELL; } });
        }
      }
      return needs;
    });
  }

  /** What is needed by these, directly or by way of others, and they themselves. */
  public neededBy(keys: Iterable<string>): ReadonlySet<string> {
    const found = new Set(keys);
    // a set is gone through in the order in which it is filled, what comes in on the way included
    for (const key of found) { this.needs.get(key)?.forEach(other => found.add(other)); }
    return found;
  }

  /** Why a fault would hit nothing that is there, so that all would seem to stand; undefined if it can. */
  public whyHarmless(fault: Fault): string | undefined {
    return whyHarmless(fault, { topology: this.topology, affectedBy: one => this.under(one).affected.map(([key]) => key) });
  }

  /** What becomes of everything. */
  public under(fault: Fault): Verdicts {
    return new Verdicts(this.world, this.statesUnder(new Damage(fault)));
  }

  /**
   * For how many seconds less of a component works than is needed; infinite if that does not end by itself, undefined where it is not
   * decided. Only what it asks for is worked out.
   *
   * @param elsewhere components of which it is known better that they are not where the fault is, as a primary of which AWS chose the zone
   */
  public downOf(component: Resource, fault: Fault, elsewhere: ReadonlySet<string> = new Set()): number | undefined {
    const damage = new Damage(fault);
    const states = new Map<string, State>();
    const asked = new Map([[component.key, component]]);
    const context: Context = {
      topology: this.topology,
      damage,
      elsewhere,
      state: key => {
        const other = this.world.resource(key);
        if (other) { asked.set(key, other); }
        return states.get(key) ?? WELL;
      },
    };
    const spared: Context = { ...context, damage: NO_DAMAGE };
    // what is asked for on the way is gone through, too
    this.settle(() => asked.values(), states, resource => elsewhere.has(resource.key) && !isFleet(resource) ? spared : context);
    const state = states.get(component.key) ?? WELL;
    return state.now === undefined || state.later === undefined ? undefined : downOf(state);
  }

  /** How a component stands by itself, while all that it needs stands. */
  public alone(component: Resource, fault: Fault): Verdict {
    const damage = new Damage(fault);
    return verdictOn(component, this.stateOf(component, { topology: this.topology, damage, state: () => WELL }), []);
  }

  /** Worked out in rounds: all stands at first, and falls with what it needs, until nothing more does. */
  private statesUnder(damage: Damage): ReadonlyMap<string, State> {
    const states = new Map<string, State>();
    const context: Context = { topology: this.topology, damage, state: key => states.get(key) ?? WELL };
    const touched = this.touchedBy(damage);
    this.settle(() => touched, states, () => context);
    return states;
  }

  private settle(resources: () => Iterable<Resource>, states: Map<string, State>, contextOf: (resource: Resource) => Context): void {
    for (let round = 0, changed = true; changed && round < Math.max(MOST_ROUNDS, this.active.length); round++) {
      changed = false;
      for (const resource of resources()) {
        const state = this.stateOf(resource, contextOf(resource));
        if (!sameState(state, states.get(resource.key) ?? WELL)) {
          states.set(resource.key, state);
          changed = true;
        }
      }
    }
  }

  /** What can be otherwise under the damage: everything without a zone, a Region or a stack, else what has to do with what it is about. */
  private touchedBy({ deletesStack, hasAnyZone, components }: Damage): readonly Resource[] {
    if (deletesStack) { return this.resources; }
    const hit = components.flatMap(key => this.world.resource(key) ?? []);
    const opaque = this.transformed.size === 0 ? [] : this.active.filter(({ stack }) => this.transformed.has(stack));
    return [...new Set([...hasAnyZone ? this.active : components.flatMap(key => this.islands.of(key)), ...opaque, ...hit])];
  }

  private stateOf(resource: Resource, context: Context): State {
    if (this.transformed.has(resource.stack)) { return undecided(`a transform decides what becomes of ${resource.key}`); }
    const byHand = stateAfterHand(resource, context);
    if (byHand) { return byHand; }
    const model = this.models.get(resource.type);
    const state = model ? model(resource, context) : stateOfUnread(resource, context);
    if (state.now === undefined && context.damage.hasRegion(resource.region) && !GLOBAL.test(resource.type)) {
      return lost(`${resource.key} is in the lost Region`, undefined, holdsData(resource) ? 'everything' : undefined);
    }
    const open = resource.presence === 'unknown' && state.now !== undefined && state.now > 0 && state.now < 1;
    return open ? undecided(`a condition decides whether ${resource.key} is there`) : state;
  }
}

/** A type that is not read can be hit by a zone, and by whatever it refers to. */
function stateOfUnread(resource: Resource, { damage, state, topology }: Context): State {
  const hit = damage.hasAnyZone || damage.touches(resource.key) || [...topology.mentionedBy(resource)].some(key => !isWell(state(key)));
  return hit ? undecided(`${resource.type} is not read`) : WELL;
}

/** The verdicts on all components, by their keys; worked out as they are asked for. */
export class Verdicts {
  constructor(private readonly world: World, private readonly states: ReadonlyMap<string, State>) {
  }

  public get(key: string): Verdict | undefined {
    const resource = this.world.resource(key);
    return resource && this.verdictOn(resource);
  }

  /** Those that are not unaffected. */
  public get affected(): readonly [string, Verdict][] {
    return [...this.states.keys()].flatMap((key): [string, Verdict][] => {
      const verdict = this.get(key);
      return verdict === undefined || verdict.atOnce === 'unaffected' ? [] : [[key, verdict]];
    });
  }

  public keys(): IterableIterator<string> {
    return this.world.resources.keys();
  }

  public* [Symbol.iterator](): IterableIterator<[string, Verdict]> {
    for (const resource of this.world.resources.values()) {
      yield [resource.key, this.verdictOn(resource)];
    }
  }

  private verdictOn(resource: Resource): Verdict {
    return verdictOn(resource, this.states.get(resource.key) ?? WELL, chainTo(resource.key, this.states));
  }
}

function verdictOn(resource: Resource, { now, later, seconds, data, need, messages }: State, chain: readonly Link[]): Verdict {
  if (resource.presence === 'absent') { return { atOnce: 'absent', afterRecovery: 'absent', chain: [] }; }
  if (now === undefined || later === undefined) { return { atOnce: 'unknown', afterRecovery: 'unknown', data, messages, chain }; }
  if (now >= 1) { return { atOnce: 'unaffected', afterRecovery: 'unaffected', data: data ?? 'none', messages, chain }; }
  const afterRecovery = later >= 1 ? 'unaffected' : later > 0 ? 'degraded' : 'lost';
  const atOnce = now > 0 ? 'degraded' : later > 0 ? 'interrupted' : 'lost';
  return {
    atOnce,
    afterRecovery,
    capacityLeft: now > 0 ? now : undefined,
    recoverySeconds: later > now ? seconds : undefined,
    data: data ?? 'none',
    need,
    messages,
    chain,
  };
}
