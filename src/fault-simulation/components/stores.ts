import { anyOfPlaces, regional, stateOfPlaced } from './network';
import { distinct, isGone, mostIn } from './spread';
import { Context, stateFor } from '../model';
import { secondsOf } from '../recovery-times';
import { allOf, asNeeded, DataAtRisk, decidedBy, interrupted, isLost, lost, State, undecided, WELL, withData } from '../state';
import { asBoolean, asNumber, at, keysReferredTo, listOf, Reference, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';
import { chosenByAws, Place } from '../zones';

/** A database instance outside of a cluster, or a member of one, which is judged with its cluster. */
export function stateOfDatabase(database: Resource, context: Context): State {
  const { DBClusterIdentifier: cluster, SourceDBInstanceIdentifier: source } = database.properties;
  if (cluster instanceof Reference) { return stateOfMember(database, context); }
  if (source !== undefined) { return withData(stateOfSingle(database, context), 'none'); }
  const multiAz = database.properties.MultiAZ;
  if (!(multiAz instanceof Unknown)) { return asBoolean(multiAz) === true ? stateOfPair(database, context) : stateOfSingle(database, context); }
  const [pair, single] = [stateOfPair(database, context), stateOfSingle(database, context)];
  return sameVerdict(pair, single) ? single : undecided(multiAz.reason, decidedBy(database, 'MultiAZ'));
}

/** Both ways come to the same: only then it does not matter which one it is. */
function sameVerdict(one: State, other: State): boolean {
  return one.now === other.now && one.later === other.later;
}

function stateOfPair(database: Resource, context: Context): State {
  const { damage } = context;
  if (damage.hits('primary-host', database.key)) { return interrupted(secondsOf('rdsFailover'), `the standby of ${database.key} takes over`, decidedBy(database, 'MultiAZ'), 'none'); }
  const places = subnetPlaces(database, 'AWS::RDS::DBSubnetGroup', database.properties.DBSubnetGroupName, context);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the subnets of ${database.key} are not in the template`, decidedBy(database, 'DBSubnetGroupName')) : WELL; }
  return failover(database, places, secondsOf('rdsFailover'), backupOf(database), context);
}

/** A pair that AWS keeps in two different zones of these: the primary may be in any. */
function failover(store: Resource, places: readonly Place[], seconds: number, kept: DataAtRisk, { damage }: Context): State {
  const zones = distinct(places);
  // RDS and FSx refuse subnets of one zone, so what AWS chose is two at least
  const chosen = zones.every(place => place instanceof Unknown && place.traits.chosenByAws);
  if (chosen && damage.onlyZone !== undefined) { return interrupted(seconds, `the standby of ${store.key} in another zone takes over`, undefined, 'none'); }
  const gone = zones.map(place => isGone(place, damage));
  if (gone.every(one => one === false)) { return WELL; }
  const up = gone.filter(one => one === false).length;
  if (gone.includes(undefined)) {
    return undecided(`the template does not say in which zones ${store.key} is`, decidedBy(store, 'DBSubnetGroupName'));
  }
  const lostZones = gone.length - up;
  // with more zones gone than one, both may be in them
  if (up === 0 || lostZones > 1) { return lost(`${store.key} and its standby may both stand in the lost zones`, decidedBy(store, 'DBSubnetGroupName'), kept); }
  return interrupted(seconds, `the standby of ${store.key} in another zone takes over`, decidedBy(store, 'MultiAZ'), 'none');
}

function stateOfSingle(database: Resource, context: Context): State {
  const { damage } = context;
  if (damage.hits('primary-host', database.key) || damage.hits('host', database.key)) {
    return interrupted(secondsOf('rdsHost'), `RDS puts ${database.key} on other hardware of its zone`, standby(database), 'none');
  }
  const kept = backupOf(database);
  const pinned = database.properties.AvailabilityZone;
  if (pinned !== undefined) {
    const state = stateOfPlaced(database, context.topology.place(pinned), 'AvailabilityZone', context);
    return isLost(state) ? { ...withData(state, kept), why: [{ what: `${database.key} has no standby, and stands in the lost zone`, decision: standby(database) }] } : state;
  }
  const places = subnetPlaces(database, 'AWS::RDS::DBSubnetGroup', database.properties.DBSubnetGroupName, context);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the zone of ${database.key} is not in the template`, standby(database)) : WELL; }
  const gone = places.map(place => isGone(place, damage));
  if (gone.includes(true)) { return lost(`${database.key} has no standby, and may stand in the lost zone`, standby(database), kept); }
  return gone.includes(undefined) ? undecided(`the zone of ${database.key} is not in the template`, standby(database)) : WELL;
}

