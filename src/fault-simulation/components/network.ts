import { machinesBehind, stateOfMovedAddress } from './routers';
import { isGone } from './spread';
import { Context, Model, stateFor } from '../model';
import { allOf, asNeeded, decidedBy, isLost, lost, State, undecided, WELL, withData } from '../state';
import { at, listOf, Reference, referencesIn, Unknown } from '../template/value';
import { Resource } from '../template/world';
import { Place } from '../zones';

/** What stands in one place, by this property, and is gone with it. */
export function stateOfPlaced(resource: Resource, place: Place, property: string, { damage }: Context, remedy = 'one in each zone'): State {
  const gone = isGone(place, damage);
  if (gone === undefined) { return undecided(`the template does not say in which zone ${resource.key} is`, decidedBy(resource, property)); }
  return gone ? lost(`${resource.key} stands in the lost zone`, decidedBy(resource, property, remedy)) : WELL;
}

/** A NAT gateway serves from its zone; a regional one that expands by itself from every zone. */
export function stateOfNatGateway(gateway: Resource, context: Context): State {
  const { damage, topology } = context;
  if (damage.hits('nat', gateway.key)) { return lost(`${gateway.key} fails`, decidedBy(gateway, 'AvailabilityMode', 'a regional NAT gateway, or one for each zone')); }
  if (gateway.properties.AvailabilityMode === 'regional') {
    return gateway.properties.AvailabilityZoneAddresses === undefined ? regional(gateway, context)
      : damage.hasAnyZone
        ? undecided(`${gateway.key} does not expand by itself, and its zones are listed`, decidedBy(gateway, 'AvailabilityZoneAddresses')) : WELL;
  }
  return stateOfPlaced(gateway, topology.zoneOfSubnet(gateway.properties.SubnetId), 'SubnetId', context);
}

/** An interface endpoint is reached from all subnets while one of its interfaces is up. */
export function stateOfEndpoint(endpoint: Resource, context: Context): State {
  if (endpoint.properties.VpcEndpointType !== 'Interface') { return regional(endpoint, context); }
  return anyOfPlaces(endpoint, context.topology.zonesOfSubnets(endpoint.properties.SubnetIds), 'SubnetIds', context);
}

/** Up while one of its places, which this property gives, is. */
export function anyOfPlaces(resource: Resource, places: readonly Place[] | Unknown, property: string, context: Context): State {
  const { damage } = context;
  if (places instanceof Unknown) { return damage.hasAnyZone ? undecided(places.reason, decidedBy(resource, property)) : WELL; }
  const gone = places.map(place => isGone(place, damage));
  if (gone.includes(false) || !damage.hasAnyZone) { return WELL; }
  return gone.includes(undefined) || gone.length === 0
    ? undecided(`the template does not say in which zones ${resource.key} is`, decidedBy(resource, property))
    : lost(`all of ${resource.key} stands in the lost zone`, decidedBy(resource, property, 'a subnet of another zone in it'));
}

/** A service that AWS keeps in several zones of its Region. */
export function regional(resource: Resource, { damage }: Context): State {
  return damage.hasRegion(resource.region) ? lost(`${resource.key} is in the lost Region`) : WELL;
}

export function stateOfInterface(networkInterface: Resource, context: Context): State {
  return stateOfPlaced(networkInterface, context.topology.zoneOfSubnet(networkInterface.properties.SubnetId), 'SubnetId', context);
}

