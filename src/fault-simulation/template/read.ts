import * as fs from 'fs';
import * as path from 'path';
import { CollectionTag, parse, ScalarTag } from 'yaml';
import { shaped } from './shape';
import { RawTemplate, StackInput } from './world';

/** The short forms of intrinsic functions: `!Sub` stands for `Fn::Sub`. */
const FUNCTIONS = [
  'And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub',
  'ToJsonString', 'Transform',
];
const SHORT_FORMS = [...FUNCTIONS.map(name => [`!${name}`, `Fn::${name}`]), ['!Ref', 'Ref'], ['!Condition', 'Condition']].flatMap(([tag, name]) => shortForm(tag, name));
const KNOWN_TAGS = new Set(SHORT_FORMS.map(({ tag }) => tag));

function shortForm(tag: string, name: string): (ScalarTag | CollectionTag)[] {
  const scalar: ScalarTag = { tag, resolve: text => ({ [name]: text }) };
  const collections = (['seq', 'map'] as const).map((collection): CollectionTag => ({
    tag, collection, resolve: node => ({ [name]: (node as { toJSON(): unknown }).toJSON() }),
  }));
  return [scalar, ...collections];
}

/** Tags of other tools, as functions that nobody here can carry out. */
function otherTags(text: string): (ScalarTag | CollectionTag)[] {
  const tags = new Set([...text.matchAll(/(?<=[\s[{,])![A-Za-z][\w:]*/g)].map(([tag]) => tag));
  return [...tags].filter(tag => !KNOWN_TAGS.has(tag)).flatMap(tag => shortForm(tag, `Fn::${tag.slice(1)}`));
}

/** A template, in JSON or in YAML with the short forms. */
export function parseTemplate(text: string): RawTemplate {
  const template: unknown = text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text, { customTags: [...SHORT_FORMS, ...otherTags(text)], uniqueKeys: false });
  if (typeof template !== 'object' || template === null) { throw new Error('it is no template: there is no object in it'); }
  return template;
}

/** A template file, as a stack of this name; nested stacks of CDK are read from beside it. */
export function readStack(file: string, name: string, region?: string): StackInput {
  const template = readTemplate(file);
  const assets = assetsBeside(file);
  return { name, region, template, file, nested: nestedIn(template, path.dirname(file), assets) };
}

function readTemplate(file: string): RawTemplate {
  try {
    const { size } = fs.statSync(file);
    if (size > LARGEST) { throw new Error(`it has ${Math.round(size / 2 ** 20)} MiB, and a template has 1 at most`); }
    const template = parseTemplate(fs.readFileSync(file, 'utf8'));
    if (isDeeperThan(template, DEEPEST)) { throw new Error(`it is nested more than ${DEEPEST} levels deep`); }
    return template;
  } catch (error) {
    throw new Error(`${file} cannot be read: ${messageOf(error)}`);
  }
}

/** CloudFormation takes templates of up to 1 MB. */
const LARGEST = 10 * 2 ** 20;
/** Far more than anybody writes, and few enough to go through them one in the other. */
const DEEPEST = 200;

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) { return false; }
  return levels === 0 || Object.values(value).some(inner => isDeeperThan(inner, levels - 1));
}

/** What is wrong, whoever throws it. */
export function messageOf(error: unknown): string {
  return (error as Partial<Error> | undefined)?.message ?? String(error);
}

/** Where the files are that a template of CDK refers to by the hash of their content. */
function assetsBeside(file: string): ReadonlyMap<string, string> {
  const manifest = file.replace(/\.template\.json$/, '.assets.json');
  if (manifest === file || !fs.existsSync(manifest)) { return new Map(); }
  const { files = {} }: { files?: Record<string, { source: { path?: string } }> } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  return new Map(Object.entries(files).flatMap(([hash, { source }]) => source.path === undefined ? [] : [[hash, source.path] as const]));
}

/** The templates of nested stacks, as far as their addresses name files of the assembly. */
function nestedIn(template: RawTemplate, folder: string, assets: ReadonlyMap<string, string>): StackInput['nested'] {
  const found = Object.entries(shaped(template).Resources ?? {}).flatMap(([logicalId, { Type, Properties }]) => {
    const file = Type === 'AWS::CloudFormation::Stack' ? fileOf(Properties?.TemplateURL, folder, assets) : undefined;
    if (file === undefined) { return []; }
    const inner = readTemplate(file);
    return [[logicalId, { template: inner, file, nested: nestedIn(inner, path.dirname(file), assets) }] as const];
  });
  return Object.fromEntries(found);
}

// no more folders than that stand in an address that somebody wrote; no text makes it slow
const MOST_PARTS = 64;

/** The file that an address of a nested template means: an asset of CDK, or one with the end of the address as its path from here. */
function fileOf(address: unknown, folder: string, assets: ReadonlyMap<string, string>): string | undefined {
  const text = JSON.stringify(address ?? '');
  const asset = assets.get(/([0-9a-f]{64})\.json/.exec(text)?.[1] ?? '');
  if (asset !== undefined) { return path.join(folder, asset); }
  const parts = (/([^"]*)"[\]}]*$/.exec(text)?.[1] ?? '').split('/').filter(part => part !== '.' && part !== '').slice(-MOST_PARTS);
  return parts.map((_, index) => path.join(folder, ...parts.slice(index))).find(file => fs.existsSync(file) && fs.statSync(file).isFile());
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, {
    readonly type: string;
    readonly environment?: string;
    readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly directoryName?: string };
  }>>;
}

/** The stacks of a cloud assembly, and of those in it. */
export function stacksIn(directory: string): StackInput[] {
  const file = path.join(directory, 'manifest.json');
  if (!fs.existsSync(file)) { throw new Error(`there is no cloud assembly in '${directory}': it has no manifest.json; run 'cdk synth' first`); }
  const manifest: Manifest = JSON.parse(fs.readFileSync(file, 'utf8'));
  return Object.entries(manifest.artifacts ?? {}).flatMap(([id, { type, environment, properties = {} }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName) { return stacksIn(path.join(directory, properties.directoryName)); }
    if (type !== 'aws:cloudformation:stack' || !properties.templateFile) { return []; }
    const region = /^aws:\/\/[^/]+\/(.+)$/.exec(environment ?? '')?.[1];
    return [readStack(path.join(directory, properties.templateFile), properties.stackName ?? id, region === 'unknown-region' ? undefined : region)];
  });
}

/** The name of the stack that a template file stands for. */
export function nameOf(file: string): string {
  return path.basename(file).replace(/(\.template)?\.\w+$/, '');
}
