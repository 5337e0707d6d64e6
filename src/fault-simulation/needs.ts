import { asString, isObject, Reference, Text, Unknown, Value } from './template/value';

/** A thing that somebody refers to, and where that is read. */
export interface Need {
  readonly reference: Reference;
  /** `Stack/LogicalId.Property`. */
  readonly property: string;
  /** Whether the template says that it is needed; else it is inferred, as from a security group. */
  readonly certain: boolean;
}

/** What somebody who is started with a text, or who has values in the environment, needs. */
export interface Needs {
  /** At run time: endpoints, addresses, names, URLs, queues, tables, buckets. */
  readonly running: readonly Need[];
  /** What is mounted or attached at the start, and stays so. */
  readonly attached: readonly Need[];
  /** At the start alone: what something is fetched from. */
  readonly booting: readonly Need[];
  /** Hosts outside of the templates that are used at run time. */
  readonly outside: readonly string[];
  /** Hosts from which something is fetched at the start. */
  readonly askedAtBoot: readonly string[];
  /** Whether something is fetched from outside at the start, beside what AWS services give. */
  readonly fetchesAtBoot: boolean;
  /** Services of AWS that are asked at the start, by the names of their endpoints. */
  readonly bootServices: readonly string[];
  /** Zones that a mount is bound to by its options. */
  readonly boundZones: readonly string[];
  /** What is not known of it, and may be the name or the address of something. */
  readonly unknown: readonly Unknown[];
  /** Whether the text completes a lifecycle action. */
  readonly completesHook: boolean;
}

export const NO_NEEDS: Needs = {
  running: [],
  attached: [],
  booting: [],
  outside: [],
  askedAtBoot: [],
  fetchesAtBoot: false,
  bootServices: [],
  boundZones: [],
  unknown: [],
  completesHook: false,
};

