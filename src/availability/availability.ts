import { ceilingOf, UsedLevel } from './ceiling';
import { FAULT_RATES, RATED_KINDS, RatedKind } from './fault-rates';
import { RatedFault, ratedFaultsOf } from './faults';
import { chanceOfTooFew, spreadOver } from './fleets';
import { Outages, Repair } from './outages';
import { Placement } from './placement';
import { inWords, YEAR_SECONDS } from './words';
import { isFleet } from '../fault-simulation/members';
import { Simulation } from '../fault-simulation/simulation';
import { Resource } from '../fault-simulation/template/world';
import { Tier } from '../fault-simulation/tiers';

/** What no template says. */
export interface Assumptions {
  /** Faults a year, by kind, of each thing to which they happen. */
  readonly rates: Readonly<Record<RatedKind, number>>;
  /** Until a human has repaired what does not come back by itself. */
  readonly repairSeconds: number;
  /** By which rates and repair time may be wrong, either way. */
  readonly uncertainty: number;
}

export const DEFAULT_REPAIR_SECONDS = 4 * 3600;
export const DEFAULT_UNCERTAINTY = 3;

/** What a fault costs a service. */
export interface Cost {
  /** As the simulation names it; `members:Stack/LogicalId` for several members of a fleet at once. */
  readonly fault: string;
  readonly secondsPerYear: number;
}

/** The share of the time that a service is up, as its users see it. */
export interface Availability {
  /** `Stack/LogicalId`. */
  readonly service: string;
  /** The smaller of what is simulated and the ceiling, at the worst, as expected, and at the best end of the assumptions. */
  readonly lower: number;
  readonly expected: number;
  readonly upper: number;
  /** By rates of faults and simulated recovery alone. */
  readonly simulated: number;
  /** The product of the SLAs of what it cannot do without. */
  readonly ceiling: number;
  readonly levels: readonly UsedLevel[];
  /** What costs most first, as expected. */
  readonly costs: readonly Cost[];
  /** All that the figures rest on and that no template says, in words. */
  readonly assumptions: readonly string[];
}

/** The defaults, but for what is given. A rate or a time that cannot be is refused. */
export function assumptionsWith(
  rates: Readonly<Record<string, number>> = {}, repairSeconds = DEFAULT_REPAIR_SECONDS, uncertainty = DEFAULT_UNCERTAINTY,
): Assumptions {
  for (const [kind, rate] of Object.entries(rates)) {
    if (!(kind in FAULT_RATES)) { throw new Error(`no fault of kind '${kind}' has a rate; give one of ${RATED_KINDS.join(', ')}`); }
    if (!(rate >= 0 && rate < Infinity)) { throw new Error(`the rate of '${kind}' is ${rate}; give faults a year, 0 or more`); }
  }
  if (!(repairSeconds > 0 && repairSeconds < Infinity)) { throw new Error(`the time to repair is ${repairSeconds} s; give one above 0`); }
  if (!(uncertainty >= 1 && uncertainty < Infinity)) { throw new Error(`the uncertainty factor is ${uncertainty}; give 1 or more`); }
  const all = Object.fromEntries(RATED_KINDS.map(kind => [kind, rates[kind] ?? FAULT_RATES[kind].perYear]));
  return { rates: all as Record<RatedKind, number>, repairSeconds, uncertainty };
}

/** The availability of each service of a simulation. */
export function availabilityOf(simulation: Simulation, assumptions = assumptionsWith()): readonly Availability[] {
  const calculation = new Calculation(simulation, assumptions);
  return simulation.services.map(service => calculation.of(service));
}

/** One end of the interval, or what is expected. */
interface Case {
  readonly rates: Assumptions['rates'];
  readonly repair: Repair;
}

class Calculation {
  private readonly faults: readonly RatedFault[];
  private readonly zones: readonly RatedFault[];
  private readonly components: ReadonlyMap<string, Resource>;
  private readonly placement: Placement;

  constructor(private readonly simulation: Simulation, private readonly assumptions: Assumptions) {
    this.faults = ratedFaultsOf(simulation);
    this.zones = this.faults.filter(({ kind }) => kind === 'zone');
    this.components = new Map(simulation.components.map(component => [component.key, component]));
    this.placement = new Placement(simulation, this.zones);
  }

  public of(service: Resource): Availability {
    const needed = [...this.simulation.neededBy([service.key])].flatMap(key => this.components.get(key) ?? []);
    const outages = new Outages(service, needed, this.simulation, this.placement);
    const { uncertainty } = this.assumptions;
    const [worst, middle, best] = [uncertainty, 1, 1 / uncertainty].map(factor => this.costsOf(needed, outages, this.caseOf(factor)));
    const { availability: ceiling, levels, unlisted } = ceilingOf(needed, this.simulation, this.zones.map(({ fault }) => fault),
      fault => outages.isLost(fault));
    const [lower, simulated, upper] = [worst, middle, best].map(upShareOf);
    return {
      service: service.key,
      lower: Math.min(lower, ceiling),
      expected: Math.min(simulated, ceiling),
      upper: Math.min(upper, ceiling),
      simulated,
      ceiling,
      levels,
      costs: [...middle].sort((one, other) => other.secondsPerYear - one.secondsPerYear),
      assumptions: this.inWords(needed, outages, middle, levels, unlisted),
    };
  }

  /** What is not decided is up at the best end alone. */
  private caseOf(factor: number): Case {
    const rates = Object.fromEntries(RATED_KINDS.map(kind => [kind, this.assumptions.rates[kind] * factor]));
    return { rates: rates as Case['rates'], repair: { seconds: this.assumptions.repairSeconds * factor, isUnknownDown: factor >= 1 } };
  }

