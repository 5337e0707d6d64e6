import { anyOfPlaces, regional, stateOfPlaced } from './network';
import { distinct, isGone } from './spread';
import { Context, Model, stateFor } from '../model';
import { RecoveryTimeId, secondsOf } from '../recovery-times';
import { allOf, asNeeded, DataAtRisk, decidedBy, interrupted, isLost, lost, State, undecided, WELL, withData } from '../state';
import { asBoolean, asNumber, at, keysReferredTo, listOf, Reference, Unknown } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';
import { chosenByAws, Place } from '../zones';

/** What databases of a service call their things, and how long they take. */
interface Family {
  readonly service: string;
  /** The type of its subnet groups; with `Name` after it, the property that names one. */
  readonly subnetGroup: string;
  /** Until another one takes over, and until it is made anew where it was. */
  readonly takeover: RecoveryTimeId;
  readonly anew: RecoveryTimeId;
  /** Whether the service never puts all members into one zone. */
  readonly spreads?: true;
}

const RDS: Family = { service: 'RDS', subnetGroup: 'DBSubnetGroup', takeover: 'rdsFailover', anew: 'rdsHost' };
const REDSHIFT: Family = { service: 'Redshift', subnetGroup: 'ClusterSubnetGroup', takeover: 'warehouseFailover', anew: 'warehouseNode' };
/** Clusters whose members share a volume in three zones. */
const CLUSTERS: Readonly<Record<string, Family>> = {
  RDS: { service: 'Aurora', subnetGroup: 'DBSubnetGroup', takeover: 'auroraFailover', anew: 'auroraRecreate' },
  DocDB: { service: 'DocumentDB', subnetGroup: 'DBSubnetGroup', takeover: 'volumeClusterFailover', anew: 'volumeClusterRecreate', spreads: true },
  Neptune: { service: 'Neptune', subnetGroup: 'DBSubnetGroup', takeover: 'volumeClusterFailover', anew: 'volumeClusterRecreate' },
};

const nameIn = ({ type }: Resource) => type.split('::')[1];
const familyOf = (database: Resource) => nameIn(database) === 'Redshift' ? REDSHIFT : RDS;
const groupOf = ({ subnetGroup }: Family) => `${subnetGroup}Name`;

/** A database instance outside of a cluster, or a member of one, which is judged with its cluster. */
export function stateOfDatabase(database: Resource, context: Context): State {
  const { DBClusterIdentifier: cluster, SourceDBInstanceIdentifier: source } = database.properties;
  if (cluster instanceof Reference) { return stateOfMember(database, context); }
  if (source !== undefined) { return withData(stateOfSingle(database, context), 'none'); }
  return asMultiAzSays(database, stateOfPair, stateOfSingle, context);
}

/** A warehouse in one zone, or in two with the whole compute in each. */
export function stateOfWarehouse(warehouse: Resource, context: Context): State {
  return asMultiAzSays(warehouse, stateOfPair, stateOfLoneWarehouse, context);
}

/** Whether SQL Server has its standby by an option; undefined if its options are not in the templates. */
export function isMirrored({ properties: { Engine: engine, OptionGroupName: name } }: Resource, topology: Topology): boolean | undefined {
  if (typeof engine !== 'string' || !engine.startsWith('sqlserver') || name === undefined) { return false; }
  const group = topology.resource(name);
  return group && listOf(group.properties.OptionConfigurations).some(option => at(option, 'OptionName') === 'Mirroring');
}

function asMultiAzSays(database: Resource, pairOf: Model, singleOf: Model, context: Context): State {
  const mirrored = isMirrored(database, context.topology);
  const written = database.properties.MultiAZ;
  const multiAz = asBoolean(written) === true || mirrored === false ? written : mirrored ?? new Unknown(`the options of ${database.key} are not in the templates`);
  if (!(multiAz instanceof Unknown)) { return asBoolean(multiAz) === true ? pairOf(database, context) : singleOf(database, context); }
  const [pair, single] = [pairOf(database, context), singleOf(database, context)];
  return sameVerdict(pair, single) ? single : undecided(multiAz.reason, decidedBy(database, 'MultiAZ'));
}

