import { Need, Needs, NO_NEEDS } from '../needs';
import { Reference, Text, Unknown, Value, Zone } from '../template/value';
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
const STARTED = /\bsystemctl\b[^\n]*\bfailover-agent|-m\s+failover_agent\b/;

/** The configuration in a text that also starts the program; undefined if there is none, or none that the program takes. */
export function agentIn(userData: Value | undefined): AgentConfiguration | undefined {
  const text = written(userData);
  const found = configurationIn(text.text);
  return found && STARTED.test(text.text) ? configurationOf(found.json, text) : undefined;
}

/** User data without the configuration: what stands in it is what the program moves, or asks, and nothing that the machine cannot do without. */
export function withoutAgent(userData: Value | undefined): Value | undefined {
  const text = written(userData);
  const found = configurationIn(text.text);
  if (!found) { return userData; }
  const rest = text.text.slice(0, found.begin) + text.text.slice(found.end);
  return new Text(rest.split(/(\uE000[^\uE001]*\uE001)/).map(part => text.marked.get(part) ?? part));
}

/** What the program needs for itself: the interface that it attaches. */
export function needsOfAgent(agent: AgentConfiguration | undefined, property: string): Needs {
  const attached: Need[] = agent ? [{ reference: agent.interface, property, certain: true }] : [];
  return { ...NO_NEEDS, attached };
}

/** A text in which each part that is not known yet is a mark: the same part is the same mark, in whatever text. */
interface Marked {
  readonly text: string;
  readonly marked: ReadonlyMap<string, Reference | Unknown | Zone>;
}

function written(value: Value | undefined): Marked {
  const marked = new Map<string, Reference | Unknown | Zone>();
  const parts = value instanceof Text ? value.parts : typeof value === 'string' ? [value] : [];
  const text = parts.map(part => {
    if (typeof part === 'string') { return part; }
    const name = part instanceof Reference ? `${part.resource}.${part.attribute}` : part instanceof Zone ? `${part.region}#${part.index}` : part.identity;
    const mark = `\uE000${encodeURIComponent(name)}\uE001`;
    marked.set(mark, part);
    return mark;
  }).join('');
  return { text, marked };
}

/** The innermost object that has members and what moves between them. */
function configurationIn(text: string): { readonly json: Fields; readonly begin: number; readonly end: number } | undefined {
  const objects = text.indexOf('"objects"');
  if (objects < 0 || !text.includes('"members"')) { return undefined; }
  for (let begin = text.lastIndexOf('{', objects); begin >= 0; begin = begin === 0 ? -1 : text.lastIndexOf('{', begin - 1)) {
    const end = endOf(text, begin);
    const json = end === undefined || end < objects ? undefined : parsed(text.slice(begin, end));
    if (end !== undefined && json && 'objects' in json && 'member' in json) { return { json, begin, end }; }
  }
  return undefined;
}

/** Behind the brace that closes the one at this place. */
function endOf(text: string, begin: number): number | undefined {
  let depth = 0;
  const braces = /"(?:[^"\\]|\\.)*"|[{}]/g;
  braces.lastIndex = begin;
  for (let found = braces.exec(text); found; found = braces.exec(text)) {
    depth += found[0] === '{' ? 1 : found[0] === '}' ? -1 : 0;
    if (depth === 0) { return braces.lastIndex; }
  }
  return undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(json: string): Fields | undefined {
  try {
    return fieldsOf(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
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

/** Not a number if it is none, or out of the range. */
function within(value: unknown, least: number, most: number): number {
  return typeof value === 'number' && value >= least && value <= most ? value : NaN;
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

function textsIn(value: unknown): readonly string[] {
  return listOf(value).filter((one): one is string => typeof one === 'string');
}

function referenceOf(value: unknown, { marked }: Marked): Reference | undefined {
  const part = typeof value === 'string' ? marked.get(value) : undefined;
  return part instanceof Reference ? part : undefined;
}

/** A machine that runs the program, or a group of which each does. */
export interface Agent extends AgentConfiguration {
  readonly machine: Resource;
  /** Where the configuration stands. */
  readonly property: string;
}
