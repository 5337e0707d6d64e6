import { RatedFault } from './faults';
import { isFleet } from '../fault-simulation/members';
import { Simulation } from '../fault-simulation/simulation';
import { Resource } from '../fault-simulation/template/world';

/** Things that stand in one place at a time, or whose primary does. */
const IN_ONE_PLACE = new RegExp([
  '^AWS::EC2::(Instance|Volume|NetworkInterface|NatGateway)$',
  '^AWS::(RDS|DocDB|Neptune)::DB(Instance|Cluster)$',
  '^AWS::(ElastiCache::(ReplicationGroup|CacheCluster)|(MemoryDB|Redshift)::Cluster)$',
  '^AWS::(AmazonMQ::Broker|FSx::FileSystem|Timestream::InfluxDBInstance)$',
].join('|'));

/**
 * How likely it is that a fault in one of the zones hits a component.
 *
 * The simulation takes what AWS chooses at its worst in each zone: a database is lost with zone a, and also with zone b. But it stands
 * in one of them, and to count both would be to count it twice. Of n zones that may be its own each is so with 1 in n.
 */
export class Placement {
  private readonly odds = new Map<string, number>();

  constructor(private readonly simulation: Simulation, private readonly zones: readonly RatedFault[]) {
  }

  /** The chance that a zone in which it may stand is its own, or one of those that have a member more than others. */
  public chanceOf(component: Resource): number {
    const known = this.odds.get(component.key);
    if (known !== undefined) { return known; }
    const hits = this.zones.filter(zone => this.hits(zone, component)).length;
    const chance = hits === 0 ? 1 : isFleet(component) ? this.chanceOfFleet(component, hits)
      : IN_ONE_PLACE.test(component.type) ? Math.min(1, (this.simulation.membersOf(component) ?? hits) / hits) : 1;
    this.odds.set(component.key, chance);
    return chance;
  }

  /** Whether a zone may be a component's own, apart from what it needs. */
  public hits({ fault }: RatedFault, component: Resource): boolean {
    return !['unaffected', 'absent'].includes(this.simulation.alone(component, fault).atOnce);
  }

  /** The simulation takes the zone with the most members; in the others the fleet may be as it has to be. */
  private chanceOfFleet(fleet: Resource, zones: number): number {
    const size = this.simulation.membersOf(fleet);
    if (size === undefined) { return 1; }
    const more = size % zones;
    const withoutFewest = size - Math.floor(size / zones);
    return more > 0 && withoutFewest >= (this.simulation.needOf(fleet) ?? 1) ? more / zones : 1;
  }
}
