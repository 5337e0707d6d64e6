import { IConstruct } from 'constructs';
import { UNNAMED_REGION } from './template/world';
import { zoneAt, zoneNamed } from './zones';

/** What is taken away. Components are named by their keys, `Stack/LogicalId`. */
export type Fault =
  | { readonly kind: 'zone'; readonly zone: string }
  | { readonly kind: 'region'; readonly region: string }
  | { readonly kind: ComponentFault; readonly of: string; /** Others that may have been meant. */ readonly below?: readonly Held[] }
  | { readonly kind: 'stack-deleted' }
  | { readonly kind: 'pair'; readonly faults: readonly Fault[] };

/** A construct that another one holds. */
export interface Held {
  /** Of its main resource. */
  readonly key: string;
  readonly path: string;
}

export type ComponentFault = 'gone' | 'instance' | 'all-instances' | 'program' | 'poison-message' | 'host' | 'stop-start' | 'nat' | 'primary-host' | 'volume' | 'dns-primary' | 'operator-deletes'
| 'bad-data' | 'bad-version';

const MEMBERS = ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance', 'AWS::ECS::Service', 'AWS::EKS::Nodegroup'];

/** What runs programs of its own, as one machine or as several of a kind. */
export const MACHINES = ['AWS::AutoScaling::AutoScalingGroup', 'AWS::EC2::Instance'];

const PRIMARIES = [
  'AWS::RDS::DBInstance', 'AWS::RDS::DBCluster', 'AWS::DocDB::DBInstance', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBInstance', 'AWS::Neptune::DBCluster',
  'AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::CacheCluster', 'AWS::MemoryDB::Cluster', 'AWS::AmazonMQ::Broker', 'AWS::Redshift::Cluster',
];
/** Stores of one server, or two. */
const SERVERS = ['AWS::FSx::FileSystem', 'AWS::Timestream::InfluxDBInstance'];
/** Stores that are made of nodes, of which none is the primary of all. */
const NODES = ['AWS::MSK::Cluster', 'AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'];

/** The types to which a fault can happen; any, where it is not listed. */
export const HAPPENS_TO: Readonly<Partial<Record<ComponentFault, readonly string[]>>> = {
  'instance': MEMBERS,
  'all-instances': MEMBERS.filter(type => type !== 'AWS::EC2::Instance'),
  'program': MACHINES,
  'poison-message': ['AWS::SQS::Queue'],
  'host': [...MEMBERS, ...NODES, ...SERVERS, 'AWS::RDS::DBInstance'],
  'stop-start': ['AWS::EC2::Instance'],
  'nat': ['AWS::EC2::NatGateway'],
  'primary-host': [...PRIMARIES, ...NODES, ...SERVERS],
  'volume': ['AWS::EC2::Volume'],
  'dns-primary': ['AWS::Route53::RecordSet', 'AWS::Route53::RecordSetGroup'],
  'bad-version': ['AWS::AutoScaling::AutoScalingGroup', 'AWS::ECS::Service'],
};

/** What a fault has to know of the simulation in order to name what it takes. */
export interface FaultContext {
  /** The Region of the first stack, or what stands for it. */
  readonly region: string;
  /** The Regions of all stacks. */
  readonly regions: readonly string[];
  keyOf(component: IConstruct): string;
  below(component: IConstruct): readonly Held[];
}

/** What a fault does to things, by what a component has to know. */
export class Damage {
  private readonly faults: readonly Exclude<Fault, { kind: 'pair' }>[];

  constructor(fault: Fault) {
    this.faults = singleFaults(fault);
  }

  /** Whether a zone, as `zoneAt` names it, is gone, alone or with its Region. */
  public hasZone(zone: string): boolean {
    return this.faults.some(fault => fault.kind === 'zone' && fault.zone === zone) || this.hasRegion(zone.split('#')[0]);
  }

  /** Whether any zone is gone, so that what stands in an unknown one may be. */
  public get hasAnyZone(): boolean {
    return this.faults.some(({ kind }) => kind === 'zone' || kind === 'region');
  }

  /** The zone that alone is gone; undefined if it is none or more. */
  public get onlyZone(): string | undefined {
    const zones = this.faults.flatMap(fault => fault.kind === 'zone' ? [fault.zone] : []);
    return zones.length === 1 && !this.faults.some(({ kind }) => kind === 'region') ? zones[0] : undefined;
  }

  public hasRegion(region: string): boolean {
    return this.faults.some(fault => fault.kind === 'region' && fault.region === region);
  }

  /** Whether a Region is gone, or a zone of it; any may be of one that is chosen at deployment. */
  public hasPartOf(region: string): boolean {
    const zones = this.faults.flatMap(fault => fault.kind === 'zone' ? [fault.zone] : []);
    return this.hasRegion(region) || zones.some(zone => region === UNNAMED_REGION || zone.split('#')[0] === region);
  }

  /** Whether one machine of what consists of some is gone, its zone being up. */
  public hitsNode(component: string): boolean {
    return (['instance', 'host', 'primary-host'] as const).some(kind => this.hits(kind, component));
  }

  public hits(kind: ComponentFault, component: string): boolean {
    return this.faults.some(fault => 'of' in fault && fault.kind === kind && fault.of === component);
  }

  /** The components that the faults are about. */
  public get components(): readonly string[] {
    return this.faults.flatMap(fault => 'of' in fault ? [fault.of] : []);
  }

  /** Whether the component itself is what a fault is about. */
  public touches(component: string): boolean {
    return this.faults.some(fault => 'of' in fault && fault.of === component);
  }

  public get deletesStack(): boolean {
    return this.faults.some(({ kind }) => kind === 'stack-deleted');
  }
}

/** Each of the faults in one, which may be several, of which each may be several. */
export function singleFaults(fault: Fault): Exclude<Fault, { kind: 'pair' }>[] {
  return fault.kind === 'pair' ? fault.faults.flatMap(singleFaults) : [fault];
}

/** The zone with this index, or name, of a Region. */
export function zoneFault(region: string, zone: number | string): Fault {
  const named = typeof zone === 'string' ? zoneNamed(zone) : { region, index: zone };
  if (!named) { throw new Error(`'${zone}' is not the name of an availability zone; give one such as eu-west-1a`); }
  return { kind: 'zone', zone: zoneAt(named.region, named.index) };
}
