import { RatedFault } from './faults';
import { Placement } from './placement';
import { Fault } from '../fault-simulation/faults';
import { Simulation, Verdicts } from '../fault-simulation/simulation';
import { Resource } from '../fault-simulation/template/world';

/** How long it takes until a human has repaired what does not come back by itself, and what is taken for what is not decided. */
export interface Repair {
  readonly seconds: number;
  readonly isUnknownDown: boolean;
}

/** More things of which AWS chose the zone are taken at their worst, as the simulation does: each doubles what has to be simulated. */
const MOST_CHOICES = 6;

/** How long services are down under faults; each is simulated once. */
export class Outages {
  private readonly simulated = new Map<string, Verdicts>();

  constructor(private readonly simulation: Simulation, private readonly placement: Placement) {
  }

  /** A mean, over what AWS may have chosen: of the faults in several zones in which a thing may stand one hits it. */
  public secondsOf(service: string, needed: readonly Resource[], fault: RatedFault, repair: Repair): number {
    const choices = fault.kind === 'zone' ? this.choicesIn(fault, needed) : [];
    return this.mean(service, fault.fault, repair, choices, []);
  }

  /** Down until a human acts, or not decided. */
  public isLost(service: string, fault: Fault): boolean {
    return (this.under(fault, []).downOf(service) ?? Infinity) === Infinity;
  }

  /** Whether it is not decided how a service stands. */
  public isUnknown(service: string, fault: Fault): boolean {
    return this.under(fault, []).downOf(service) === undefined;
  }

  private choicesIn(zone: RatedFault, needed: readonly Resource[]): Resource[] {
    return needed.filter(component => this.placement.hits(zone, component) && this.placement.chanceOf(component) < 1).slice(0, MOST_CHOICES);
  }

  private mean(service: string, fault: Fault, repair: Repair, choices: readonly Resource[], elsewhere: readonly string[]): number {
    const worst = this.down(service, fault, repair, elsewhere);
    const [choice, ...others] = choices;
    if (!choice || worst === this.down(service, fault, repair, [...elsewhere, ...choices.map(({ key }) => key)])) { return worst; }
    const chance = this.placement.chanceOf(choice);
    return chance * this.mean(service, fault, repair, others, elsewhere)
      + (1 - chance) * this.mean(service, fault, repair, others, [...elsewhere, choice.key]);
  }

  /** What comes back by itself later than a human would have repaired it is repaired. */
  private down(service: string, fault: Fault, { seconds, isUnknownDown }: Repair, elsewhere: readonly string[]): number {
    return Math.min(seconds, this.under(fault, elsewhere).downOf(service) ?? (isUnknownDown ? Infinity : 0));
  }

  private under(fault: Fault, elsewhere: readonly string[]): Verdicts {
    const name = JSON.stringify([fault, [...elsewhere].sort()]);
    const known = this.simulated.get(name) ?? this.simulation.under(fault, new Set(elsewhere));
    this.simulated.set(name, known);
    return known;
  }
}