/** What the command line of AWS calls a service otherwise than its endpoint does. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  s3api: 's3', ecr: 'ecr.api', elbv2: 'elasticloadbalancing', elb: 'elasticloadbalancing', kinesis: 'kinesis-streams', firehose: 'kinesis-firehose', stepfunctions: 'states',
};
/** As a command, also within quotes or as the first of a list. */
const FETCHES = new RegExp([
  /(^|[\s;&|(/["'])(yum|dnf|microdnf|apt-get|apt|apk|zypper|pip3?|curl|wget|aws|cfn-init|cfn-signal|amazon-linux-extras|Invoke-WebRequest)[\s,"']/,
  // what starts a program by these fetches nothing
  /\b(npm|pnpm|yarn)\s+(\S+\s+)?(ci|i|install|add|update)\b|\b(yarn|pnpm)\s*$/,
  /\b(gem|bundle|composer|snap|choco|cargo|go|poetry|uv)\s+(install|update|add|sync|require|get|mod download)\b/,
  /\b(docker|podman|nerdctl)\s+pull|\bgit\s+(clone|pull|fetch)\b/,
  // of a cloud-config
  /^\s*package(s|_update|_upgrade):/,
].map(({ source }) => source).join('|'));
/** Fetches an image or a program, and starts what goes on to run with what else is in the command; bounded, that no text makes it slow. */
const STARTS = /\b(docker|podman|nerdctl)\s+run\b|\b(docker|podman)[\s-]compose\b.{0,1024}?\bup\b|\bnpx\s/;
const SERVICE = /\baws\s+(?:--\S+\s+\S+\s+){0,32}([a-z][\w-]*)/;
const HERE = /169\.254\.169\.254|localhost|127\.0\.0\.1/;
/** All that can stand in a URL before its path; what is longer than a name can be is not looked through. */
const ADDRESS = /[\w.:/-]{1,2048}/g;
const URL_HOST = /^[a-z]+:\/\/([\w.-]*\.[a-z]{2,})/i;
const NAMED_HOST = /^[\w-][\w.-]*\.(?:com|net|org|io|internal|local|private|corp|lan)(?![\w-])/i;
const ATTACHES = /\bmount\b|attach-volume|attach-network-interface/;

/** Reads the text command by command: what is fetched is needed at boot, what is written down or started with is needed at run time. */
export function needsOfText(value: Value | undefined, property: string): Needs {
  return united(commandsOf(value).map(command => needsOfCommand(command, property)));
}

/** The same of the values in an environment, all of which are used at run time. */
export function needsOfValues(values: readonly Value[], property: string): Needs {
  return united(values.map(value => {
    const { running, booting, attached, outside, askedAtBoot, unknown } = needsOfText(value, property);
    return { ...NO_NEEDS, running: [...running, ...booting, ...attached], outside: [...outside, ...askedAtBoot], unknown };
  }));
}

/** What cfn-init reads: files that are used at run time, commands, and what it installs at the start. */
export function needsOfInit(value: Value | undefined, property: string): Needs {
  if (!isObject(value)) { return needsOfText(value, property); }
  return united(Object.entries(value).map(([name, inner]) => {
    if (name === 'packages' || name === 'sources') { return { ...NO_NEEDS, ...installed(inner, property) }; }
    return Array.isArray(inner) ? united(inner.map(item => needsOfInit(item, property))) : needsOfInit(inner, property);
  }));
}

export function united(all: readonly Needs[]): Needs {
  return {
    running: all.flatMap(({ running }) => running),
    attached: all.flatMap(({ attached }) => attached),
    booting: all.flatMap(({ booting }) => booting),
    outside: all.flatMap(({ outside }) => outside),
    askedAtBoot: all.flatMap(({ askedAtBoot }) => askedAtBoot),
    fetchesAtBoot: all.some(({ fetchesAtBoot }) => fetchesAtBoot),
    bootServices: [...new Set(all.flatMap(({ bootServices }) => bootServices))],
    boundZones: all.flatMap(({ boundZones }) => boundZones),
    unknown: all.flatMap(({ unknown }) => unknown),
    completesHook: all.some(({ completesHook }) => completesHook),
  };
}

function needsOfCommand(command: Command, property: string): Needs {
  const text = command.map(part => typeof part === 'string' ? part : '\u0001').join('');
  const mentioned = command.flatMap((part): Need[] => part instanceof Reference ? [{ reference: part, property, certain: true }] : []);
  const unknown = command.filter((part): part is Unknown => part instanceof Unknown);
  const attaches = ATTACHES.test(text);
  const fetches = fetchesFromOutside(text);
  const runs = !attaches && !fetches;
  const services = servicesAskedBy(text);
  return {
    running: runs ? mentioned : [],
    attached: attaches ? mentioned : [],
    booting: fetches && !attaches ? mentioned : [],
    outside: runs ? hostsIn(text) : [],
    askedAtBoot: fetches ? hostsIn(text) : [],
    fetchesAtBoot: (fetches && services.length === 0) || STARTS.test(text),
    bootServices: fetches ? services : [],
    boundZones: attaches ? [...text.matchAll(/\baz=([a-z0-9-]+)/g)].map(([, zone]) => zone) : [],
    unknown,
    completesHook: text.includes('complete-lifecycle-action'),
  };
}

function servicesAskedBy(text: string): string[] {
  if (/cfn-(init|signal)\s/.test(text)) { return ['cloudformation']; }
  const service = SERVICE.exec(text)?.[1];
  return service === undefined ? [] : [ENDPOINTS[service] ?? service];
}

/** Hosts that are used at run time; of a command that starts an image, not the registry that this comes from. */
function hostsIn(text: string): string[] {
  const starts = STARTS.test(text);
  const hosts = (text.match(ADDRESS) ?? []).flatMap(address => {
    const schemeEnd = address.indexOf('://');
    if (schemeEnd >= 0) { return URL_HOST.exec(address.slice(address.lastIndexOf(':', schemeEnd - 1) + 1))?.[1] ?? []; }
    return starts ? [] : address.split(/[:/]/).flatMap(part => NAMED_HOST.exec(part)?.[0] ?? []);
  });
  return hosts.filter(host => !HERE.test(host));
}

function installed(value: Value | undefined, property: string): Partial<Needs> {
  if (!isObject(value)) { return {}; }
  const { running, unknown } = needsOfValues(Object.values(value), property);
  return { booting: running, unknown, fetchesAtBoot: Object.keys(value).length > 0 };
}

/** A command that only asks the instance itself fetches nothing from outside. */
function fetchesFromOutside(text: string): boolean {
  return FETCHES.test(` ${text}`) && !(HERE.test(text) && !/cfn-signal|\baws\s/.test(text));
}

type Command = (string | Reference | Unknown)[];

/** The commands of a script; a line that goes on after a backslash is one with the next. */
function commandsOf(value: Value | undefined): Command[] {
  const parts = value instanceof Text ? value.parts : value === undefined || value === null ? [] : [value];
  const commands: Command[] = [[]];
  for (const part of parts) {
    if (part instanceof Reference || part instanceof Unknown) { commands[commands.length - 1].push(part); continue; }
    const text = typeof part === 'object' ? undefined : asString(part);
    if (text === undefined) { continue; }
    const [first, ...others] = text.replace(/\\\n/g, ' ').split(/\n|&&|\|\||[;|]|\$\(/);
    commands[commands.length - 1].push(first);
    others.forEach(other => commands.push([other]));
  }
  return commands;
}
