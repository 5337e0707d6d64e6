import { isRated, RatedKind } from './fault-rates';
import { Fault } from '../fault-simulation/faults';
import { Simulation } from '../fault-simulation/simulation';
import { ANY_ZONE } from '../fault-simulation/single-faults';
import { Resource, UNNAMED_REGION } from '../fault-simulation/template/world';
import { nameOfZone, zoneAt, zoneCount } from '../fault-simulation/zones';

/** A fault that has a rate, and on how many things it falls. */
export interface RatedFault {
  /** As the simulation names it. */
  readonly id: string;
  readonly kind: RatedKind;
  readonly fault: Fault;
  /** The component that it is about. */
  readonly of?: Resource;
  /** How many there are to which it can happen, each by itself. */
  readonly members: number;
}

/** Every single fault of the simulation, and those that it leaves to be asked for: Regions, volumes, zones of things that name none. */
export function ratedFaultsOf(simulation: Simulation): readonly RatedFault[] {
  const components = new Map(simulation.components.map(component => [component.key, component]));
  const volumes = simulation.components.filter(({ type }) => type === 'AWS::EC2::Volume')
    .map(({ key }) => ({ id: `volume:${key}`, kind: 'volume' as const, fault: { kind: 'volume' as const, of: key } }));
  // the zones of which any may be gone are each counted below
  const single = [...simulation.singleFaults.filter(({ id }) => id !== ANY_ZONE), ...volumes].flatMap(({ id, kind, fault }): RatedFault[] => {
    const of = 'of' in fault ? components.get(fault.of) : undefined;
    return isRated(kind) ? [{ id, kind, fault, of, members: of ? simulation.membersOf(of) ?? 1 : 1 }] : [];
  });
  return [...single, ...zonesWithoutName(simulation, single), ...simulation.regions.map(regionFault)];
}

function regionFault(region: string): RatedFault {
  return { id: region === UNNAMED_REGION ? 'region' : `region:${region}`, kind: 'region', fault: { kind: 'region', region }, members: 1 };
}

/** Where no zone is known by name, but something stands in one: it is in one of as many as the Region has. */
function zonesWithoutName(simulation: Simulation, faults: readonly RatedFault[]): readonly RatedFault[] {
  const named = new Set(faults.flatMap(({ fault }) => fault.kind === 'zone' ? [fault.zone.split('#')[0]] : []));
  const open = simulation.components.filter(component => simulation.placesOf(component).some(place => typeof place !== 'string'));
  const regions = [...new Set(open.map(({ region }) => region))].filter(region => !named.has(region));
  return regions.flatMap(region => Array.from({ length: zoneCount(region) }, (_, index): RatedFault => {
    const zone = zoneAt(region, index);
    return { id: `zone:${nameOfZone(zone)}`, kind: 'zone', fault: { kind: 'zone', zone }, members: 1 };
  }));
}
