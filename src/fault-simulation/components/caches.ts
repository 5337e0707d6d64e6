import { regional } from './network';
import { isGone, mostIn } from './spread';
import { subnetPlaces } from './stores';
import { Context } from '../model';
import { secondsOf } from '../recovery-times';
import { allOf, DataAtRisk, decidedBy, Decision, interrupted, isWell, lost, State, undecided, WELL, withData } from '../state';
import { asBoolean, asNumber, at, listOf, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { Place } from '../zones';

/** A primary and its replicas, which have a part of what a cache keeps. */
interface Shard {
  readonly nodes: number;
  /** Zones that are asked for, the primary's first. */
  readonly preferred: readonly Place[];
}

/** What decides whether a shard goes on without its primary. */
interface Replication {
  /** The property that names the subnet group, and the type of that. */
  readonly subnets: readonly [property: string, type: string];
  readonly promotes: boolean;
  /** Whether AWS puts the nodes of a shard into different zones. */
  readonly apart: boolean;
  /** What is missing after a replica has been promoted, and without any. */
  readonly behind: DataAtRisk;
  readonly alone: DataAtRisk;
  /** What would make it promote one, and in another zone. */
  readonly promotion: Decision;
  readonly spread: Decision;
}

/** A cache with replicas, of which one is promoted only with automatic failover. */
export function stateOfCache(cache: Resource, context: Context): State {
  const { properties } = cache;
  const replication: Replication = {
    subnets: ['CacheSubnetGroupName', 'AWS::ElastiCache::SubnetGroup'],
    promotes: asBoolean(properties.AutomaticFailoverEnabled) === true,
    apart: asBoolean(properties.MultiAZEnabled) === true,
    behind: 'minutes',
    alone: 'everything',
    promotion: decidedBy(cache, 'AutomaticFailoverEnabled', 'true, with a replica in another zone'),
    spread: decidedBy(cache, 'MultiAZEnabled', 'true, with subnets of two zones'),
  };
  return ofShards(shardsOf(cache, context).map(shard => stateOfShard(cache, shard, replication, context)));
}

/** MemoryDB promotes and spreads by itself where there are replicas, and has each write in the logs of several zones. */
export function stateOfMemory(cluster: Resource, context: Context): State {
  const property = 'NumReplicasPerShard';
  const replicas = asNumber(cluster.properties[property] ?? 1);
  const replication: Replication = {
    subnets: ['SubnetGroupName', 'AWS::MemoryDB::SubnetGroup'],
    promotes: true,
    apart: true,
    behind: 'none',
    alone: 'none',
    promotion: decidedBy(cluster, property, '1 or more, with subnets of two zones'),
    spread: decidedBy(cluster, 'SubnetGroupName', 'subnets of two zones'),
  };
  const stateWith = (count: number) => ofShards([stateOfShard(cluster, { nodes: count, preferred: [] }, replication, context)]);
  if (replicas !== undefined) { return stateWith(replicas + 1); }
  return isWell(stateWith(1)) ? WELL : undecided(`how many replicas ${cluster.key} has is not in the template`, decidedBy(cluster, property));
}

function ofShards(shards: readonly State[]): State {
  const atRisk = new Set(shards.map(({ data }) => data));
  const data = (['unknown', 'everything', 'minutes', 'none'] as const).find(one => atRisk.has(one));
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

function stateOfShard(cache: Resource, { nodes, preferred }: Shard, replication: Replication, context: Context): State {
  const { damage } = context;
  const { subnets: [property, type], behind, alone, promotion } = replication;
  const promotes = replication.promotes && nodes > 1;
  const places = preferred.length > 0 ? preferred : subnetPlaces(cache, type, cache.properties[property], context);
  if (damage.hits('primary-host', cache.key)) {
    return promotes ? interrupted(secondsOf('cacheFailover'), `a replica of ${cache.key} is promoted`, undefined, behind)
      : interrupted(secondsOf('cacheRecreate'), `${cache.key} is made anew`, promotion, nodes > 1 ? behind : alone);
  }
  const decision = decidedBy(cache, property);
  if (places instanceof Unknown || places.length === 0) { return damage.hasAnyZone ? undecided(`the zones of ${cache.key} are not in the template`, decision) : WELL; }
  const gone = places.map(place => isGone(place, damage));
  if (gone.includes(undefined)) { return undecided(`the zones of ${cache.key} are not in the template`, decision); }
  if (!gone.includes(true)) { return WELL; }
  if (!promotes) {
    const primary = preferred.length > 0 ? gone[0] : true;
    return primary ? lost(`the primary of ${cache.key} stands in the lost zone, and nothing is promoted`, promotion, nodes > 1 && gone.includes(false) ? behind : alone) : WELL;
  }
  // without a subnet group it is in the default network, which has a subnet in each zone
  const elsewhere = gone.includes(false) || (preferred.length === 0 && cache.properties[property] === undefined && damage.onlyZone !== undefined);
  const spread = preferred.length > 0 ? elsewhere : replication.apart && elsewhere && gone.filter(one => one === true).length < nodes;
  return spread ? interrupted(secondsOf('cacheFailover'), `a replica of ${cache.key} in another zone is promoted`, undefined, behind)
    : lost(`every node of ${cache.key} may stand in the lost zone`, replication.spread, alone);
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
