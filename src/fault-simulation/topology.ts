import { asBoolean, asNumber, at, isObject, listOf, Properties, Reference, referencesIn, referredTo, Unknown, Value } from './template/value';
import { Resource, World } from './template/world';
import { chosenByAws, Place, placeOf } from './zones';
import { NEEDED_CAPACITY_METADATA } from '../shared/needed-capacity';

/** What a user states of things that are not in the templates. */
export interface Facts {
  readonly subnetZones?: Readonly<Record<string, string>>;
  /** Instances or tasks that must be in service, by the logical id of the group or service, or of what several serve; or by `Stack/LogicalId`. */
  readonly need?: Readonly<Record<string, number>>;
}

/** How many members a fleet has to have, and who says so. */
export interface StatedNeed {
  readonly count: number;
  readonly source: 'stated' | 'recorded';
}

/** One record set, in a resource of its own or in one with others. */
export interface RecordSet {
  readonly key: string;
  readonly properties: Properties;
}

/** What gives those who name it their subnets. */
const LENDS_ITS_PLACES = /SubnetGroup$|::(DBCluster|NetworkInterface|NatGateway|ReplicationGroup)$/;

/** What may call an interface endpoint by its own name, or have another name for it. */
const CALLERS = [
  'AWS::AutoScaling::LaunchConfiguration', 'AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate', 'AWS::ECS::TaskDefinition', 'AWS::Lambda::Function',
  'AWS::Route53::RecordSet', 'AWS::Route53::RecordSetGroup', 'AWS::SSM::Parameter',
];

/** Things looked up by what they belong to, indexed once. */
export class Topology {
  private readonly byType = new Map<string, Resource[]>();
  private readonly mentions = new Map<string, Resource[]>();
  private readonly mentioned = new Map<string, ReadonlySet<string>>();
  private readonly worked = new Map<string, unknown>();

  constructor(public readonly world: World, private readonly facts: Facts = {}) {
    for (const resource of world.resources.values()) {
      if (resource.presence === 'absent') { continue; }
      push(this.byType, resource.type, resource);
      const mentioned = new Set(referencesIn(resource.init, referencesIn(resource.properties)).map(reference => reference.resource));
      this.mentioned.set(resource.key, mentioned);
      for (const key of mentioned) { push(this.mentions, key, resource); }
    }
  }

  /** What does not depend on the fault is worked out once. */
  public once<T>(what: string, work: () => T): T {
    if (!this.worked.has(what)) { this.worked.set(what, work()); }
    return this.worked.get(what) as T;
  }

  public ofType(...types: string[]): readonly Resource[] {
    return types.flatMap(type => this.byType.get(type) ?? []);
  }

  /** How many members a fleet, or all that serve something, have to have: as the user says, else as a construct recorded; undefined if nobody does. */
  public needOf({ key, logicalId, raw }: Resource): StatedNeed | undefined {
    const stated = this.facts.need?.[key] ?? this.facts.need?.[logicalId];
    if (stated !== undefined) { return { count: stated, source: 'stated' }; }
    const recorded = raw.Metadata?.[NEEDED_CAPACITY_METADATA];
    return typeof recorded === 'number' ? { count: recorded, source: 'recorded' } : undefined;
  }

  /** All record sets of the name and type of one. */
  public recordsLike(record: RecordSet): readonly RecordSet[] {
    return this.once('records', () => grouped(this.records, nameOfRecord)).get(nameOfRecord(record)) ?? [];
  }

  /** All record sets, those of groups of them too. */
  private get records(): readonly RecordSet[] {
    return this.ofType('AWS::Route53::RecordSet', 'AWS::Route53::RecordSetGroup').flatMap(recordsOf);
  }

  /** Resources that refer to this one, anywhere in their properties. */
  public whoMentions(key: string, ...types: string[]): readonly Resource[] {
    return (this.mentions.get(key) ?? []).filter(({ type }) => types.length === 0 || types.includes(type));
  }

