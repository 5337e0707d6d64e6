import { hasStandby, LeveledService, leveledServiceOf, ServiceLevel } from './service-levels';
import { Fault } from '../fault-simulation/faults';
import { isFleet } from '../fault-simulation/members';
import { Simulation } from '../fault-simulation/simulation';
import { Resource } from '../fault-simulation/template/world';

/** A factor of the ceiling. */
export interface UsedLevel {
  readonly service: string;
  /** The components that it stands for. */
  readonly of: readonly string[];
  readonly level: ServiceLevel;
}

export interface Ceiling {
  readonly availability: number;
  readonly levels: readonly UsedLevel[];
  /** What it cannot do without, and of which the table has no figure. */
  readonly unlisted: readonly string[];
}

/** Whether a service is down for good under a fault. */
export type IsLost = (fault: Fault) => boolean;

/** The product of the SLAs of what a service cannot do without. */
export function ceilingOf(needed: readonly Resource[], simulation: Simulation, zones: readonly Fault[], isLost: IsLost): Ceiling {
  const listed = needed.flatMap(component => {
    const service = leveledServiceOf(component);
    return service ? [{ component, service }] : [];
  });
  const inevitable = listed.filter(({ component }) => isLost({ kind: 'gone', of: component.key }));
  const levels = inevitable.map(({ component, service }) => ({ component, service, level: levelOf(component, service, simulation, zones) }));
  const known = levels.flatMap(({ component, service, level }) => level ? [{ component, service: service.service, level }] : []);
  const inPlaceOfEachOther = alternatives(listed.filter(one => !inevitable.includes(one)), inevitable)
    .filter(group => isLost({ kind: 'pair', faults: group.map(({ component }) => ({ kind: 'gone', of: component.key })) }));
  const used = [...joined(known), ...inPlaceOfEachOther.flatMap(group => jointLevelOf(group, simulation, zones))];
  return {
    availability: used.reduce((product, { level }) => product * level.availability, 1),
    levels: used,
    unlisted: levels.filter(({ level }) => !level).map(({ component }) => component.key),
  };
}

interface Listed {
  readonly component: Resource;
  readonly service: LeveledService;
}

/** Things of one service in one Region that stand in for each other; where one of them is inevitable, that counts already. */
function alternatives(avoidable: readonly Listed[], inevitable: readonly Listed[]): Listed[][] {
  const nameOf = ({ component, service }: Listed) => `${service.service} ${component.region}`;
  const counted = new Set(inevitable.map(nameOf));
  const groups = new Map<string, Listed[]>();
  avoidable.filter(one => !counted.has(nameOf(one))).forEach(one => groups.set(nameOf(one), [...groups.get(nameOf(one)) ?? [], one]));
  return [...groups.values()].filter(group => group.length > 1);
}

/** They fail by common causes, too, so that they are no better together than their service is in several zones. */
function jointLevelOf(group: readonly Listed[], simulation: Simulation, zones: readonly Fault[]): UsedLevel[] {
  const isApart = !zones.some(zone => group.every(({ component }) => isGoneWith(component, zone, simulation)));
  const [{ component: first, service }] = group;
  const level = isApart ? service.severalZones : levelOf(first, service, simulation, zones);
  return level ? [{ service: service.service, of: group.map(({ component }) => component.key), level }] : [];
}

function levelOf(component: Resource, service: LeveledService, simulation: Simulation, zones: readonly Fault[]): ServiceLevel | undefined {
  return service[isInSeveralZones(component, simulation, zones) ? 'severalZones' : 'oneZone'];
}

/** Whether no zone takes all of it, for longer than a takeover; a fleet of one is in one zone, wherever it may be started anew. */
function isInSeveralZones(component: Resource, simulation: Simulation, zones: readonly Fault[]): boolean {
  if (hasStandby(component.properties)) { return true; }
  return !zones.some(zone => isGoneWith(component, zone, simulation));
}

/** What the template does not decide is taken for gone. */
function isGoneWith(component: Resource, zone: Fault, simulation: Simulation): boolean {
  const { atOnce } = simulation.alone(component, zone);
  return atOnce === 'lost' || atOnce === 'unknown' || (isFleet(component) && atOnce === 'interrupted');
}

/** One figure for what shares it. */
function joined(used: readonly { readonly component: Resource; readonly service: string; readonly level: ServiceLevel }[]): UsedLevel[] {
  const levels = new Map<string, UsedLevel>();
  for (const { component, service, level } of used) {
    const name = level.shared ? `${service} ${component.region}` : component.key;
    levels.set(name, { service, of: [...levels.get(name)?.of ?? [], component.key], level });
  }
  return [...levels.values()];
}
