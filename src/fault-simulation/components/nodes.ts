import { anyOfPlaces, regional, stateOfPlaced } from './network';
import { distinct, mostGone, mostIn } from './spread';
import { failover } from './stores';
import { Context } from '../model';
import { RecoveryTimeId, secondsOf } from '../recovery-times';
import { allOf, DataAtRisk, decidedBy, Decision, interrupted, isLost, lost, State, undecided, WELL, withData } from '../state';
import { asBoolean, asNumber, at, listOf, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { chosenByAws, Place } from '../zones';

/** Nodes that AWS spreads evenly over zones, and what is gone of them at the most. */
interface Nodes {
  readonly count: number;
  readonly zones: number;
  readonly lostZones: number;
  readonly lost: number;
}

type Places = readonly Place[] | Unknown;

/** The nodes of a cluster that loses some; else how it stands: well, or undecided where the template does not show them. */
function nodesOf(cluster: Resource, count: Value | undefined, places: Places, spread: string, { damage }: Context): Nodes | State {
  const size = asNumber(count);
  const zones = places instanceof Unknown ? 0 : distinct(places).length;
  const dead = damage.hitsNode(cluster.key) ? 1 : 0;
  const lostZones = !damage.hasAnyZone ? 0 : places instanceof Unknown || zones === 0 ? undefined : mostGone(places, cluster.region, damage);
  if (lostZones === 0 && dead === 0) { return WELL; }
  if (lostZones === undefined) { return undecided(`the template does not say in which zones ${cluster.key} is`, decidedBy(cluster, spread)); }
  if (size === undefined || size < 1) { return undecided(`how many nodes ${cluster.key} has is not in the template`, decidedBy(cluster, spread)); }
  const lostNodes = Math.min(size, (lostZones > 0 ? mostIn(size, zones, lostZones) : 0) + dead);
  return { count: size, zones, lostZones, lost: lostNodes };
}

const isState = (found: Nodes | State): found is State => 'why' in found;

/** Some of the nodes are gone; with `anew`, they are made anew in that time. */
function withoutSome({ key }: Resource, { count, lost: gone }: Nodes, decision: Decision, data: DataAtRisk, anew?: RecoveryTimeId): State {
  const now = (count - gone) / count;
  const why = [{ what: `${key} loses up to ${gone} of ${count} nodes`, decision }];
  return { now, later: anew ? 1 : now, seconds: anew ? secondsOf(anew) : 0, data, why };
}

/** A search domain: with a majority of those that elect a master it goes on, and its indices have one replica by default. */
export function stateOfDomain(domain: Resource, context: Context): State {
  const name = domain.type === 'AWS::Elasticsearch::Domain' ? 'ElasticsearchClusterConfig' : 'ClusterConfig';
  const config = domain.properties[name];
  const settings = ['ZoneAwarenessEnabled', 'MultiAZWithStandbyEnabled', 'DedicatedMasterEnabled'].map(setting => at(config, setting));
  const open = [config, ...settings].find(value => value instanceof Unknown);
  const nodes = nodesOf(domain, at(config, 'InstanceCount') ?? 1, placesOfDomain(domain, config, context), `${name}.ZoneAwarenessEnabled`, context);
  if (isState(nodes)) { return nodes; }
  if (context.damage.hasRegion(domain.region)) { return lost(`${domain.key} is in the lost Region`, undefined, 'everything'); }
  if (open instanceof Unknown) { return undecided(open.reason, decidedBy(domain, name)); }
  const spread = decidedBy(domain, `${name}.ZoneAwarenessEnabled`, 'true, over three zones');
  // of two copies both may be in two zones
  if (nodes.lost === nodes.count || nodes.lostZones > 1) { return lost(`no copy of some indices of ${domain.key} may be left`, spread, 'since-snapshot'); }
  if (asBoolean(at(config, 'MultiAZWithStandbyEnabled')) === true) { return withoutActive(domain, nodes, decidedBy(domain, `${name}.MultiAZWithStandbyEnabled`)); }
  const masters = decidedBy(domain, `${name}.DedicatedMasterEnabled`, 'true, with three of them, or data nodes in three zones');
  return electsMaster(config, nodes) ? withoutSome(domain, nodes, spread, 'none', 'searchNode')
    : interrupted(secondsOf('searchNode'), `too few nodes of ${domain.key} are left to elect a master, until one is replaced`, masters, 'none');
}

/** Two of the three zones serve, and the third one takes the place of one of them. */
function withoutActive(domain: Resource, { count, lost: gone }: Nodes, decision: Decision): State {
  const active = Math.max(1, Math.floor(count * 2 / 3));
  return withoutSome(domain, { count: active, zones: 2, lostZones: 1, lost: Math.min(active, gone) }, decision, 'none', 'searchStandby');
}

/** Dedicated masters are in three zones, also where the data are in two. */
function electsMaster(config: Value | undefined, { count, lost: gone, lostZones }: Nodes): boolean {
  if (asBoolean(at(config, 'DedicatedMasterEnabled')) !== true) { return 2 * (count - gone) > count; }
  const masters = asNumber(at(config, 'DedicatedMasterCount')) ?? 3;
  return 2 * (masters - mostIn(masters, 3, Math.max(1, lostZones))) > masters;
}

function placesOfDomain(domain: Resource, config: Value | undefined, { topology }: Context): Places {
  const subnets = at(domain.properties.VPCOptions, 'SubnetIds');
  if (subnets !== undefined) { return topology.zonesOfSubnets(subnets); }
  const zones = asBoolean(at(config, 'ZoneAwarenessEnabled')) === true ? asNumber(at(config, 'ZoneAwarenessConfig', 'AvailabilityZoneCount') ?? 2) : 1;
  return Array.from({ length: zones ?? 1 }, (_, index) => chosenByAws(`AWS chooses the zones of ${domain.key}`, domain.region, `${domain.key} ${index}`));
}

/** Brokers of Kafka: each partition goes on while as many of its copies are left as have to take a write. */
export function stateOfKafka(cluster: Resource, context: Context): State {
  const { topology } = context;
  const subnets = 'BrokerNodeGroupInfo.ClientSubnets';
  const places = topology.zonesOfSubnets(at(cluster.properties.BrokerNodeGroupInfo, 'ClientSubnets'));
  const nodes = nodesOf(cluster, cluster.properties.NumberOfBrokerNodes, places, subnets, context);
  if (isState(nodes)) { return nodes; }
  const replication = replicationOf(cluster, nodes.zones, context);
  if (replication === undefined) { return undecided(`how ${cluster.key} replicates is not in the template`, decidedBy(cluster, 'ConfigurationInfo')); }
  const { copies, least, decision } = replication;
  const inLostZones = nodes.lostZones > 0 ? mostIn(copies, nodes.zones, nodes.lostZones) : 0;
  const left = copies - inLostZones - (context.damage.hitsNode(cluster.key) ? 1 : 0);
  const anew = nodes.lostZones === 0 ? 'kafkaBroker' : undefined;
  if (left >= Math.max(1, least)) { return withoutSome(cluster, nodes, decidedBy(cluster, subnets), anew || least > 1 ? 'none' : 'minutes', anew); }
  const what = `partitions of ${cluster.key} have ${Math.max(0, left)} of ${copies} copies left, and a write takes ${least}`;
  return anew ? interrupted(secondsOf(anew), what, decision, 'none') : lost(what, decision, left < 1 ? 'everything' : 'none');
}

/** How many copies there are of a partition, and how many of them take a write before it counts. */
export interface Replication {
  readonly copies: number;
  readonly least: number;
  readonly decision: Decision;
}

/** By the topics and the configuration in the templates, else by the defaults of MSK; undefined if the configuration is not in them. */
export function replicationOf(cluster: Resource, zones: number, { topology }: Pick<Context, 'topology'>): Replication | undefined {
  const arn = at(cluster.properties.ConfigurationInfo, 'Arn');
  const configuration = topology.resource(arn);
  const text = arn === undefined ? '' : configuration?.properties.ServerProperties;
  if (typeof text !== 'string') { return undefined; }
  const setting = (name: string) => asNumber(new RegExp(`^[ \\t]*${name.replace(/\./g, '\\.')}[ \\t]*=[ \\t]*(\\d+)`, 'm').exec(text)?.[1]);
  const topics = topology.whoMentions(cluster.key, 'AWS::MSK::Topic').flatMap(({ properties }) => asNumber(properties.ReplicationFactor) ?? []);
  const decision = configuration ? decidedBy(configuration, 'ServerProperties', 'more copies than have to take a write, and subnets of three zones')
    : decidedBy(cluster, 'BrokerNodeGroupInfo.ClientSubnets', 'subnets of three zones');
  // MSK refuses one zone
  const copies = Math.min(setting('default.replication.factor') ?? (zones > 2 ? 3 : 2), ...topics);
  return { copies, least: setting('min.insync.replicas') ?? (zones > 2 ? 2 : 1), decision };
}

/** Kafka without brokers of one's own is reached by interfaces in subnets. */
export function stateOfServerlessKafka(cluster: Resource, context: Context): State {
  const subnets = listOf(cluster.properties.VpcConfigs).flatMap(config => listOf(at(config, 'SubnetIds')));
  const own = regional(cluster, context);
  return isLost(own) ? withData(own, 'everything') : withData(anyOfPlaces(cluster, context.topology.zonesOfSubnets(subnets), 'VpcConfigs', context), 'none');
}

/** A broker of Amazon MQ: one, two of which one stands by, or three in as many zones. */
export function stateOfBroker(broker: Resource, context: Context): State {
  const { damage, topology } = context;
  const { DeploymentMode: mode, SubnetIds: subnets } = broker.properties;
  const places = subnets === undefined ? [chosenByAws(`AWS chooses the zones of ${broker.key} in the default network`, broker.region)] : topology.zonesOfSubnets(subnets);
  const decision = decidedBy(broker, 'DeploymentMode', 'ACTIVE_STANDBY_MULTI_AZ, or CLUSTER_MULTI_AZ');
  const node = damage.hitsNode(broker.key);
  if (mode === 'CLUSTER_MULTI_AZ') { return stateOfBrokers(broker, context); }
  if (places instanceof Unknown) { return damage.hasAnyZone ? undecided(places.reason, decidedBy(broker, 'SubnetIds')) : WELL; }
  if (mode === 'ACTIVE_STANDBY_MULTI_AZ') {
    const seconds = secondsOf('brokerFailover');
    return node ? interrupted(seconds, `the standby of ${broker.key} takes over`, undefined, 'none')
      : failover(broker, places, { seconds, kept: 'everything', spread: 'SubnetIds', standby: 'DeploymentMode' }, context);
  }
  if (mode !== 'SINGLE_INSTANCE') { return damage.hasAnyZone || node ? undecided(`how many brokers ${broker.key} has is not in the template`, decision) : WELL; }
  if (node) { return interrupted(secondsOf('brokerRestart'), `Amazon MQ puts ${broker.key} on other hardware of its zone`, decision, 'none'); }
  const [place = new Unknown('it has no subnet', broker.key)] = places;
  const state = stateOfPlaced(broker, place, 'DeploymentMode', context, decision.remedy);
  // ActiveMQ keeps its messages in several zones, unless it is told to use a volume
  const { EngineType: engine, StorageType: storage } = broker.properties;
  const keeps = String(engine).toUpperCase() === 'ACTIVEMQ' && String(storage ?? 'EFS').toUpperCase() === 'EFS';
  return isLost(state) ? withData(state, keeps ? 'none' : 'everything') : state;
}

/** Three nodes with the same queues; where they are private, they are reached by interfaces in subnets. */
function stateOfBrokers(broker: Resource, context: Context): State {
  const { SubnetIds: subnets } = broker.properties;
  const zones = [0, 1, 2].map(index => chosenByAws(`AWS chooses the zones of ${broker.key}`, broker.region, `${broker.key} ${index}`));
  const nodes = nodesOf(broker, 3, zones, 'DeploymentMode', context);
  if (isState(nodes)) { return nodes; }
  if (nodes.lostZones > 1) { return lost(`most nodes of ${broker.key} may stand in the lost zones`, decidedBy(broker, 'DeploymentMode'), 'everything'); }
  const own = withoutSome(broker, nodes, decidedBy(broker, 'DeploymentMode'), 'none', nodes.lostZones === 0 ? 'brokerRestart' : undefined);
  return allOf([own, ...subnets === undefined ? [] : [anyOfPlaces(broker, context.topology.zonesOfSubnets(subnets), 'SubnetIds', context)]]);
}
