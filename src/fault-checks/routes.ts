import { machinesBehind } from '../fault-simulation/components/routers';
import { isTakenOver, Moving } from '../fault-simulation/components/takeover';
import { isObject, Reference, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** The routes of a subnet, as far as they are in the templates. */
export function routesFrom({ key }: Resource, topology: Topology): readonly Resource[] {
  return topology.routesOf(new Reference(key, 'Ref')) ?? [];
}

/** Whether a condition decides that a route is there, and not the same that decides it of the subnet. */
export function isOpen(route: Resource, { raw: { Condition: condition } }: Resource): boolean {
  return route.presence === 'unknown' && route.raw.Condition !== condition;
}

/** Subnets that have a route of which this is true. */
export function subnetsThat(lead: (route: Resource) => boolean, topology: Topology): readonly Resource[] {
  return topology.ofType('AWS::EC2::Subnet').filter(subnet => routesFrom(subnet, topology).some(lead));
}

/** Whether a value names the resource, and nothing else. */
export function names(value: Value | undefined, { key }: Resource): boolean {
  return value instanceof Reference && value.resource === key;
}

/** What moves when a machine leads a route to another interface. */
export function movingOf({ properties: { RouteTableId: table, DestinationCidrBlock: destination } }: Resource): Moving {
  const of = table instanceof Reference ? table.resource : String(table);
  return { type: 'route', of, destination: typeof destination === 'string' ? destination : undefined };
}

/** Whether every route that leads to the machines of a group is taken over by others while they are gone; false if none leads there. */
export function isStoodInFor(group: Resource, topology: Topology): boolean {
  const routes = topology.ofType('AWS::EC2::Route').filter(({ properties: { NetworkInterfaceId: hop } }) =>
    hop instanceof Reference && machinesBehind(hop.resource, topology).includes(group));
  return routes.length > 0 && routes.every(route => isTakenOver(movingOf(route), undefined, topology));
}

/** Whether two values mean the same thing, whatever that is. */
export function isSame(one: Value | undefined, other: Value | undefined): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

/** Every list of subnets that stands anywhere in a value, if all in it are resources. */
export function subnetListsIn(value: Value | undefined, topology: Topology): readonly (readonly Reference[])[] {
  if (Array.isArray(value)) {
    const subnets = value.filter((item): item is Reference => topology.resource(item)?.type === 'AWS::EC2::Subnet');
    return subnets.length > 0 && subnets.length === value.length ? [subnets] : value.flatMap(item => subnetListsIn(item, topology));
  }
  return isObject(value) ? Object.values(value).flatMap(item => subnetListsIn(item, topology)) : [];
}

/** Endpoints of a firewall are parts of an attribute that is made at deployment, so that its name stands only in the template as it was read. */
export function leadsToFirewall(route: Resource, { stack, logicalId }: Resource): boolean {
  const hop = JSON.stringify(route.raw.Properties?.VpcEndpointId ?? '');
  return route.stack === stack && [`"${logicalId}"`, `"${logicalId}.`].some(name => hop.includes(name));
}