function stateOfMember(member: Resource, context: Context): State {
  const { topology, damage } = context;
  const cluster = topology.resource(member.properties.DBClusterIdentifier);
  if (!cluster) { return WELL; }
  if (damage.hits('primary-host', member.key)) { return interrupted(secondsOf('auroraRecreate'), `Aurora makes ${member.key} anew in its zone`, undefined, 'none'); }
  if (member.properties.AvailabilityZone === undefined) {
    const places = subnetPlaces(cluster, 'AWS::RDS::DBSubnetGroup', cluster.properties.DBSubnetGroupName, context);
    // its own address stays where it is, also when another member takes over
    const mayBeGone = !(places instanceof Unknown) && places.some(place => isGone(place, damage) === true);
    return mayBeGone ? lost(`${member.key} may stand in the lost zone`, decidedBy(member, 'AvailabilityZone'), 'none')
      : stateFor(member, cluster.key, 'DBClusterIdentifier', context);
  }
  return stateOfPlaced(member, context.topology.place(member.properties.AvailabilityZone), 'AvailabilityZone', context);
}

/** An Aurora cluster with its members, or a Multi-AZ cluster of three. */
export function stateOfCluster(cluster: Resource, context: Context): State {
  const { topology, damage } = context;
  const places = subnetPlaces(cluster, 'AWS::RDS::DBSubnetGroup', cluster.properties.DBSubnetGroupName, context);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the subnets of ${cluster.key} are not in the template`, decidedBy(cluster, 'DBSubnetGroupName')) : WELL; }
  const host = damage.hits('primary-host', cluster.key);
  if (cluster.properties.DBClusterInstanceClass !== undefined) {
    return host ? interrupted(secondsOf('rdsClusterFailover'), `a standby of ${cluster.key} takes over`, undefined, 'none')
      : failover(cluster, places, secondsOf('rdsClusterFailover'), 'minutes', context);
  }
  const all = topology.whoMentions(cluster.key, 'AWS::RDS::DBInstance');
  const members = all.filter(({ presence }) => presence === 'present');
  const open = all.filter(({ presence }) => presence === 'unknown');
  if (all.some(({ key }) => damage.hits('primary-host', key)) || host) {
    return members.length > 1 ? interrupted(secondsOf('auroraFailover'), `another member of ${cluster.key} takes over`, undefined, 'none')
      : open.length > 0 ? undecided(`how many members ${cluster.key} has is not decided`)
        : interrupted(secondsOf('auroraRecreate'), `Aurora makes the only member of ${cluster.key} anew in its zone`, second(cluster), 'none');
  }
  return stateOfMembers(cluster, [...members, ...open], open.length > 0, places, context);
}

function stateOfMembers(cluster: Resource, members: readonly Resource[], open: boolean, places: readonly Place[], context: Context): State {
  const { damage, topology } = context;
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
  const safe = gone.filter(one => one === false).length;
  if (open) { return undecided(`how many members ${cluster.key} has is not decided`); }
  if (safe > 0) { return interrupted(secondsOf('auroraFailover'), `a member of ${cluster.key} in another zone takes over`, undefined, 'none'); }
  return gone.includes(undefined) ? undecided(`the zones of the members of ${cluster.key} are not in the template`)
    : lost(`every member of ${cluster.key} may stand in the lost zone, and Aurora makes none in another by itself`, second(cluster), 'none');
}

/** What is left of a cluster without its Region: another one of the same global database, or nothing. */
function keptElsewhere({ region, properties: { GlobalClusterIdentifier: global } }: Resource, topology: Topology): DataAtRisk {
  const copies = topology.ofType('AWS::RDS::DBCluster').filter(other => other.region !== region && global !== undefined
    && JSON.stringify(other.properties.GlobalClusterIdentifier) === JSON.stringify(global));
  return copies.length > 0 ? 'minutes' : 'everything';
}

/** A primary and its replicas, which have a part of what a cache keeps. */
interface Shard {
  readonly nodes: number;
  /** Zones that are asked for, the primary's first. */
  readonly preferred: readonly Place[];
}

/** A cache with replicas, of which one is promoted only with automatic failover. */
export function stateOfCache(cache: Resource, context: Context): State {
  const shards = shardsOf(cache, context).map(shard => stateOfShard(cache, shard, context));
  const atRisk = new Set(shards.map(({ data }) => data));
  const data = (['unknown', 'everything', 'minutes'] as const).find(one => atRisk.has(one));
  return data ? withData(allOf(shards), data) : allOf(shards);
}

function shardsOf({ properties }: Resource, { topology }: Context): readonly Shard[] {
  const placesIn = (zones: Value | undefined) => listOf(zones).map(zone => topology.place(zone));
  const configured = listOf(properties.NodeGroupConfiguration).map(group => {
    const replicas = placesIn(at(group, 'ReplicaAvailabilityZones'));
    return { nodes: (asNumber(at(group, 'ReplicaCount')) ?? replicas.length) + 1, preferred: [...placesIn(at(group, 'PrimaryAvailabilityZone')), ...replicas] };
  });
  const nodes = asNumber(properties.NumCacheClusters) ?? (asNumber(properties.ReplicasPerNodeGroup) ?? 0) + 1;
  return configured.length > 0 ? configured : [{ nodes, preferred: placesIn(properties.PreferredCacheClusterAZs) }];
}

function stateOfShard(cache: Resource, { nodes, preferred }: Shard, context: Context): State {
  const { damage } = context;
  const { properties } = cache;
  const failsOver = asBoolean(properties.AutomaticFailoverEnabled) === true && nodes > 1;
  const places = preferred.length > 0 ? preferred : subnetPlaces(cache, 'AWS::ElastiCache::SubnetGroup', properties.CacheSubnetGroupName, context);
  if (damage.hits('primary-host', cache.key)) {
    return failsOver ? interrupted(secondsOf('cacheFailover'), `a replica of ${cache.key} is promoted`, undefined, 'minutes')
      : interrupted(secondsOf('cacheRecreate'), `${cache.key} is made anew`, promoted(cache), nodes > 1 ? 'minutes' : 'everything');
  }
  const subnets = decidedBy(cache, 'CacheSubnetGroupName');
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the zones of ${cache.key} are not in the template`, subnets) : WELL; }
  const gone = places.map(place => isGone(place, damage));
  if (gone.includes(undefined)) { return undecided(`the zones of ${cache.key} are not in the template`, subnets); }
  if (!gone.includes(true)) { return WELL; }
  if (!failsOver) {
    const primary = preferred.length > 0 ? gone[0] : true;
    return primary ? lost(`the primary of ${cache.key} stands in the lost zone, and nothing is promoted`, promoted(cache), nodes > 1 && gone.includes(false) ? 'minutes' : 'everything') : WELL;
  }
  const spread = preferred.length > 0 ? gone.includes(false) : asBoolean(properties.MultiAZEnabled) === true && gone.includes(false);
  return spread ? interrupted(secondsOf('cacheFailover'), `a replica of ${cache.key} in another zone is promoted`, undefined, 'minutes')
    : lost(`every node of ${cache.key} may stand in the lost zone`, decidedBy(cache, 'MultiAZEnabled', 'true, with subnets of two zones'), 'everything');
}

