import { machineOf, needsOfMachine } from './machine';
import { agentsIn, membersOf, Takeover, takeoverOf } from './takeover';
import { MACHINES } from '../faults';
import { Context } from '../model';
import { mayCall } from '../permissions';
import { allOf, asNeeded, isWell, State, undecided, WELL, Why } from '../state';
import { at, listOf, Reference, referencesIn, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';
import { WayOut } from '../ways';

/**
 * Machines in the way out: NAT instances, proxies, firewalls that forward.
 *
 * A route leads to an interface, and that it is there says nothing: behind it has to be a machine. So the way stands as the interface and
 * all that may be behind it do, and with a machine that is gone the way is gone at once, whoever takes it over: that takes calls.
 *
 * After recovery it stands again by what is first: the machine is back, as its group starts another one that attaches the interface; or
 * another machine has led the route to itself. Only what is written out in a configuration that can be read counts as the second. That
 * somebody else may change the route, by the role of a machine or a function, is a sign that something like it is meant, and no more: when
 * that program acts, and whether it does, does not stand in the template. Where the machine comes back by itself that can only be sooner, so
 * that its own, longer time stands; where it does not, nothing is decided.
 */
export function stateOfRouter(way: Extract<WayOut, { kind: 'instance' }>, subnet: Value | undefined, needer: string, context: Context): State {
  const { topology } = context;
  const moving = { type: 'route', of: way.table ?? '', destination: '0.0.0.0/0' } as const;
  const [owner] = membersOf(moving, topology);
  const behind = [...machinesBehind(way.of, topology), ...owner ? [owner.machine] : []].map(({ key }) => key);
  const needed = [...new Set([way.of, ...behind])];
  const own = allOf(needed.map(key => asNeeded(whole(context.state(key)), { needer, needed: key, property: way.route, certain: true })));
  const takeover = takeoverOf(moving, subnet, context);
  if (isWell(own)) { return openlyHeld(way, own, context); }
  const taken = withTakeover(own, takeover);
  if (taken || own.later !== 0) { return taken ?? own; }
  const other = othersFor(way.table, needed, context)[0];
  return other ? { ...undecided(''), why: [...own.why, doubt(other, way)] } : own;
}

/** An elastic address that programs move: whoever has it first, and whoever takes it over. */
export function stateOfMovedAddress(address: Resource, context: Context): State {
  const moving = { type: 'elasticIp', of: address.key } as const;
  const [owner] = membersOf(moving, context.topology);
  if (!owner) { return WELL; }
  const needed = [owner.machine.key, owner.interface.resource];
  const own = allOf(needed.map(key =>
    asNeeded(whole(context.state(key)), { needer: address.key, needed: key, property: owner.property, certain: true })));
  return withTakeover(own, takeoverOf(moving, undefined, context)) ?? own;
}

/** As it is first: back by itself, or taken over. Undefined where nobody takes it over. */
function withTakeover(own: State, takeover: Takeover | undefined): State | undefined {
  if (own.now === undefined || own.now === 1 || !takeover) { return undefined; }
  const { seconds, why } = takeover;
  if (own.later === 1 && (seconds === undefined || own.seconds <= seconds)) { return own; }
  return { ...seconds === undefined ? undecided('') : { now: 0, later: 1, seconds }, why: [...own.why, why] };
}

function doubt({ key }: Resource, { table, route }: Extract<WayOut, { kind: 'instance' }>): Why {
  const what = `${key} may lead ${table ?? 'the route'} elsewhere, but whether its program does is not in the template`;
  return { what, decision: { property: route } };
}

/** A machine does its work, or it does not: one of several that are behind an interface may be the one that has it. */
function whole(state: State): State {
  if (state.now === undefined || state.now === 1) { return state; }
  return { ...state, now: 0, later: state.later === 1 ? 1 : 0, down: undefined, need: undefined };
}

/** Where the template does not show who has the interface, and a machine is gone that may have it by its role. */
function openlyHeld(way: Extract<WayOut, { kind: 'instance' }>, own: State, context: Context): State {
  const { topology, damage } = context;
  const target = topology.world.resource(way.of);
  if (target?.type !== 'AWS::EC2::NetworkInterface' || machinesBehind(way.of, topology).length > 0) { return own; }
  const suspect = damage.components.flatMap(key => topology.world.resource(key) ?? []).find(machine =>
    MACHINES.includes(machine.type) && mayAttach(machine, target, topology));
  return suspect && !isWell(context.state(suspect.key))
    ? undecided(`who has ${target.key} is not in the template, and ${suspect.key} may`, { property: way.route }) : own;
}

function mayAttach(machine: Resource, { key, region }: Resource, topology: Topology): boolean {
  return mayCall(machine, 'ec2:AttachNetworkInterface', { kind: 'network-interface', of: key, region }, topology, true) === true;
}

/** Every machine, or group of one, that the templates show behind what a route leads to. */
export function machinesBehind(target: string, topology: Topology): readonly Resource[] {
  return topology.once(`machines behind ${target}`, () => {
    const resource = topology.world.resource(target);
    if (resource?.type !== 'AWS::EC2::NetworkInterface') { return []; }
    const bound = topology.ofType(...MACHINES).filter(machine => isBoundTo(machine, target, topology));
    if (bound.length > 0) { return bound; }
    // who names it in user data may write down that of a neighbour: only one in its zone can have it
    const zone = topology.zoneOfSubnet(resource.properties.SubnetId);
    const near = topology.ofType(...MACHINES).filter(machine => topology.placesOf(machine)
      .every(place => place === zone || typeof place !== 'string' || typeof zone !== 'string'));
    const naming = near.filter(machine => namedInText(machine, topology).has(target));
    const isNamedInRoles = topology.whoMentions(target, 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy').length > 0;
    return naming.length > 0 || !isNamedInRoles ? naming : near.filter(machine => mayAttach(machine, resource, topology));
  });
}

/** Whether a machine is there to have an interface that routes lead to, or may lead to when it stands in for another one. */
export function isRouter(machine: Resource, topology: Topology): boolean {
  return routedInterfaces(topology).some(key => machinesBehind(key, topology).includes(machine));
}

/** Every interface to which a route leads, or to which a program can lead one. */
export function routedInterfaces(topology: Topology): readonly string[] {
  return topology.once('routed interfaces', () => {
    const own = topology.ofType('AWS::EC2::Route').flatMap(({ properties }) => topology.resource(properties.NetworkInterfaceId)?.key ?? []);
    const targets = agentsIn(topology).flatMap(({ objects }) => objects).flatMap(({ parts }) => parts)
      .flatMap(({ type, targets: leads }) => type === 'route' ? [...leads.values()] : []);
    return [...new Set([...own, ...targets])];
  });
}

/** By a property, by an attachment, by a command that attaches it, or as the own interface of the program that moves routes. */
function isBoundTo(machine: Resource, target: string, topology: Topology): boolean {
  const { properties } = machineOf(machine, topology);
  const named = listOf(properties.NetworkInterfaces).map(one => at(one, 'NetworkInterfaceId'));
  const attached = topology.whoMentions(machine.key, 'AWS::EC2::NetworkInterfaceAttachment').map(one => one.properties.NetworkInterfaceId);
  return [...named, ...attached].some(one => one instanceof Reference && one.resource === target)
    || needsOfMachine(machine, machineOf(machine, topology), topology).attached.some(({ reference }) => reference.resource === target);
}

/** What stands in the user data of a machine, or in the environment of a function. */
function namedInText(who: Resource, topology: Topology): ReadonlySet<string> {
  return topology.once(`named in the text of ${who.key}`, () => {
    const { properties, init } = MACHINES.includes(who.type) ? machineOf(who, topology) : { properties: {}, init: undefined };
    const triggers = who.type === FUNCTION ? topology.whoMentions(who.key, 'AWS::Events::Rule', 'AWS::Scheduler::Schedule').map(one => one.properties) : [];
    const values: Value[] = [at(properties, 'UserData') ?? null, init ?? null, who.properties.Environment ?? null, ...triggers];
    return new Set(values.flatMap(value => referencesIn(value)).map(({ resource }) => resource));
  });
}

const FUNCTION = 'AWS::Lambda::Function';

/** Who else runs, and may lead a table elsewhere: by a role that says so, or by any if its text names the table. */
function othersFor(table: string | undefined, behind: readonly string[], { topology, state }: Context): readonly Resource[] {
  return reroutersOf(table, topology).filter(({ key }) => !behind.includes(key) && isWell(state(key)));
}

/** All machines and functions that may lead a table elsewhere, but those whose configuration says what they do. */
export function reroutersOf(table: string | undefined, topology: Topology): readonly Resource[] {
  const resource = table === undefined ? undefined : topology.world.resource(table);
  if (!resource) { return []; }
  return topology.once(`who may lead ${resource.key} elsewhere`, () => {
    const read = agentsIn(topology).map(({ machine }) => machine.key);
    return topology.ofType(...MACHINES, FUNCTION).filter(who => {
      const names = namedInText(who, topology).has(resource.key);
      const may = mayCall(who, 'ec2:ReplaceRoute', { kind: 'route-table', of: resource.key, region: resource.region }, topology, !names);
      return !read.includes(who.key) && (may === true || (may === undefined && names));
    });
  });
}

/**
 * A table without a default route, whose machines get outside all the same: somebody has made the route. Where that is nobody in the
 * template, nothing is said. Else it is who names the table and may make a route in it; of several it may be any, and none has to stand in.
 */
export function stateOfRouteByProgram(table: string, needer: string, context: Context): State {
  const { topology } = context;
  const resource = topology.world.resource(table);
  const makers = !resource ? [] : topology.once(`who makes routes in ${table}`, () => topology.ofType(...MACHINES).filter(who =>
    namedInText(who, topology).has(table)
    && ['ec2:CreateRoute', 'ec2:ReplaceRoute'].some(action => mayCall(who, action, { kind: 'route-table', of: resource.key, region: resource.region }, topology) !== false)));
  const states = makers.map(({ key }) => ({
    key, state: asNeeded(whole(context.state(key)), { needer, needed: key, property: `${key}.UserData`, certain: false }),
  }));
  const hit = states.filter(({ state }) => !isWell(state));
  const own = allOf(hit.map(({ state }) => state));
  const other = states.find(({ state }) => isWell(state));
  if (own.later === 1 || own.now === undefined || !other) { return own; }
  return { ...undecided(''), why: [...own.why, { what: `whether ${other.key} takes over the way out by ${table} is not in the template` }] };
}
