import { RatedFault } from './faults';
import { Placement } from './placement';
import { Fault } from '../fault-simulation/faults';
import { Simulation } from '../fault-simulation/simulation';
import { Resource } from '../fault-simulation/template/world';

/** How long it takes until a human has repaired what does not come back by itself, and what is taken for what is not decided. */
export interface Repair {
  readonly seconds: number;
  readonly isUnknownDown: boolean;
}

/** More things of which AWS chose the zone are taken at their worst, as the simulation does: each doubles what has to be simulated. */
const MOST_CHOICES = 6;

/** How long a service is down under faults; each is simulated once. */
export class Outages {
  private readonly simulated = new Map<string, number | undefined>();

  /**
   * @param needed what it stands on, itself among that
   */
  constructor(private readonly service: Resource, private readonly needed: readonly Resource[], private readonly simulation: Simulation,
    private readonly placement: Placement) {
  }

  /** A mean, over what AWS may have chosen: of the faults in several zones in which a thing may stand one hits it. */
  public secondsOf(fault: RatedFault, repair: Repair): number {
    return this.mean(fault.fault, repair, fault.kind === 'zone' ? this.choicesIn(fault) : [], []);
  }

  /** Down until a human acts, or not decided. */
  public isLost(fault: Fault): boolean {
    return (this.down(fault, []) ?? Infinity) === Infinity;
  }

  /** Whether it is not decided how the service stands. */
  public isUnknown(fault: Fault): boolean {
    return this.down(fault, []) === undefined;
  }

  private choicesIn(zone: RatedFault): Resource[] {
    return this.needed.filter(component => this.placement.hits(zone, component) && this.placement.chanceOf(component) < 1).slice(0, MOST_CHOICES);
  }

  private mean(fault: Fault, repair: Repair, choices: readonly Resource[], elsewhere: readonly string[]): number {
    const worst = this.outage(fault, repair, elsewhere);
    const [choice, ...others] = choices;
    if (!choice || worst === this.outage(fault, repair, [...elsewhere, ...choices.map(({ key }) => key)])) { return worst; }
    const chance = this.placement.chanceOf(choice);
    return chance * this.mean(fault, repair, others, elsewhere) + (1 - chance) * this.mean(fault, repair, others, [...elsewhere, choice.key]);
  }

  /** What comes back by itself later than a human would have repaired it is repaired. */
  private outage(fault: Fault, { seconds, isUnknownDown }: Repair, elsewhere: readonly string[]): number {
    return Math.min(seconds, this.down(fault, elsewhere) ?? (isUnknownDown ? Infinity : 0));
  }

  private down(fault: Fault, elsewhere: readonly string[]): number | undefined {
    const name = JSON.stringify([fault, elsewhere]);
    if (!this.simulated.has(name)) { this.simulated.set(name, this.simulation.downOf(this.service, fault, new Set(elsewhere))); }
    return this.simulated.get(name);
  }
}
