import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { CommandError, Options } from './options';
import { zonesOfLookups } from '../fault-simulation/template/lookups';
import { messageOf, nameOf, readStack, stacksIn } from '../fault-simulation/template/read';
import { StackInput, World } from '../fault-simulation/template/world';
import { Facts } from '../fault-simulation/topology';

/** CloudFormation takes templates of up to 1 MB. */
const LARGEST = 10 * 2 ** 20;

/** The stacks that the command line names. */
export function worldOf({ inputs, region, parameters }: Options): World {
  const stacks = inputs.flatMap(input => stacksOf(input, region));
  if (stacks.length === 0) { throw new CommandError(`there is no stack in ${inputs.join(', ')}`); }
  return readable(() => new World(stacks.map(stack => ({ ...stack, parameters }))));
}

/** Refuses what the command line says of things that are not there. */
export function checkFacts({ parameters, need }: Options, world: World): void {
  const known = new Set([...world.stacks.values()].flatMap(({ template }) => Object.keys(template.Parameters ?? {})));
  const parameter = Object.keys(parameters).find(name => !known.has(name));
  if (parameter !== undefined) { throw new CommandError(`--parameter ${parameter}: no template has such a parameter`); }
  const ids = new Set([...world.resources.values()].flatMap(({ key, logicalId }) => [key, logicalId]));
  const fleet = Object.keys(need).find(id => !ids.has(id));
  if (fleet !== undefined) { throw new CommandError(`--need ${fleet}: no resource has that id`); }
}

function stacksOf(input: string, region?: string): StackInput[] {
  const status = readable(() => fs.statSync(input), input);
  if (status.isDirectory()) { return readable(() => stacksIn(input)); }
  if (status.size > LARGEST) { throw new CommandError(`${input} has ${Math.round(status.size / 2 ** 20)} MiB, and a template has 1 at most`); }
  const stack = readable(() => readStack(input, nameOf(input), region));
  if (!stack.template.Resources || typeof stack.template.Resources !== 'object') { throw new CommandError(`${input} is no template: it has no Resources`); }
  return [stack];
}

/** What the user states of things that are not in the templates. */
export function factsOf({ subnetZones, need, contextFile }: Options): Facts {
  const context: unknown = contextFile === undefined ? undefined : readable(() => JSON.parse(fs.readFileSync(contextFile, 'utf8')), contextFile);
  return { subnetZones: { ...zonesOfLookups(context), ...subnetZones }, need };
}

/** A finding that is accepted. */
export interface Accepted {
  readonly service: string;
  readonly fault: string;
  readonly reason: string;
}

/** The list of accepted findings. */
export function acceptedIn(file: string): readonly Accepted[] {
  const list: unknown = readable(() => parse(fs.readFileSync(file, 'utf8')), file);
  if (!Array.isArray(list)) { throw new CommandError(`${file} is no list`); }
  return list.map((one: Partial<Accepted>, index) => {
    const missing = (['service', 'fault', 'reason'] as const).find(name => typeof one?.[name] !== 'string' || one[name]?.trim() === '');
    if (missing) { throw new CommandError(`${file}: item ${index + 1} has no ${missing}`); }
    return one as Accepted;
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
