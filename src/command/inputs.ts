import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { CommandError, Options } from './options';
import { zonesOfLookups } from '../fault-simulation/template/lookups';
import { messageOf, nameOf, readStack, stacksIn } from '../fault-simulation/template/read';
import { StackInput, World } from '../fault-simulation/template/world';
import { Facts } from '../fault-simulation/topology';
import { zoneNamed } from '../fault-simulation/zones';

/** The stacks that the command line names. */
export function worldOf({ inputs, region, parameters }: Options): World {
  const stacks = inputs.flatMap(input => stacksOf(input, region));
  if (stacks.length === 0) { throw new CommandError(`there is no stack in ${inputs.join(', ')}`); }
  readable(() => stacks.forEach(checkConditions));
  return readable(() => new World(stacks.map(stack => ({ ...stack, parameters }))));
}

/** Conditions that need each other are what CloudFormation refuses. */
function checkConditions({ template, file, name }: StackInput): void {
  const conditions = template.Conditions ?? {};
  const needed = (condition: string) => [...JSON.stringify(conditions[condition] ?? '').matchAll(/"Condition":"([^"]+)"/g)].map(([, other]) => other);
  const passed = new Set<string>();
  const visit = (condition: string, way: readonly string[]): void => {
    if (way.includes(condition)) {
      throw new CommandError(`${file ?? name}: the condition ${condition} needs itself: ${[...way.slice(way.indexOf(condition)), condition].join(' → ')}`);
    }
    if (passed.has(condition)) { return; }
    needed(condition).forEach(other => visit(other, [...way, condition]));
    passed.add(condition);
  };
  Object.keys(conditions).forEach(condition => visit(condition, []));
}

/** Refuses what the command line says of things that are not there. */
export function checkFacts({ parameters, subnetZones, need }: Options, world: World): void {
  const known = new Set([...world.stacks.values()].flatMap(({ template }) => Object.keys(template.Parameters ?? {})));
  const parameter = Object.keys(parameters).find(name => !known.has(name));
  if (parameter !== undefined) { throw new CommandError(`--parameter ${parameter}: no template has such a parameter`); }
  checkSubnets(Object.entries(subnetZones), world);
  const ids = new Set([...world.resources.values()].flatMap(({ key, logicalId }) => [key, logicalId]));
  const fleet = Object.keys(need).find(id => !ids.has(id));
  if (fleet !== undefined) { throw new CommandError(`--need ${fleet}: no resource has that id`); }
}

function checkSubnets(subnetZones: readonly (readonly [subnet: string, zone: string])[], world: World): void {
  if (subnetZones.length === 0) { return; }
  const texts = [...world.stacks.values()].map(({ template, parameters: given }) => JSON.stringify([template, given]));
  for (const [subnet, zone] of subnetZones) {
    if (!zoneNamed(zone)) { throw new CommandError(`--assume ${subnet}=${zone}: '${zone}' is not the name of an availability zone; give one such as eu-west-1a`); }
    const inList = new RegExp(`[",]\\s*${subnet.replace(/\W/g, '\\$&')}\\s*[",]`);
    if (!texts.some(text => text.includes(JSON.stringify(subnet)) || inList.test(text))) { throw new CommandError(`--assume ${subnet}: no template names it`); }
  }
}

function stacksOf(input: string, region?: string): StackInput[] {
  if (!fs.existsSync(input)) { throw new CommandError(`there is no file or folder ${input}`); }
  const status = readable(() => fs.statSync(input), input);
  if (status.isDirectory()) { return readable(() => stacksIn(input)); }
  const stack = readable(() => readStack(input, nameOf(input), region));
  const { Resources: resources } = stack.template as { Resources?: unknown };
  if (typeof resources !== 'object' || resources === null || Array.isArray(resources)) { throw new CommandError(`${input} is no template: it has no Resources`); }
  return [stack];
}

/** What the user states of things that are not in the templates. */
export function factsOf({ subnetZones, need, contextFile }: Options): Facts {
  const context: unknown = contextFile === undefined ? undefined : readable(() => JSON.parse(fs.readFileSync(contextFile, 'utf8')), contextFile);
  return { subnetZones: { ...zonesOfLookups(context), ...subnetZones }, need };
}

/** The list of accepted findings, each of which says all of this; empty without a file. */
export function acceptedIn<K extends string>(file: string | undefined, names: readonly K[]): readonly Readonly<Record<K, string>>[] {
  if (file === undefined) { return []; }
  const list: unknown = readable(() => parse(fs.readFileSync(file, 'utf8')), file);
  if (!Array.isArray(list)) { throw new CommandError(`${file} is no list`); }
  return list.map((one: Partial<Record<K, unknown>> | null, index) => {
    const missing = names.find(name => { const text = one?.[name]; return typeof text !== 'string' || text.trim() === ''; });
    if (missing) { throw new CommandError(`${file}: item ${index + 1} has no ${missing}`); }
    return one as Record<K, string>;
  });
}

/** Whatever is wrong with an input is said in one line that names it. */
function readable<T>(read: () => T, name?: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CommandError) { throw error; }
    const [message] = messageOf(error).split('\n');
    throw new CommandError(name === undefined || message.includes(path.basename(name)) ? message : `${name}: ${message}`);
  }
}