/** A file system of one zone, or of two with a standby. */
export function stateOfFileServer(server: Resource, context: Context): State {
  const { topology, damage } = context;
  const subnets = topology.zonesOfSubnets(server.properties.SubnetIds);
  if (subnets instanceof Unknown) { return damage.hasAnyZone ? undecided(subnets.reason, decidedBy(server, 'SubnetIds')) : WELL; }
  const configuration = Object.entries(server.properties).find(([name]) => name.endsWith('Configuration'))?.[1];
  const isPair = String(at(configuration, 'DeploymentType')).startsWith('MULTI_AZ');
  if (isPair) { return failover(server, subnets, secondsOf('fsxFailover'), 'since-snapshot', context); }
  const [place = new Unknown('it has no subnet', server.key)] = subnets;
  const state = stateOfPlaced(server, place, 'SubnetIds', context, 'a deployment in several zones');
  return isLost(state) ? withData(state, 'since-snapshot') : state;
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
const promoted = (cache: Resource) => decidedBy(cache, 'AutomaticFailoverEnabled', 'true, with a replica in another zone');

/** What is left of a database of which the storage is gone. */
export function backupOf({ properties }: Resource): DataAtRisk {
  return (asNumber(properties.BackupRetentionPeriod) ?? 1) > 0 ? 'minutes' : 'everything';
}

function subnetPlaces(store: Resource, type: string, group: unknown, { topology }: Context): readonly Place[] | Unknown {
  if (group === undefined) { return [chosenByAws(`AWS chooses the zones of ${store.key} in the default network`)]; }
  if (group instanceof Unknown) { return group; }
  const resource = group instanceof Reference ? topology.resource(group) : undefined;
  return resource?.type === type ? topology.zonesOfSubnets(resource.properties.SubnetIds) : new Unknown(`the subnet group of ${store.key} is not in the template`, store.key);
}

/** Nodes that know nothing of each other: of Memcached each has a part of what is kept, of Redis there is one. */
export function stateOfNodes(cluster: Resource, context: Context): State {
  const { damage } = context;
  const { properties } = cluster;
  const count = asNumber(properties.NumCacheNodes) ?? 1;
  const alone = decidedBy(cluster, 'Type', 'a replication group with automatic failover');
  if (damage.hits('primary-host', cluster.key)) {
    return { ...interrupted(secondsOf('cacheRecreate'), `a node of ${cluster.key} is made anew`, alone, 'everything'), now: (count - 1) / count };
  }
  const listed = listOf(properties.PreferredAvailabilityZones ?? properties.PreferredAvailabilityZone);
  const places = listed.length > 0 ? listed.map(zone => context.topology.place(zone)) : subnetPlaces(cluster, 'AWS::ElastiCache::SubnetGroup', properties.CacheSubnetGroupName, context);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the zones of ${cluster.key} are not in the template`, alone) : WELL; }
  const gone = places.map(place => isGone(place, damage));
  if (gone.includes(undefined)) { return undecided(`the zones of ${cluster.key} are not in the template`, alone); }
  if (!gone.includes(true)) { return WELL; }
  const spread = properties.AZMode === 'cross-az' || properties.PreferredAvailabilityZones !== undefined;
  const up = gone.filter(one => one === false).length;
  const left = spread ? (count - mostIn(count, gone.length, gone.length - up)) / count : 0;
  return { now: left, later: left, seconds: 0, data: 'everything', why: [{ what: `nodes of ${cluster.key} may stand in the lost zone`, decision: alone }] };
}

/** A cache without nodes is in several zones. */
export function stateOfServerlessCache(cache: Resource, context: Context): State {
  return withData(regional(cache, context), context.damage.hasRegion(cache.region) ? 'everything' : 'none');
}

/** A table, a bucket, a topic: three zones keep it. */
export function stateOfStorage(resource: Resource, context: Context): State {
  const state = regional(resource, context);
  return isLost(state) ? withData(state, 'everything') : withData(state, 'none');
}
