import { stateOfPlaced } from './network';
import { isGone } from './spread';
import { failover } from './stores';
import { Context } from '../model';
import { secondsOf } from '../recovery-times';
import { DataAtRisk, decidedBy, interrupted, isLost, lost, State, undecided, WELL, withData } from '../state';
import { asNumber, at, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { chosenByAws } from '../zones';

/** A file system of FSx in one zone, or in two, of which the preferred subnet has the server that works. */
export function stateOfFileServer(server: Resource, context: Context): State {
  const { topology, damage } = context;
  const subnets = topology.zonesOfSubnets(server.properties.SubnetIds);
  if (subnets instanceof Unknown) { return damage.hasAnyZone ? undecided(subnets.reason, decidedBy(server, 'SubnetIds')) : WELL; }
  const configuration = Object.entries(server.properties).find(([name]) => name.endsWith('Configuration'))?.[1];
  const type = typeOf(server, configuration);
  if (type instanceof Unknown) { return damage.hasAnyZone || damage.hitsNode(server.key) ? undecided(type.reason, decidedBy(server, 'DeploymentType')) : WELL; }
  const kept = keptOf(type, configuration);
  const seconds = secondsOf('fsxFailover');
  if (type.startsWith('MULTI_AZ')) {
    if (damage.hitsNode(server.key)) { return interrupted(seconds, `the standby of ${server.key} takes over`, undefined, 'none'); }
    const preferred = at(configuration, 'PreferredSubnetId');
    const onlyStandby = preferred !== undefined && damage.onlyZone !== undefined && isGone(topology.zoneOfSubnet(preferred), damage) === false;
    return onlyStandby ? WELL : failover(server, subnets, { seconds, kept, spread: 'SubnetIds', standby: 'DeploymentType' }, context);
  }
  if (damage.hitsNode(server.key)) { return withoutServer(server, type); }
  const [place = new Unknown('it has no subnet', server.key)] = subnets;
  const state = stateOfPlaced(server, place, 'SubnetIds', context, 'a deployment in several zones');
  return isLost(state) ? withData(state, kept) : state;
}

/** The only server in a zone, or one of a pair there, is gone. */
function withoutServer(server: Resource, type: string): State {
  const decision = decidedBy(server, 'DeploymentType');
  if (type.startsWith('SCRATCH')) { return lost(`FSx does not replace a server of ${server.key}`, decision, 'everything'); }
  const isPair = type.includes('_HA_') || server.properties.FileSystemType === 'ONTAP';
  return isPair ? interrupted(secondsOf('fsxFailover'), `the standby of ${server.key} in its zone takes over`, decision, 'none')
    : interrupted(secondsOf('fsxServer'), `FSx replaces the server of ${server.key}`, decision, 'none');
}

/** How it is deployed; one of Lustre has no servers that are replaced, if nobody says otherwise. */
function typeOf({ properties: { FileSystemType: kind } }: Resource, configuration: Value | undefined): string | Unknown {
  const type = at(configuration, 'DeploymentType');
  return type instanceof Unknown || typeof type === 'string' ? type : kind === 'LUSTRE' ? 'SCRATCH_1' : '';
}

function keptOf(type: string, configuration: Value | undefined): DataAtRisk {
  return type.startsWith('SCRATCH') || asNumber(at(configuration, 'AutomaticBackupRetentionDays')) === 0 ? 'everything' : 'since-snapshot';
}

/** A database of InfluxDB, with a standby in another zone or without. */
export function stateOfInflux(database: Resource, context: Context): State {
  const { topology, damage } = context;
  const { DeploymentType: type, VpcSubnetIds: subnets } = database.properties;
  const places = subnets === undefined ? [chosenByAws(`AWS chooses the zone of ${database.key}`, database.region)] : topology.zonesOfSubnets(subnets);
  const decision = decidedBy(database, 'DeploymentType', 'WITH_MULTIAZ_STANDBY');
  if (places instanceof Unknown) { return damage.hasAnyZone ? undecided(places.reason, decidedBy(database, 'VpcSubnetIds')) : WELL; }
  if (type instanceof Unknown) { return damage.hasAnyZone || damage.hitsNode(database.key) ? undecided(type.reason, decision) : WELL; }
  const seconds = secondsOf('influxFailover');
  if (String(type).startsWith('WITH_MULTIAZ')) {
    return damage.hitsNode(database.key) ? interrupted(seconds, `the standby of ${database.key} takes over`, decision, 'none')
      : failover(database, places, { seconds, kept: 'everything', spread: 'VpcSubnetIds', standby: 'DeploymentType' }, context);
  }
  if (damage.hitsNode(database.key)) { return interrupted(secondsOf('rdsHost'), `Timestream puts ${database.key} on other hardware of its zone`, decision, 'none'); }
  const gone = places.map(place => isGone(place, damage));
  return gone.includes(true) ? lost(`${database.key} has no standby, and may stand in the lost zone`, decision, 'everything')
    : gone.includes(undefined) ? undecided(`the template does not say in which zone ${database.key} is`, decidedBy(database, 'VpcSubnetIds')) : WELL;
}