  private costsOf(needed: readonly Resource[], outages: Outages, of: Case): readonly Cost[] {
    // what a service does not need, it does not miss
    const single = this.faults.filter(({ of: component }) => !component || needed.includes(component)).map(fault => ({
      fault: fault.id,
      secondsPerYear: of.rates[fault.kind] * fault.members * outages.secondsOf(fault, of.repair),
    }));
    const several = this.tiersAmong(needed).filter(({ fleets }) => outages.isLost({ kind: 'pair', faults: fleets.map(({ key }) => ({ kind: 'gone', of: key })) }))
      .map(tier => ({ fault: `members:${tier.thing.key}`, secondsPerYear: YEAR_SECONDS * this.chanceOfSeveral(tier, outages, of) }));
    return [...single, ...several].filter(({ secondsPerYear }) => secondsPerYear > 0);
  }

  /** Fleets of which members are counted together, and each other one by itself. */
  private tiersAmong(needed: readonly Resource[]): readonly Tier[] {
    const tiers = this.simulation.tiers.filter(({ fleets }) => fleets.every(fleet => needed.includes(fleet)));
    const alone = needed.filter(component => isFleet(component) && !tiers.some(({ fleets }) => fleets.includes(component)));
    return [...tiers, ...alone.map(fleet => ({ thing: fleet, fleets: [fleet], needed: this.simulation.needOf(fleet) ?? 1 }))];
  }

  /** That members fail at once so that too few are left, where the one by itself does not come to that. */
  private chanceOfSeveral({ fleets, needed }: Tier, outages: Outages, { rates, repair }: Case): number {
    const sizes = fleets.map(fleet => this.simulation.membersOf(fleet));
    const size = sizes.reduce((sum: number, one) => sum + (one ?? NaN), 0);
    if (!(size - 1 >= needed)) { return 0; }
    const zones = this.zones.filter(zone => fleets.some(fleet => this.placement.hits(zone, fleet)));
    const members = this.membersByZone(fleets);
    // also by way of something else, as of a database in that zone
    const zoneIsEnough = size - Math.max(...members) < needed || zones.some(({ fault }) => outages.isLost(fault));
    const recoverySeconds = Math.max(...fleets.map(fleet => this.simulation.alone(fleet, { kind: 'instance', of: fleet.key }).recoverySeconds ?? Infinity));
    // what is left are states of two faults or more
    return chanceOfTooFew({
      members,
      needed,
      zoneUp: zoneIsEnough ? 1 : upShare(rates.zone * repair.seconds),
      memberUp: upShare(rates.instance * Math.min(repair.seconds, recoverySeconds)),
    });
  }

  /** How many members of all stand in each zone; what is in no zone that is known is by itself. */
  private membersByZone(fleets: readonly Resource[]): readonly number[] {
    const members = new Map<string, number>();
    for (const fleet of fleets) {
      const zones = this.zones.filter(zone => this.placement.hits(zone, fleet)).map(({ id }) => id);
      const places = zones.length === 0 ? [fleet.key] : zones;
      spreadOver(places.length, this.simulation.membersOf(fleet) ?? 0).forEach((count, index) =>
        members.set(places[index], (members.get(places[index]) ?? 0) + count));
    }
    return [...members.values()];
  }

  private inWords(needed: readonly Resource[], outages: Outages, costs: readonly Cost[], levels: readonly UsedLevel[], unlisted: readonly string[]) {
    const { rates, repairSeconds, uncertainty } = this.assumptions;
    const byId = new Map(this.faults.map(fault => [fault.id, fault]));
    const costly = costs.flatMap(({ fault }) => byId.get(fault) ?? []);
    const kinds = RATED_KINDS.filter(kind => costly.some(fault => fault.kind === kind));
    const unsure = [...new Set(levels.filter(({ level }) => !level.confirmed).map(({ service: name }) => name))];
    const fleets = needed.filter(isFleet);
    const inTiers = new Set(this.tiersAmong(needed).flatMap(tier => tier.fleets.includes(tier.thing) ? [] : tier.fleets));
    return [
      `${inWords(repairSeconds)} until a human has repaired what does not come back by itself`,
      ...kinds.map(kind => `${rates[kind]} faults a year of kind ${kind} (${rates[kind] === FAULT_RATES[kind].perYear ? FAULT_RATES[kind].basis : 'given'})`),
      ...uncertainty > 1 ? [`rates and repair time may be wrong by a factor of ${uncertainty}, either way`] : [],
      ...costly.filter(({ fault }) => outages.isUnknown(fault)).map(({ id }) => `${id} is not decided, and counts as down`),
      ...fleets.filter(fleet => !inTiers.has(fleet) && this.simulation.needOf(fleet) === undefined).map(({ key }) => `nobody says how many members ${key} needs: one is enough`),
      ...fleets.filter(fleet => this.simulation.membersOf(fleet) === undefined).map(({ key }) => `how many members ${key} has is not known: one`),
      ...unsure.length > 0 ? [`not confirmed by a text of AWS: the SLA of ${unsure.join(', ')}`] : [],
      ...unlisted.map(key => `no SLA is known of the form of ${key}`),
    ];
  }
}

/** Of events that come at random, with outages that may overlap, this share of the time has none. */
function upShareOf(costs: readonly Cost[]): number {
  return upShare(costs.reduce((sum, { secondsPerYear }) => sum + secondsPerYear, 0));
}

function upShare(secondsPerYear: number): number {
  return Math.exp(-secondsPerYear / YEAR_SECONDS);
}