  /** The keys of what a resource refers to. */
  public mentionedBy({ key }: Resource): ReadonlySet<string> {
    return this.mentioned.get(key) ?? new Set();
  }

  public resource(value: Value | undefined): Resource | undefined {
    const found = value instanceof Reference ? this.world.resource(value.resource) : undefined;
    return found?.presence === 'absent' ? undefined : found;
  }

  /** The records of a name, as written down. */
  public recordsNamed(host: string): readonly RecordSet[] {
    const byName = this.once('records by name', () => grouped(this.records, ({ properties: { Name: name } }) =>
      typeof name === 'string' ? name.replace(/\.$/, '').toLowerCase() : ''));
    return byName.get(host.toLowerCase()) ?? [];
  }

  /** What a name in a template leads to: what it refers to, or the records that have it. */
  public led(name: Value | undefined): readonly Reference[] {
    return typeof name === 'string' ? this.recordsNamed(name).map(({ key }) => new Reference(key, 'Ref')).slice(0, 1) : referredTo(name);
  }

  /** Servers that have a private address, as written down. */
  public withAddress(address: Value | undefined): readonly Resource[] {
    return typeof address !== 'string' ? [] : this.ofType('AWS::EC2::Instance').filter(({ properties }) =>
      [properties, ...listOf(properties.NetworkInterfaces)].some(one => at(one, 'PrivateIpAddress') === address));
  }

  /** Whether a value refers to anything that is there. */
  public refersToAny(value: Value | undefined): boolean {
    return referencesIn(value).some(reference => this.resource(reference) !== undefined);
  }

  /** The zone that a value means, also if it is that of a subnet or a server. */
  public place(value: Value | undefined, passed = new Set<string>()): Place {
    const source = value instanceof Reference && value.attribute === 'AvailabilityZone' ? this.resource(value) : undefined;
    if (!source || passed.has(source.key)) { return placeOf(value); }
    if (source.type === 'AWS::EC2::Subnet') { return this.zoneOfSubnet(new Reference(source.key, 'Ref'), passed); }
    if (source.type === 'AWS::EC2::Instance') {
      const { SubnetId: subnet, AvailabilityZone: zone } = source.properties;
      return subnet === undefined ? this.place(zone, passed.add(source.key)) : this.zoneOfSubnet(subnet, passed);
    }
    return placeOf(value);
  }

  /** Whether these are in different zones, as AWS refuses anything else: mount targets of one file system, nodes of one balancer. */
  public areApart(places: readonly Place[]): boolean {
    const ids = places.map(place => typeof place === 'string' ? place : place.identity);
    return this.once('what is apart', () => this.apart()).some(group => ids.every(id => group.has(id))) && new Set(ids).size === ids.length;
  }

  private apart(): readonly ReadonlySet<string>[] {
    const fileSystems = this.ofType('AWS::EFS::FileSystem').map(({ key }) =>
      this.whoMentions(key, 'AWS::EFS::MountTarget').map(({ properties }) => properties.SubnetId));
    const balancers = this.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').map(({ properties }) => listOf(properties.Subnets));
    return [...fileSystems, ...balancers].map(subnets => new Set(subnets.map(subnet => this.zoneOfSubnet(subnet))
      .map(place => typeof place === 'string' ? place : place.identity)));
  }

  /** The zone of a subnet that is a resource, a literal id with a stated zone, or unknown. */
  public zoneOfSubnet(subnet: Value | undefined, passed?: Set<string>): Place {
    if (subnet instanceof Reference) {
      const resource = this.resource(subnet);
      if (resource?.type === 'AWS::EC2::Subnet') {
        const { AvailabilityZone: zone } = resource.properties;
        return this.place(zone ?? chosenByAws(`AWS chooses the zone of ${resource.key}`, resource.region, resource.key), new Set(passed).add(resource.key));
      }
      return new Unknown(`${subnet.resource} is not a subnet that can be read`, subnet.resource);
    }
    if (subnet instanceof Unknown) { return subnet; }
    const stated = typeof subnet === 'string' ? this.facts.subnetZones?.[subnet] : undefined;
    return stated ? placeOf(stated) : new Unknown(`the zone of subnet ${String(subnet)} is not in the template`, `zone of ${JSON.stringify(subnet)}`);
  }

