import { Evaluator } from './evaluator';
import { withoutServerless } from './serverless';
import { shaped } from './shape';
import { isObject, Properties, Unknown, Value } from './value';

/** A template as it was read: plain JSON, whatever it was written in. */
export interface RawTemplate {
  readonly Parameters?: Readonly<Record<string, RawParameter>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources?: Readonly<Record<string, RawResource>>;
  readonly Outputs?: Readonly<Record<string, RawOutput>>;
  readonly Transform?: unknown;
  /** What the serverless transform puts into all resources of a type. */
  readonly Globals?: Readonly<Record<string, unknown>>;
}

export interface RawParameter {
  readonly Type?: string;
  readonly Default?: unknown;
  readonly NoEcho?: unknown;
  readonly AllowedValues?: readonly unknown[];
}

export interface RawOutput {
  readonly Value?: unknown;
  readonly Export?: { readonly Name?: unknown };
}

export interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

/** A stack to simulate. */
export interface StackInput {
  readonly name: string;
  /** Undefined where the stack can go into any Region. */
  readonly region?: string;
  readonly template: RawTemplate;
  /** What it was read from. */
  readonly file?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Templates of nested stacks, by the logical id of the nested stack. */
  readonly nested?: Readonly<Record<string, Omit<StackInput, 'name' | 'region' | 'parameters'>>>;
  readonly terminationProtection?: boolean;
}

/** A resource of the world, evaluated. */
export interface Resource {
  /** `Stack/LogicalId`: the logical id is unique within a stack only. */
  readonly key: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly region: string;
  readonly type: string;
  readonly properties: Properties;
  /** `unknown` where a condition decides that the template does not decide. */
  readonly presence: 'present' | 'absent' | 'unknown';
  /** What cfn-init reads of it. */
  readonly init?: Value;
  readonly raw: RawResource;
}

/** What could not be read, by name: never dropped in silence. */
export interface Unread {
  readonly where: string;
  readonly why: string;
}

/** All stacks together, evaluated. */
export class World {
  public readonly resources: ReadonlyMap<string, Resource>;
  public readonly unread: readonly Unread[];
  public readonly stacks: ReadonlyMap<string, StackInput>;

  constructor(inputs: readonly StackInput[]) {
    const names = inputs.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) { throw new Error(`two stacks are named ${twice}, so that their resources cannot be told apart; simulate them one by one`); }
    this.stacks = new Map(inputs.flatMap(input => withNested(input)).map(input => [input.name, input]));
    const evaluator = new Evaluator(this.stacks);
    const resources = new Map<string, Resource>();
    const unread: Unread[] = [];
    for (const stack of this.stacks.values()) {
      for (const name of transformsOf(stack.template)) {
        unread.push({ where: stack.name, why: `transform ${name}, which CloudFormation carries out` });
      }
      for (const [logicalId, raw] of Object.entries(stack.template.Resources ?? {})) {
        const key = `${stack.name}/${logicalId}`;
        if (logicalId.startsWith('Fn::') || typeof raw.Type !== 'string') {
          unread.push({ where: key, why: `${logicalId} is not a resource, but makes some when CloudFormation reads it` });
          continue;
        }
        if (raw.Type === 'AWS::CloudFormation::Stack' && !this.stacks.has(nestedName(stack.name, logicalId))) {
          unread.push({ where: key, why: `the template of the nested stack ${key} is not given` });
        }
        const properties = evaluator.evaluate(stack.name, (raw.Properties ?? {}) as never);
        const init = raw.Metadata?.['AWS::CloudFormation::Init'];
        resources.set(key, {
          key,
          stack: stack.name,
          logicalId,
          region: stack.region ?? UNNAMED_REGION,
          type: raw.Type,
          properties: isObject(properties) ? properties : {},
          presence: presence(evaluator.condition(stack.name, raw.Condition)),
          ...init === undefined ? {} : { init: evaluator.evaluate(stack.name, init as never) },
          raw,
        });
      }
    }
    this.resources = resources;
    this.unread = [...unread, ...evaluator.unread];
  }

  public resource(key: string): Resource | undefined {
    return this.resources.get(key);
  }
}

/** Stands for the Region of stacks that can go into any: those of one app go into the same. */
export const UNNAMED_REGION = 'a Region that is chosen at deployment';

/** A nested stack is a stack of its own, named after its parent and logical id. */
export function nestedName(parent: string, logicalId: string): string {
  return `${parent}/${logicalId}`;
}

function withNested(input: StackInput): StackInput[] {
  const children = Object.entries(input.nested ?? {}).flatMap(([logicalId, child]) =>
    withNested({ ...child, name: nestedName(input.name, logicalId), region: input.region }));
  return [{ ...input, template: withoutServerless(shaped(input.template)) }, ...children];
}

function transformsOf({ Transform: transform }: RawTemplate): string[] {
  const all = transform === undefined ? [] : Array.isArray(transform) ? transform : [transform];
  return all.map(one => typeof one === 'string' ? one : JSON.stringify(one));
}

function presence(holds: boolean | Unknown): Resource['presence'] {
  return holds instanceof Unknown ? 'unknown' : holds ? 'present' : 'absent';
}
