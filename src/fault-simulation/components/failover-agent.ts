import { Fields, fieldsOf, Found, listOf, Marked, objectIn, referenceOf, startOf, textsIn, within, written } from './written-json';
import { Need, Needs, NO_NEEDS } from '../needs';
import { Reference, Text, Value } from '../template/value';
import { Resource } from '../template/world';

/**
 * The configuration of a program that watches its neighbours and moves routes and addresses to its own interface, as it stands in the user
 * data of a machine: JSON with the names of the members, how often and how long each is asked, and for each thing that moves the order in
 * which they stand in for each other.
 */
export interface AgentConfiguration {
  readonly member: string;
  /** The members whose health it asks for. */
  readonly peers: ReadonlySet<string>;
  /** Until it takes a neighbour for dead, at the most: each question is asked in vain for as long as it may take. */
  readonly detectionSeconds: number;
  /** Its own interface. */
  readonly interface: Reference;
  readonly objects: readonly AgentObject[];
}

/** What moves together, and the members in the order in which they have it. */
export interface AgentObject {
  readonly order: readonly string[];
  readonly parts: readonly AgentPart[];
}

/** With the interface of each member to which it can lead. */
export interface AgentPart {
  readonly type: 'route' | 'elasticIp';
  /** The route table, or the elastic address: its key, or its id where it is not in the templates; undefined where that is open. */
  readonly of?: string;
  readonly destination?: string;
  readonly targets: ReadonlyMap<string, string>;
}

/** By which the program is started. */
const STARTED = startOf('failover-agent');

/** The configuration in a text that also starts the program; undefined if there is none, or none that the program takes. */
export function agentIn(userData: Value | undefined): AgentConfiguration | undefined {
  const text = written(userData);
  const found = configurationIn(text);
  return found && STARTED.test(text.text) ? configurationOf(found.json, text) : undefined;
}

/** User data without the configuration: what stands in it is what the program moves, or asks, and nothing that the machine cannot do without. */
export function withoutAgent(userData: Value | undefined): Value | undefined {
  const text = written(userData);
  const found = configurationIn(text);
  if (!found) { return userData; }
  const rest = text.text.slice(0, found.begin) + text.text.slice(found.end);
  return new Text(rest.split(/(\uE000[^\uE001]*\uE001)/).map(part => text.marked.get(part) ?? part));
}

/** What the program needs for itself: the interface that it attaches. */
export function needsOfAgent(agent: AgentConfiguration | undefined, property: string): Needs {
  const attached: Need[] = agent ? [{ reference: agent.interface, property, certain: true }] : [];
  return { ...NO_NEEDS, attached };
}

/** The innermost object that has members and what moves between them. */
function configurationIn({ text }: Marked): Found | undefined {
  return text.includes('"members"') ? objectIn(text, ['objects', 'member']) : undefined;
}

/** What else has to be in it: the program does nothing with a configuration that it does not take. */
const KEYS = ['group', 'region', 'healthPort', 'failback', 'failbackAfterSeconds', 'nat', 'metrics'];

function configurationOf(fields: Fields, text: Marked): AgentConfiguration | undefined {
  const { member, members, peers, profile, interface: own, objects, nat } = fields;
  const { intervalSeconds, timeoutSeconds, failures } = fieldsOf(profile);
  const interval = within(intervalSeconds, 0.05, 60);
  const detectionSeconds = within(failures, 1, 100) * (interval + within(timeoutSeconds, 0.05, 60));
  const reference = referenceOf(fieldsOf(own).id, text);
  const all = textsIn(members);
  const named = new Set(Object.keys(fieldsOf(peers)));
  const moved = listOf(objects).map(one => objectOf(fieldsOf(one), text));
  const { canaries, preserveConnections, sources } = fieldsOf(nat);
  const isCopied = preserveConnections === undefined || (sources !== undefined && all.length === 2);
  const isTaken = isCopied && KEYS.every(key => key in fields) && 'address' in fieldsOf(own) && textsIn(canaries).length > 0
    && all.every(name => name === member || named.has(name)) && moved.length > 0 && moved.every(one => isWhole(one, all));
  if (typeof member !== 'string' || !all.includes(member) || !reference || !(detectionSeconds > 0) || !isTaken) { return undefined; }
  return { member, peers: named, detectionSeconds, interface: reference, objects: moved };
}

function isWhole({ order, parts }: AgentObject, members: readonly string[]): boolean {
  return order.length > 0 && new Set(order).size === order.length && order.every(name => members.includes(name))
    && parts.length > 0 && parts.every(({ targets }) => order.every(name => targets.has(name)));
}

function objectOf({ order, parts }: Fields, text: Marked): AgentObject {
  return {
    order: textsIn(order),
    parts: listOf(parts).flatMap(part => partOf(fieldsOf(part), text) ?? []),
  };
}

function partOf({ type, table, allocation, destination, targets }: Fields, text: Marked): AgentPart | undefined {
  if (type !== 'route' && type !== 'elasticIp') { return undefined; }
  const moved = type === 'route' ? table : allocation;
  const id = typeof moved === 'string' && /^[a-z]+-\w+$/.test(moved) ? moved : undefined;
  const leads = Object.entries(fieldsOf(targets)).flatMap(([name, target]) => {
    const reference = referenceOf(type === 'route' ? target : fieldsOf(target).interface, text);
    return reference ? [[name, reference.resource] as const] : [];
  });
  return { type, of: referenceOf(moved, text)?.resource ?? id, destination: typeof destination === 'string' ? destination : undefined, targets: new Map(leads) };
}

/** A machine that runs the program, or a group of which each does. */
export interface Agent extends AgentConfiguration {
  readonly machine: Resource;
  /** Where the configuration stands. */
  readonly property: string;
}
