import { anyOfPlaces, regional, regionalWith } from './network';
import { Context, Model, stateFor } from '../model';
import { allOf, asNeeded, decidedBy, lost, State, sumOf, undecided, WELL } from '../state';
import { asNumber, at, listOf, Reference } from '../template/value';
import { Resource } from '../template/world';

const behindAttachment = regionalWith(['TransitGatewayId']);

/** The way from a network to a transit gateway: interfaces in subnets, each for its zone. */
export function stateOfAttachment(attachment: Resource, context: Context): State {
  const { SubnetIds: subnets } = attachment.properties;
  return allOf([anyOfPlaces(attachment, context.topology.zonesOfSubnets(subnets), 'SubnetIds', context), behindAttachment(attachment, context)]);
}

const behindTunnels = regionalWith(['VpnGatewayId'], ['TransitGatewayId'], ['CustomerGatewayId']);

/** A VPN connection has two tunnels, which end in different zones: what goes through one is seen to go through the other. */
export function stateOfVpnConnection(connection: Resource, context: Context): State {
  const { damage } = context;
  const state = behindTunnels(connection, context);
  return state.now === 1 && damage.hasPartOf(connection.region) && damage.onlyZone === undefined
    ? lost(`both tunnels of ${connection.key} may end in the lost zones`) : state;
}

/** Clients connect to any of the subnets with which the endpoint is associated. */
export function stateOfClientVpn(endpoint: Resource, context: Context): State {
  const { topology } = context;
  const own = regional(endpoint, context);
  const associations = topology.whoMentions(endpoint.key, 'AWS::EC2::ClientVpnTargetNetworkAssociation');
  if (associations.length === 0) { return own; }
  const places = associations.map(({ properties }) => topology.zoneOfSubnet(properties.SubnetId));
  return allOf([own, anyOfPlaces(endpoint, places, 'ClientVpnTargetNetworkAssociation', context)]);
}

/** An accelerator answers at its listeners, and a listener from all groups of endpoints in which something is healthy. */
export const stateOfAccelerator: Model = (accelerator, context) =>
  allOf(partsOf(accelerator, 'AWS::GlobalAccelerator::Listener', 'AcceleratorArn', context));

export const stateOfAcceleratorListener: Model = (listener, context) => {
  const groups = partsOf(listener, 'AWS::GlobalAccelerator::EndpointGroup', 'ListenerArn', context);
  return groups.length === 0 ? WELL : sumOf(groups.map(state => ({ state, weight: 1 })));
};

function partsOf({ key }: Resource, type: string, property: string, { topology, state }: Context): State[] {
  return topology.whoMentions(key, type).map(part =>
    asNeeded(state(part.key), { needer: key, needed: part.key, property: `${part.key}.${property}`, certain: true }));
}

/** Endpoints of one Region, of which those of some weight stand in for each other. */
export function stateOfEndpointGroup(group: Resource, context: Context): State {
  const { damage } = context;
  const { EndpointGroupRegion: named, EndpointConfigurations: endpoints } = group.properties;
  const region = typeof named === 'string' ? named : group.region;
  if (damage.hasRegion(region)) { return lost(`the endpoints of ${group.key} are in the lost Region`, decidedBy(group, 'EndpointGroupRegion', 'a group in another Region')); }
  const unread = damage.hasPartOf(region) ? undecided(`an endpoint of ${group.key} is not in the template`, decidedBy(group, 'EndpointConfigurations')) : WELL;
  const parts = listOf(endpoints).map(endpoint => {
    const id = at(endpoint, 'EndpointId');
    const state = id instanceof Reference ? stateFor(group, id.resource, 'EndpointConfigurations', context) : unread;
    return { state, weight: asNumber(at(endpoint, 'Weight')) ?? 128 };
  }).filter(({ weight }) => weight > 0);
  return parts.length === 0 ? WELL : sumOf(parts);
}