/** An address is of use while somebody has it who answers. */
export function stateOfAddress(address: Resource, context: Context): State {
  const { topology } = context;
  const association = topology.whoMentions(address.key, 'AWS::EC2::EIPAssociation')[0];
  const nat = topology.whoMentions(address.key, 'AWS::EC2::NatGateway')[0];
  const own = regional(address, context);
  if (nat) { return allOf([own, asNeeded(context.state(nat.key), { needer: address.key, needed: nat.key, property: `${nat.key}.AllocationId`, certain: true })]); }
  const { InstanceId: instance, NetworkInterfaceId: networkInterface } = association?.properties ?? {};
  const holder = [address.properties.InstanceId, instance, networkInterface].find(value => value instanceof Reference);
  if (!(holder instanceof Reference)) { return allOf([own, stateOfMovedAddress(address, context)]); }
  const instances = machinesBehind(holder.resource, topology).map(({ key }) => key);
  const property = association ? `${association.key}.${instance === undefined ? 'NetworkInterfaceId' : 'InstanceId'}` : `${address.key}.InstanceId`;
  return allOf([own, ...[holder.resource, ...instances].map(key =>
    asNeeded(context.state(key), { needer: address.key, needed: key, property, certain: true }))]);
}

/** A volume is in one zone; what is kept of it is its last snapshot. */
export function stateOfVolume(volume: Resource, context: Context): State {
  const { damage } = context;
  const kept = isInSnapshots(volume, context) ? 'since-snapshot' : 'everything';
  if (damage.hits('volume', volume.key)) { return lost(`${volume.key} is gone`, undefined, kept); }
  const state = stateOfPlaced(volume, context.topology.place(volume.properties.AvailabilityZone), 'AvailabilityZone', context, 'data in more than one zone');
  return isLost(state) ? withData(state, kept) : state;
}

/** Whether a policy that is enabled takes snapshots of what carries one of the volume's tags. */
function isInSnapshots(volume: Resource, { topology }: Context): boolean {
  const tags = listOf(volume.properties.Tags).map(tag => JSON.stringify([at(tag, 'Key'), at(tag, 'Value')]));
  return topology.ofType('AWS::DLM::LifecyclePolicy').some(({ properties }) => properties.State === 'ENABLED'
    && listOf(at(properties, 'PolicyDetails', 'TargetTags')).some(tag => tags.includes(JSON.stringify([at(tag, 'Key'), at(tag, 'Value')]))));
}

/** A regional file system is reached through the mount targets that are left. */
export function stateOfFileSystem(fileSystem: Resource, context: Context): State {
  const { topology } = context;
  const zone = fileSystem.properties.AvailabilityZoneName;
  if (zone !== undefined) {
    const backedUp = at(fileSystem.properties, 'BackupPolicy', 'Status') !== 'DISABLED';
    const state = stateOfPlaced(fileSystem, topology.place(zone), 'AvailabilityZoneName', context, 'leave it out: the file system is then in all zones');
    return isLost(state) ? withData(state, backedUp ? 'since-snapshot' : 'everything') : state;
  }
  const targets = topology.whoMentions(fileSystem.key, 'AWS::EFS::MountTarget');
  const own = withData(regional(fileSystem, context), 'none');
  if (targets.length === 0 || isLost(own)) { return own; }
  return withData(anyOfPlaces(fileSystem, distinctByProof(targets, context), 'MountTargets', context), 'none');
}

/** What AWS keeps in several zones, and what is of no use without what these of its properties name: a way into a file system, a tunnel. */
export function regionalWith(...properties: readonly (readonly string[])[]): Model {
  return (resource, context) => allOf([
    regional(resource, context),
    ...properties.flatMap(path => referencesIn(at(resource.properties, ...path)).map(({ resource: key }) => stateFor(resource, key, path.join('.'), context))),
  ]);
}

export function stateOfMountTarget(target: Resource, context: Context): State {
  return stateOfPlaced(target, context.topology.zoneOfSubnet(target.properties.SubnetId), 'SubnetId', context);
}

/** The mount targets of one file system are in different zones, as EFS refuses anything else: two of them are never gone at once. */
function distinctByProof(targets: readonly Resource[], { topology, damage }: Context): readonly Place[] {
  const places = targets.map(({ properties }) => topology.zoneOfSubnet(properties.SubnetId));
  const zonesLost = damage.hasRegion(targets[0].region) ? Infinity : 1;
  return targets.length > zonesLost && places.every(place => place instanceof Unknown) ? [`${targets[0].region}#elsewhere`] : places;
}
