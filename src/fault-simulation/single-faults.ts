import { ComponentFault, Fault } from './faults';
import { Resource, World } from './template/world';
import { Topology } from './topology';
import { nameOfZone, zoneAt } from './zones';

/** A fault that can happen to these stacks, with a name by which it is asked for. */
export interface NamedFault {
  /** `zone:eu-west-1a`, or `zone:0` where the Region has no name; `instance:Stack/LogicalId`. */
  readonly id: string;
  readonly kind: Fault['kind'];
  readonly fault: Fault;
}

/** The zone fault where no zone is known by its name: any one of them is gone. */
export const ANY_ZONE = 'zone:any';

/** What can happen to a type all by itself; deletions and bad data are left out, as people do them. */
const HAPPENS: readonly (readonly [type: RegExp, kind: ComponentFault])[] = [
  [/^AWS::(AutoScaling::AutoScalingGroup|EC2::Instance|ECS::Service|EKS::Nodegroup)$/, 'instance'],
  [/^AWS::((RDS|DocDB|Neptune)::DBCluster|ElastiCache::(ReplicationGroup|CacheCluster)|(MemoryDB|Redshift|MSK)::Cluster)$/, 'primary-host'],
  [/^AWS::(AmazonMQ::Broker|FSx::FileSystem|Timestream::InfluxDBInstance|(OpenSearchService|Elasticsearch)::Domain)$/, 'primary-host'],
  [/^AWS::EC2::NatGateway$/, 'nat'],
];

/**
 * Every single fault: each zone in which something stands, a member of each fleet, the host of each primary, or of a node where there is
 * none, each NAT gateway.
 *
 * @param components all but what steers others
 */
export function singleFaultsOf(world: World, topology: Topology, components: readonly Resource[]): readonly NamedFault[] {
  const present = [...world.resources.values()].filter(({ presence }) => presence !== 'absent');
  const zones = topology.zonesInUse().map((zone): NamedFault => ({ id: `zone:${nameOfZone(zone)}`, kind: 'zone', fault: { kind: 'zone', zone } }));
  const [active] = components;
  const any: NamedFault[] = zones.length > 0 || !active ? []
    : [{ id: ANY_ZONE, kind: 'zone', fault: { kind: 'zone', zone: zoneAt(active.region, 0) } }];
  return [...zones, ...any, ...present.flatMap(resource => kindsOf(resource).map((kind): NamedFault =>
    ({ id: `${kind}:${resource.key}`, kind, fault: { kind, of: resource.key } })))];
}

function kindsOf({ type, properties }: Resource): ComponentFault[] {
  const standalone = type === 'AWS::RDS::DBInstance' && properties.DBClusterIdentifier === undefined;
  return [...HAPPENS.filter(([pattern]) => pattern.test(type)).map(([, kind]) => kind), ...standalone ? ['primary-host' as const] : []];
}
