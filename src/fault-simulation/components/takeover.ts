import { Agent, agentIn, AgentObject, AgentPart } from './failover-agent';
import { machineOf } from './machine';
import { blockAround, contains } from '../../shared/ipv4-range';
import { Damage, MACHINES } from '../faults';
import { Context } from '../model';
import { mayCall } from '../permissions';
import { secondsOf } from '../recovery-times';
import { isWell, WELL, Why } from '../state';
import { asBoolean, at, keysReferredTo, listOf, Reference, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';
import { wayOut } from '../ways';

/** Who has a route or an address that moves, and who stands in for it. */
export interface Takeover {
  /** For how many seconds nobody has it; undefined where the template does not decide whether it is taken over. */
  readonly seconds: number | undefined;
  readonly why: Why;
}

/** A thing that moves, as the configurations of the members name it. */
export interface Moving {
  readonly type: AgentPart['type'];
  /** The route table, or the elastic address. */
  readonly of: string;
  /** Of a route. */
  readonly destination?: string;
}

/** Every machine with the program, and every group of which the one machine has it. */
export function agentsIn(topology: Topology): readonly Agent[] {
  return topology.once('failover agents', () => topology.ofType(...MACHINES).flatMap((machine): Agent[] => {
    const { properties, userData } = machineOf(machine, topology);
    const agent = agentIn(properties.UserData);
    return agent ? [{ ...agent, machine, property: userData }] : [];
  }));
}

/** The machines that the members of a thing's order are, the first in it first; undefined for a member whose program is not shown. */
export function membersOf(moving: Moving, topology: Topology): readonly (Agent | undefined)[] {
  const agents = agentsIn(topology);
  const order = agents.map(agent => objectOf(agent, moving)?.order ?? []).find(names => names.length > 0) ?? [];
  return order.map(name => agents.find(agent => agent.member === name));
}

function objectOf({ objects }: Agent, { type, of, destination }: Moving): AgentObject | undefined {
  return objects.find(({ parts }) => parts.some(part => part.type === type && part.of === of && part.destination === destination));
}

/** For how long each member before one that runs is waited for, though it does nothing: a constant of the program. */
const PATIENCE_SECONDS = 5;

/**
 * Who takes over when the first of the order is gone: the next one whose program runs, and that can. The worst counts:
 *
 * * only what has nothing to recover from counts as running, so that a neighbour that is itself started anew takes nothing over;
 * * each one before it costs the whole time to notice once more, though the program asks all of them at the same time;
 * * one that is well, and may not or cannot do it, is waited for besides;
 * * where it is open whether one can, it is taken for one that cannot, as long as somebody comes after it.
 *
 * @param from a subnet whose traffic has to be let in; undefined of an address
 */
export function takeoverOf(moving: Moving, from: Value | undefined, context: Context): Takeover | undefined {
  const members = membersOf(moving, context.topology);
  // asked of all, by which it is known that they are needed
  const running = members.map(agent => agent !== undefined && isWell(context.state(agent.machine.key)));
  const candidates = members.flatMap((agent, rank): Candidate[] => {
    const object = agent && objectOf(agent, moving);
    return !object || rank === 0 || !running[rank] || object.order.indexOf(agent.member) < 1 ? []
      : [{ agent, object, rank: Math.max(rank, object.order.indexOf(agent.member)), can: canTakeOver(agent, object, members[0], from, context) }];
  });
  const first = candidates.find(({ can }) => can) ?? candidates.find(({ can }) => can === undefined);
  if (!first) { return undefined; }
  const { agent: { machine, detectionSeconds, property }, object: { parts }, rank, can } = first;
  const what = moving.type === 'route' ? `the way out by ${moving.of}` : moving.of;
  if (!can) { return { seconds: undefined, why: { what: `the template does not show whether ${machine.key} may take over ${what}`, decision: { property } } }; }
  const isWaiting = running.some((isRunning, index) => index > 0 && isRunning && index < members.indexOf(first.agent));
  const seconds = rank * detectionSeconds + (isWaiting ? rank * PATIENCE_SECONDS : 0)
    + Math.max(...parts.map(({ type }) => secondsOf(type === 'route' ? 'routeChange' : 'addressMove')));
  return { seconds, why: { what: `${machine.key} takes over ${what} within about ${Math.ceil(seconds)} s`, decision: { property } } };
}

interface Candidate {
  readonly agent: Agent;
  readonly object: AgentObject;
  readonly rank: number;
  readonly can: boolean | undefined;
}

/** Whether a route is taken over while all members run but the first; undefined where the template does not decide. */
export function isTakenOver(moving: Moving, from: Value | undefined, topology: Topology): boolean | undefined {
  const takeover = takeoverOf(moving, from, { topology, damage: new Damage({ kind: 'pair', faults: [] }), state: () => WELL });
  return takeover ? takeover.seconds !== undefined || undefined : false;
}

/** Whether a member that runs can do all that the object takes; undefined where the template does not decide. */
function canTakeOver(agent: Agent, object: AgentObject, owner: Agent | undefined, from: Value | undefined, context: Context): boolean | undefined {
  const { topology } = context;
  const own = topology.resource(agent.interface);
  const watches = agent.peers.has(owner?.member ?? object.order[0]);
  // one that checks the addresses of what it gets throws away what others send through it
  const forwards = own?.properties.SourceDestCheck === undefined ? false : asBoolean(own.properties.SourceDestCheck) === false;
  if (!own || !watches || !forwards || object.parts.some(({ targets }) => targets.get(agent.member) !== own.key)) { return false; }
  const answers = [
    ...object.parts.flatMap(part => permissionsFor(part, agent, own, topology)),
    // it moves nothing of which it cannot see where it is
    ...readsOf(agent).map(action => mayCall(agent.machine, action, 'all', topology)),
    from === undefined ? true : letsIn(own, from, topology),
    reachesEc2(agent.machine, context),
  ];
  return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
}

/** The calls by which it sees where all that it moves is. */
function readsOf({ objects }: Agent): string[] {
  const types = objects.flatMap(({ parts }) => parts).map(({ type }) => type);
  return [...types.includes('route') ? ['ec2:DescribeRouteTables'] : [], ...types.includes('elasticIp') ? ['ec2:DescribeAddresses'] : []];
}

function permissionsFor({ type, of }: AgentPart, { machine }: Agent, own: Resource, topology: Topology): (boolean | undefined)[] {
  if (of === undefined) { return [undefined]; }
  const { region } = machine;
  return type === 'route' ? [mayCall(machine, 'ec2:ReplaceRoute', { kind: 'route-table', of, region }, topology)] : [
    mayCall(machine, 'ec2:AssociateAddress', { kind: 'elastic-ip', of, region }, topology),
    mayCall(machine, 'ec2:AssociateAddress', { kind: 'network-interface', of: own.key, region }, topology),
  ];
}

/** Whether the calls of a machine get to EC2 without what it may have to take over. */
function reachesEc2(machine: Resource, { topology, state }: Context): boolean | undefined {
  const { VPCZoneIdentifier, SubnetId } = machine.properties;
  const own = machineOf(machine, topology).properties;
  const subnets = machine.type === 'AWS::AutoScaling::AutoScalingGroup'
    ? listOf(VPCZoneIdentifier)
    : listOf(SubnetId ?? at(listOf(own.NetworkInterfaces)[0], 'SubnetId'));
  const open = subnets.some(subnet => {
    const [endpoint] = topology.interfaceEndpointsOf('ec2', subnet);
    return !['gateway', 'none'].includes(wayOut(subnet, topology).kind) && !(endpoint && isWell(state(endpoint.key)));
  });
  return open ? undefined : true;
}

/** Whether the security groups of an interface let in what a subnet sends; undefined where the template does not say. */
function letsIn({ properties }: Resource, from: Value, topology: Topology): boolean | undefined {
  const groups = listOf(properties.GroupSet);
  const known = groups.flatMap(group => topology.resource(group) ?? []);
  const subnet = topology.resource(from);
  if (groups.length === 0 || known.length < groups.length || !subnet) { return undefined; }
  const rules = known.flatMap(group => [...listOf(group.properties.SecurityGroupIngress), ...topology.whoMentions(group.key, 'AWS::EC2::SecurityGroupIngress')
    .filter(rule => keysReferredTo(rule.properties.GroupId).includes(group.key)).map(rule => rule.properties)]);
  const answers = rules.map(rule => covers(at(rule, 'CidrIp'), subnet, topology));
  return answers.includes(true) ? true : answers.includes(undefined) && rules.some(rule => at(rule, 'CidrIp') !== undefined) ? undefined : false;
}

/** Whether a block holds that of a subnet: the block of its network does. */
function covers(block: Value | undefined, { properties }: Resource, topology: Topology): boolean | undefined {
  if (block === undefined) { return false; }
  const network = topology.resource(properties.VpcId);
  if (block instanceof Reference) { return block.resource === network?.key || undefined; }
  const [outer, own, whole] = [block, properties.CidrBlock, network?.properties.CidrBlock]
    .map(text => typeof text === 'string' ? blockAround(text) : undefined);
  const inner = own ?? whole;
  if (!outer || !inner) { return outer?.prefixLength === 0 || undefined; }
  return contains(outer, inner);
}