/** Both ways come to the same: only then it does not matter which one it is. */
function sameVerdict(one: State, other: State): boolean {
  return one.now === other.now && one.later === other.later;
}

function stateOfPair(database: Resource, context: Context): State {
  const { damage } = context;
  const family = familyOf(database);
  const seconds = secondsOf(family.takeover);
  if (damage.hits('primary-host', database.key)) { return interrupted(seconds, `the standby of ${database.key} takes over`, decidedBy(database, 'MultiAZ'), 'none'); }
  const places = placesOf(database, family, context);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the subnets of ${database.key} are not in the template`, decidedBy(database, groupOf(family))) : WELL; }
  return failover(database, places, { seconds, kept: backupOf(database), spread: groupOf(family), standby: 'MultiAZ' }, context);
}

/** How a pair fails over, and which properties decide that. */
interface Failover {
  readonly seconds: number;
  /** What is left of it when both are gone. */
  readonly kept: DataAtRisk;
  /** What gives its zones. */
  readonly spread: string;
  /** What makes it a pair. */
  readonly standby: string;
}

/** A pair that AWS keeps in two different zones of these: the primary may be in any. */
export function failover(store: Resource, places: readonly Place[], { seconds, kept, spread, standby: pair }: Failover, { damage }: Context): State {
  const zones = distinct(places);
  // AWS refuses subnets of one zone for a pair, so what it chose is two at least
  const chosen = zones.every(place => place instanceof Unknown && place.traits.chosenByAws);
  if (chosen && damage.onlyZone !== undefined) { return interrupted(seconds, `the standby of ${store.key} in another zone takes over`, undefined, 'none'); }
  const gone = zones.map(place => isGone(place, damage));
  if (gone.every(one => one === false)) { return WELL; }
  const up = gone.filter(one => one === false).length;
  if (gone.includes(undefined)) {
    return undecided(`the template does not say in which zones ${store.key} is`, decidedBy(store, spread));
  }
  const lostZones = gone.length - up;
  // with more zones gone than one, both may be in them
  if (up === 0 || lostZones > 1) { return lost(`${store.key} and its standby may both stand in the lost zones`, decidedBy(store, spread), kept); }
  return interrupted(seconds, `the standby of ${store.key} in another zone takes over`, decidedBy(store, pair), 'none');
}

function stateOfSingle(database: Resource, context: Context): State {
  const { damage } = context;
  const family = familyOf(database);
  if (damage.hits('primary-host', database.key) || damage.hits('host', database.key)) {
    return interrupted(secondsOf(family.anew), `${family.service} puts ${database.key} on other hardware of its zone`, standby(database), 'none');
  }
  const kept = backupOf(database);
  const pinned = database.properties.AvailabilityZone;
  if (pinned !== undefined) {
    const state = stateOfPlaced(database, context.topology.place(pinned), 'AvailabilityZone', context);
    return isLost(state) ? { ...withData(state, kept), why: [{ what: `${database.key} has no standby, and stands in the lost zone`, decision: standby(database) }] } : state;
  }
  const places = placesOf(database, family, context);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the zone of ${database.key} is not in the template`, standby(database)) : WELL; }
  const gone = places.map(place => isGone(place, damage));
  if (gone.includes(true)) { return lost(`${database.key} has no standby, and may stand in the lost zone`, standby(database), kept); }
  return gone.includes(undefined) ? undecided(`the zone of ${database.key} is not in the template`, standby(database)) : WELL;
}

/** A warehouse of one zone: moved into another one only if it may be, and its only node is not replaced. */
function stateOfLoneWarehouse(warehouse: Resource, context: Context): State {
  const { damage } = context;
  const { NumberOfNodes: given, AvailabilityZoneRelocation: relocates } = warehouse.properties;
  const nodes = given === undefined ? 1 : asNumber(given);
  const more = decidedBy(warehouse, 'NumberOfNodes', '2 or more');
  if (damage.hitsNode(warehouse.key) && nodes === undefined) { return undecided(`how many nodes ${warehouse.key} has is not in the template`, more); }
  if (damage.hitsNode(warehouse.key) && nodes === 1) { return lost(`Redshift does not replace the only node of ${warehouse.key}`, more, backupOf(warehouse)); }
  const state = stateOfSingle(warehouse, context);
  const places = placesOf(warehouse, REDSHIFT, context);
  if (!isLost(state) || places instanceof Unknown || !places.some(place => isGone(place, damage) === false)) { return state; }
  if (relocates instanceof Unknown) { return undecided(relocates.reason, decidedBy(warehouse, 'AvailabilityZoneRelocation')); }
  const decision = decidedBy(warehouse, 'AvailabilityZoneRelocation');
  return asBoolean(relocates) === true ? interrupted(secondsOf('warehouseRelocation'), `Redshift relocates ${warehouse.key} into another zone`, decision, 'none') : state;
}