  /** The zones of a list of subnets, one for each; undefined where the list itself is not known. */
  public zonesOfSubnets(subnets: Value | undefined): readonly Place[] | Unknown {
    // an attribute of something else may be a list of any length
    if (subnets instanceof Reference && this.resource(subnets)?.type !== 'AWS::EC2::Subnet') { return new Unknown(`the subnets are given by ${subnets.resource}`); }
    return subnets instanceof Unknown ? subnets : listOf(subnets).map((subnet, index) => this.zoneOfItem(subnet, index));
  }

  /** The same of a list of things that each name a subnet. */
  public zonesOfMappings(mappings: Value | undefined): readonly Place[] | Unknown {
    return mappings instanceof Unknown ? mappings
      : listOf(mappings).map((mapping, index) => this.zoneOfItem(mapping instanceof Unknown ? mapping : at(mapping, 'SubnetId'), index));
  }

  /** Of parameters that are empty by default each is another one. */
  private zoneOfItem(subnet: Value | undefined, index: number): Place {
    return subnet === '' ? new Unknown('a subnet is empty by default', `subnet ${index} of a list`) : this.zoneOfSubnet(subnet);
  }

  /** Where a component may stand, by all that its properties say of zones and subnets; nowhere in particular if they say nothing. */
  public placesOf({ key, properties }: Resource, passed = new Set<string>()): readonly Place[] {
    if (passed.has(key)) { return []; }
    passed.add(key);
    const own = this.placesIn(properties);
    return own.length > 0 ? own : [...this.mentioned.get(key) ?? []].flatMap(other => {
      const lender = this.world.resource(other);
      return lender && LENDS_ITS_PLACES.test(lender.type) ? this.placesOf(lender, passed) : [];
    });
  }

  private placesIn(value: Value | undefined): readonly Place[] {
    if (value instanceof Reference) { return this.resource(value)?.type === 'AWS::EC2::Subnet' ? [this.zoneOfSubnet(value)] : []; }
    if (typeof value === 'string') { return value.startsWith('subnet-') ? [this.zoneOfSubnet(value)] : []; }
    if (Array.isArray(value)) { return value.flatMap(item => this.placesIn(item)); }
    return !isObject(value) ? [] : Object.entries(value).flatMap(([name, inner]) =>
      /^AvailabilityZones?(Name)?$/.test(name) ? listOf(inner).map(zone => this.place(zone)) : this.placesIn(inner));
  }

  /** The zones in which something stands, as far as they are known. */
  public zonesInUse(): readonly string[] {
    return this.once('zones in use', () => {
      const places = [...this.world.resources.values()].filter(({ presence }) => presence !== 'absent').flatMap(({ key, type, properties }) =>
        [...this.placesIn(properties), ...type === 'AWS::EC2::Subnet' ? [this.zoneOfSubnet(new Reference(key, 'Ref'))] : []]);
      return [...new Set(places.filter((place): place is string => typeof place === 'string'))].sort();
    });
  }

  /** Whether the route table of the subnet leads to the service by a gateway endpoint. */
  public hasGatewayEndpoint(subnet: Value | undefined, service: string): boolean {
    const table = this.routeTableOf(subnet);
    return table !== undefined && this.endpointsOf(service, subnet).some(({ properties }) =>
      listOf(properties.RouteTableIds).some(id => id instanceof Reference && id.resource === table));
  }

