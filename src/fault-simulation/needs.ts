import { Reference, Text, Unknown, Value } from './template/value';

/** What somebody who is started with a text, or who has values in the environment, needs. */
export interface Needs {
  /** Referred to at run time: endpoints, addresses, names, URLs, queues, tables, buckets. */
  readonly references: readonly Reference[];
  /** References to what is mounted or attached at the start, and stays so. */
  readonly attached: readonly Reference[];
  /** Hosts outside of the templates that are used at run time. */
  readonly outside: readonly string[];
  /** Whether something is fetched from outside at the start. */
  readonly fetchesAtBoot: boolean;
  /** Zones that a mount is bound to by its options. */
  readonly boundZones: readonly string[];
  /** What is not known of it. */
  readonly unknown: readonly Unknown[];
  /** Whether the text completes a lifecycle action. */
  readonly completesHook: boolean;
}

const FETCHES = /(^|[\s;&|(/])(yum|dnf|apt-get|apt|pip3?|npm|curl|wget|aws|cfn-init|cfn-signal|amazon-linux-extras)\s|docker (pull|run)|git clone/;
const HERE = /169\.254\.169\.254|localhost|127\.0\.0\.1/;
const HOST = /(?:https?|[a-z]+):\/\/([\w.-]+\.[a-z]{2,})|\b([\w-]+(?:\.[\w-]+)+\.(?:com|net|org|io))\b/gi;
const ATTACHES = /\bmount\b|attach-volume|attach-network-interface/;

/** Reads the text line by line: what is fetched is needed at boot, what is written down or started with is needed at run time. */
export function needsOfText(value: Value | undefined): Needs {
  const references: Reference[] = [];
  const attached: Reference[] = [];
  const outside: string[] = [];
  const boundZones: string[] = [];
  const unknown: Unknown[] = [];
  let fetchesAtBoot = false;
  let completesHook = false;
  for (const line of linesOf(value)) {
    const text = line.map(part => typeof part === 'string' ? part : '\u0001').join('');
    const mentioned = line.filter((part): part is Reference => part instanceof Reference);
    unknown.push(...line.filter((part): part is Unknown => part instanceof Unknown));
    completesHook ||= text.includes('complete-lifecycle-action');
    if (ATTACHES.test(text)) {
      attached.push(...mentioned);
      boundZones.push(...[...text.matchAll(/\baz=([a-z0-9-]+)/g)].map(([, zone]) => zone));
    }
    if (fetchesFromOutside(text)) {
      fetchesAtBoot = true;
      continue;
    }
    if (ATTACHES.test(text)) { continue; }
    references.push(...mentioned);
    outside.push(...[...text.matchAll(HOST)].map(([, url, name]) => url ?? name).filter(host => host && !HERE.test(host)));
  }
  return { references, attached, outside, boundZones, unknown, fetchesAtBoot, completesHook };
}

/** The same of the values in an environment, all of which are used at run time. */
export function needsOfValues(values: readonly Value[]): Needs {
  const all = values.map(needsOfText);
  return {
    references: all.flatMap(({ references }) => references),
    attached: all.flatMap(({ attached }) => attached),
    outside: all.flatMap(({ outside }) => outside),
    boundZones: [],
    unknown: all.flatMap(({ unknown }) => unknown),
    fetchesAtBoot: false,
    completesHook: false,
  };
}

/** A line that only asks the instance itself fetches nothing from outside. */
function fetchesFromOutside(text: string): boolean {
  const commands = text.split(/&&|\|\||[;|]|\$\(/);
  return commands.some(command => FETCHES.test(` ${command}`) && !(HERE.test(command) && !/cfn-signal|\baws\s/.test(command)));
}

type Line = (string | Reference | Unknown)[];

function linesOf(value: Value | undefined): Line[] {
  const parts = value instanceof Text ? value.parts : value === undefined || value === null ? [] : [value];
  const lines: Line[] = [[]];
  for (const part of parts) {
    if (part instanceof Reference || part instanceof Unknown) { lines[lines.length - 1].push(part); continue; }
    if (typeof part !== 'string') { continue; }
    const [first, ...others] = part.split('\n');
    lines[lines.length - 1].push(first);
    others.forEach(other => lines.push([other]));
  }
  return lines;
}