/** A member of a cluster, by its own address. */
export function stateOfMember(member: Resource, context: Context): State {
  const { topology, damage } = context;
  const cluster = topology.resource(member.properties.DBClusterIdentifier);
  const family = cluster && CLUSTERS[nameIn(cluster)];
  if (!cluster || !family) { return damage.hasAnyZone ? undecided(`the cluster of ${member.key} is not in the template`, decidedBy(member, 'DBClusterIdentifier')) : WELL; }
  if (damage.hits('primary-host', member.key)) { return interrupted(secondsOf(family.anew), `${family.service} makes ${member.key} anew in its zone`, undefined, 'none'); }
  if (member.properties.AvailabilityZone === undefined) {
    const places = placesOf(cluster, family, context);
    // its own address stays where it is, also when another member takes over
    const mayBeGone = !(places instanceof Unknown) && places.some(place => isGone(place, damage) === true);
    return mayBeGone ? lost(`${member.key} may stand in the lost zone`, decidedBy(member, 'AvailabilityZone'), 'none')
      : stateFor(member, cluster.key, 'DBClusterIdentifier', context);
  }
  return stateOfPlaced(member, context.topology.place(member.properties.AvailabilityZone), 'AvailabilityZone', context);
}

/** A cluster of Aurora, DocumentDB or Neptune with its members, or a Multi-AZ cluster of three. */
export function stateOfCluster(cluster: Resource, context: Context): State {
  const { topology, damage } = context;
  const family = CLUSTERS[nameIn(cluster)];
  const places = placesOf(cluster, family, context);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the subnets of ${cluster.key} are not in the template`, decidedBy(cluster, groupOf(family))) : WELL; }
  const host = damage.hits('primary-host', cluster.key);
  if (cluster.properties.DBClusterInstanceClass !== undefined) {
    return host ? interrupted(secondsOf('rdsClusterFailover'), `a standby of ${cluster.key} takes over`, undefined, 'none')
      : failover(cluster, places, { seconds: secondsOf('rdsClusterFailover'), kept: 'minutes', spread: groupOf(family), standby: 'DBClusterInstanceClass' }, context);
  }
  const all = topology.whoMentions(cluster.key, `AWS::${nameIn(cluster)}::DBInstance`);
  const members = all.filter(({ presence }) => presence === 'present');
  const open = all.filter(({ presence }) => presence === 'unknown');
  if (all.some(({ key }) => damage.hits('primary-host', key)) || host) {
    return members.length > 1 ? interrupted(secondsOf(family.takeover), `another member of ${cluster.key} takes over`, undefined, 'none')
      : open.length > 0 ? undecided(`how many members ${cluster.key} has is not decided`)
        : interrupted(secondsOf(family.anew), `${family.service} makes the only member of ${cluster.key} anew in its zone`, second(cluster), 'none');
  }
  return stateOfMembers(cluster, [...members, ...open], open.length > 0, places, context);
}

function stateOfMembers(cluster: Resource, members: readonly Resource[], open: boolean, places: readonly Place[], context: Context): State {
  const { damage, topology } = context;
  const { service, takeover, spreads } = CLUSTERS[nameIn(cluster)];
  if (!damage.hasAnyZone) { return WELL; }
  if (damage.hasRegion(cluster.region)) {
    const decision = decidedBy(cluster, 'GlobalClusterIdentifier', 'a copy in another Region');
    return lost(`${cluster.key} is in the lost Region`, decision, keptElsewhere(cluster, topology));
  }
  const zones = members.map(({ properties: { AvailabilityZone: zone } }) => zone === undefined ? undefined : topology.place(zone));
  const anyGone = places.map(place => isGone(place, damage));
  const gone = zones.map(place => place === undefined ? 'chosen' as const : isGone(place, damage));
  const touched = gone.some(one => one === true || one === undefined) || (gone.includes('chosen') && anyGone.includes(true));
  if (!touched) { return anyGone.includes(undefined) ? undecided(`the zones of ${cluster.key} are not in the template`) : WELL; }
  const apart = spreads && damage.onlyZone !== undefined && places.length > 1 && gone.filter(one => one === 'chosen').length > 1;
  const safe = gone.filter(one => one === false).length + (apart ? 1 : 0);
  if (open) { return undecided(`how many members ${cluster.key} has is not decided`); }
  if (safe > 0) { return interrupted(secondsOf(takeover), `a member of ${cluster.key} in another zone takes over`, undefined, 'none'); }
  return gone.includes(undefined) ? undecided(`the zones of the members of ${cluster.key} are not in the template`)
    : lost(`every member of ${cluster.key} may stand in the lost zone, and ${service} makes none in another by itself`, second(cluster), 'none');
}

/** What is left of a cluster without its Region: another one of the same global database, or nothing. */
function keptElsewhere({ type, region, properties: { GlobalClusterIdentifier: global } }: Resource, topology: Topology): DataAtRisk {
  const copies = topology.ofType(type).filter(other => other.region !== region && global !== undefined
    && JSON.stringify(other.properties.GlobalClusterIdentifier) === JSON.stringify(global));
  return copies.length > 0 ? 'minutes' : 'everything';
}

/** A proxy in several subnets, and the databases behind it. */
export function stateOfProxy(proxy: Resource, context: Context): State {
  const { topology } = context;
  const targets = topology.whoMentions(proxy.key, 'AWS::RDS::DBProxyTargetGroup').flatMap(({ key, properties }) =>
    (['DBInstanceIdentifiers', 'DBClusterIdentifiers'] as const).flatMap(name => listOf(properties[name]).flatMap(keysReferredTo)
      .map(needed => ({ needed, property: `${key}.${name}` }))));
  return allOf([
    anyOfPlaces(proxy, topology.zonesOfSubnets(proxy.properties.VpcSubnetIds), 'VpcSubnetIds', context),
    ...targets.map(({ needed, property }) => asNeeded(context.state(needed), { needer: proxy.key, needed, property, certain: true })),
  ]);
}

const standby = (database: Resource) => decidedBy(database, 'MultiAZ', 'true');
const second = (cluster: Resource) => decidedBy(cluster, 'Type', 'a second member, in another zone');

/** What is left of a database of which the storage is gone. */
export function backupOf({ type, properties }: Resource): DataAtRisk {
  if ((asNumber(properties.BackupRetentionPeriod ?? properties.AutomatedSnapshotRetentionPeriod) ?? 1) <= 0) { return 'everything'; }
  return type === 'AWS::Redshift::Cluster' ? 'since-snapshot' : 'minutes';
}

function placesOf(database: Resource, family: Family, context: Context): readonly Place[] | Unknown {
  return subnetPlaces(database, `AWS::${nameIn(database)}::${family.subnetGroup}`, database.properties[groupOf(family)], context);
}

/** The zones of a subnet group of this type; without one AWS chooses them. */
export function subnetPlaces(store: Resource, type: string, group: unknown, { topology }: Context): readonly Place[] | Unknown {
  if (group === undefined) { return [chosenByAws(`AWS chooses the zones of ${store.key} in the default network`, store.region)]; }
  if (group instanceof Unknown) { return group; }
  const resource = group instanceof Reference ? topology.resource(group) : undefined;
  return resource?.type === type ? topology.zonesOfSubnets(resource.properties.SubnetIds) : new Unknown(`the subnet group of ${store.key} is not in the template`, store.key);
}

/** A table, a bucket, a topic: three zones keep it. */
export function stateOfStorage(resource: Resource, context: Context): State {
  const state = regional(resource, context);
  return isLost(state) ? withData(state, 'everything') : withData(state, 'none');
}
