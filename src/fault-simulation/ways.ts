import { keysReferredTo, Reference, Value } from './template/value';
import { Resource } from './template/world';
import { Topology } from './topology';

/** Where the default route of a subnet leads. */
export type WayOut =
  | { readonly kind: 'gateway' }
  | { readonly kind: 'none'; /** The route table that has no such route, if there is one. */ readonly table?: string }
  /** Beyond what is needed first, the way goes on into what is not in the templates. */
  | { readonly kind: 'nat' | 'beyond'; readonly of: string; /** The property of the route. */ readonly route: string }
  /** By a machine, or by an interface that a machine has. */
  | { readonly kind: 'instance'; readonly of: string; readonly route: string; readonly table?: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Two routes that take the place of the default one, as nothing is more specific than they are. */
const HALVES = ['0.0.0.0/1', '128.0.0.0/1'];

/** The way out of a subnet, by its route table; where that is not in the templates, none. */
export function wayOut(subnet: Value | undefined, topology: Topology): WayOut {
  const routes = topology.routesOf(subnet) ?? [];
  const table = topology.routeTableOf(subnet);
  const halves = routes.filter(({ properties }) => HALVES.includes(String(properties.DestinationCidrBlock)));
  // what takes over a default route leaves these alone
  if (halves.length > 0) { return oneOf(halves.map(half => wayBy(half, undefined, subnet, topology))); }
  const route = routes.find(({ properties }) => properties.DestinationCidrBlock === '0.0.0.0/0');
  return route ? wayBy(route, table, subnet, topology) : { kind: 'none', table };
}

function oneOf([first, ...others]: readonly WayOut[]): WayOut {
  const of = (way: WayOut) => 'of' in way ? way.of : way.kind;
  return others.every(other => of(other) === of(first)) ? first : { kind: 'unknown', why: 'the halves of the default route lead to different things' };
}

function wayBy({ key, properties }: Resource, table: string | undefined, subnet: Value | undefined, topology: Topology): WayOut {
  const { NatGatewayId: nat, InstanceId: instance, NetworkInterfaceId: networkInterface } = properties;
  if (nat instanceof Reference) { return { kind: 'nat', of: nat.resource, route: `${key}.NatGatewayId` }; }
  if (instance instanceof Reference) { return { kind: 'instance', of: instance.resource, route: `${key}.InstanceId`, table }; }
  if (networkInterface instanceof Reference) { return { kind: 'instance', of: networkInterface.resource, route: `${key}.NetworkInterfaceId`, table }; }
  const { GatewayId: gateway, TransitGatewayId: transit } = properties;
  if (transit instanceof Reference) { return { kind: 'beyond', of: attachmentOf(transit.resource, subnet, topology), route: `${key}.TransitGatewayId` }; }
  if (gateway === undefined) { return { kind: 'unknown', why: `the default route ${key} leads to what is not read` }; }
  const vpn = topology.resource(gateway)?.type === 'AWS::EC2::VPNGateway' ? topology.resource(gateway) : undefined;
  return vpn ? { kind: 'beyond', of: vpn.key, route: `${key}.GatewayId` } : { kind: 'gateway' };
}

/** By which the network of a subnet is attached to a transit gateway; if that is not shown, the gateway. */
function attachmentOf(gateway: string, subnet: Value | undefined, topology: Topology): string {
  const network = JSON.stringify(topology.resource(subnet)?.properties.VpcId);
  const attachments = topology.whoMentions(gateway, 'AWS::EC2::TransitGatewayAttachment', 'AWS::EC2::TransitGatewayVpcAttachment');
  return attachments.find(({ properties }) => JSON.stringify(properties.VpcId) === network)?.key ?? gateway;
}

/** The attachment to which a transit gateway sends on whatever comes from another one; undefined if that is not shown. */
export function attachmentBehind(attachment: string, topology: Topology): Resource | undefined {
  const associations = topology.whoMentions(attachment, 'AWS::EC2::TransitGatewayRouteTableAssociation');
  const tables = associations.length > 0 ? associations.flatMap(({ properties }) => keysReferredTo(properties.TransitGatewayRouteTableId))
    // the table that the gateway has of itself is one of its attributes
    : keysReferredTo(topology.world.resource(attachment)?.properties.TransitGatewayId);
  const routes = topology.ofType('AWS::EC2::TransitGatewayRoute').filter(({ properties }) => properties.DestinationCidrBlock === '0.0.0.0/0'
    && keysReferredTo(properties.TransitGatewayRouteTableId).some(table => tables.includes(table)));
  return topology.resource(routes[0]?.properties.TransitGatewayAttachmentId);
}