  /** The interface endpoints of a service in the network of the subnet. */
  public interfaceEndpointsOf(service: string, subnet: Value | undefined): readonly Resource[] {
    // without private DNS the name of the service leads past it, unless somebody calls it by its own, or has a record for it
    return this.endpointsOf(service, subnet).filter(({ key, properties }) => properties.VpcEndpointType === 'Interface'
      && (asBoolean(properties.PrivateDnsEnabled) !== false || this.whoMentions(key, ...CALLERS).length > 0));
  }

  private endpointsOf(service: string, subnet: Value | undefined): readonly Resource[] {
    const network = JSON.stringify(this.resource(subnet)?.properties.VpcId);
    return this.ofType('AWS::EC2::VPCEndpoint').filter(({ properties }) => {
      if (network !== undefined && JSON.stringify(properties.VpcId) !== network) { return false; }
      const [name] = [properties.ServiceName].flatMap(value => typeof value === 'string' ? [value] : textParts(value).slice(-1));
      return name?.endsWith(`.${service}`);
    });
  }

  /** The routes of the table that is associated with a subnet; undefined if none is. */
  public routesOf(subnet: Value | undefined): readonly Resource[] | undefined {
    const table = this.routeTableOf(subnet);
    return table === undefined ? undefined : this.whoMentions(table, 'AWS::EC2::Route');
  }

  /** The route table that is associated with a subnet. */
  public routeTableOf(subnet: Value | undefined): string | undefined {
    if (!(subnet instanceof Reference)) { return undefined; }
    const association = this.whoMentions(subnet.resource, 'AWS::EC2::SubnetRouteTableAssociation')[0];
    const table = association?.properties.RouteTableId;
    return table instanceof Reference ? table.resource : undefined;
  }

  /** Security groups that a group lets in at a port, whichever way the rule is written. */
  public letsIn(group: string, port: number | undefined): ReadonlySet<string> {
    const own = listOf(this.world.resource(group)?.properties.SecurityGroupIngress);
    const apart = this.whoMentions(group, 'AWS::EC2::SecurityGroupIngress')
      .map(({ properties }) => properties).filter(({ GroupId: id }) => id instanceof Reference && id.resource === group);
    const rules = [...own, ...apart].filter(isObject).filter(rule => {
      const [from, to] = [asNumber(rule.FromPort), asNumber(rule.ToPort)];
      return port === undefined || from === undefined || to === undefined || (from <= port && port <= to);
    });
    return new Set(rules.flatMap(rule => rule.SourceSecurityGroupId instanceof Reference ? [rule.SourceSecurityGroupId.resource] : []));
  }
}

/** The record sets of a resource, each with the zone that it is in. */
export function recordsOf({ key, type, properties }: Resource): readonly RecordSet[] {
  if (type === 'AWS::Route53::RecordSet') { return [{ key, properties }]; }
  if (type !== 'AWS::Route53::RecordSetGroup') { return []; }
  const { HostedZoneId, HostedZoneName, RecordSets } = properties;
  const zone = Object.fromEntries(Object.entries({ HostedZoneId, HostedZoneName }).filter(([, value]) => value !== undefined));
  return listOf(RecordSets).filter(isObject).map(record => ({ key, properties: { ...zone, ...record } }));
}

/** The keys of the components that a list of references names. */
export function keysIn(value: Value | undefined, ...path: string[]): string[] {
  return listOf(path.length > 0 ? at(value, ...path) : value).flatMap(item => item instanceof Reference ? [item.resource] : []);
}

/** What the records of one name and type have in common. */
export function nameOfRecord({ properties: { Name: name, Type: type } }: RecordSet): string {
  return JSON.stringify([name, type]);
}

function grouped<T>(all: readonly T[], by: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  all.forEach(one => push(groups, by(one), one));
  return groups;
}

function textParts(value: Value | undefined): string[] {
  return value !== undefined && typeof value === 'object' && value !== null && 'parts' in value
    ? (value.parts as readonly unknown[]).filter((part): part is string => typeof part === 'string') : [];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) { list.push(value); } else { map.set(key, [value]); }
}
