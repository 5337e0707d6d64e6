import { asText, joined, splitText } from './joined-text';
import { firstUnknown, isObject, Reference, Text, Traits, Unknown, Value, Zone } from './value';
import { nestedName, RawTemplate, StackInput, UNNAMED_REGION, Unread } from './world';
import { zoneCount } from '../zones';

/** Stands for AWS::NoValue: the property, or item, is left out. */
const NO_VALUE = new Unknown('AWS::NoValue');
/** Types of parameters that are never the name or the address of something that can fail. */
const NAMELESS = /^(Number|List<Number>|AWS::EC2::(KeyPair|Image)::.*|AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>)$/;
const NAMES_NOTHING: Traits = { names: false };
type Json = string | number | boolean | null | Json[] | { readonly [name: string]: Json };

/** Puts parameters, mappings, conditions and other stacks' exports into the values of templates. Never guesses. */
export class Evaluator {
  public readonly unread: Unread[] = [];
  private readonly conditions = new Map<string, boolean | Unknown>();
  private readonly exports = new Map<string, { readonly stack: string; readonly value: Json }>();
  private readonly imports = new Map<string, Value>();
  /** What CDK carries to stacks of other Regions, by the name of the parameter that it travels in. */
  private readonly crossRegionExports = new Map<string, { readonly stack: string; readonly value: Json }>();
  /** Values that are being worked out; a template that leads back to one of them is broken. */
  private readonly underWay = new Set<string>();

  constructor(private readonly stacks: ReadonlyMap<string, StackInput>) {
    for (const stack of stacks.values()) {
      for (const output of Object.values(stack.template.Outputs ?? {})) {
        const name = output.Export?.Name === undefined ? undefined : this.evaluate(stack.name, output.Export.Name as Json);
        if (typeof name === 'string') { this.exports.set(this.inRegion(stack.name, name), { stack: stack.name, value: output.Value as Json }); }
      }
      for (const { Type: type, Properties: properties } of Object.values(stack.template.Resources ?? {})) {
        const { exports = {} } = (type === 'Custom::CrossRegionExportWriter' ? properties?.WriterProps ?? {} : {}) as { exports?: Record<string, Json> };
        Object.entries(exports).forEach(([name, value]) => this.crossRegionExports.set(name, { stack: stack.name, value }));
      }
    }
  }

  public evaluate(stack: string, value: Json): Value {
    const result = this.value(stack, value);
    return result === NO_VALUE ? null : result;
  }

  /** Whether a condition of the stack holds; without a name, yes. */
  public condition(stack: string, name?: string): boolean | Unknown {
    if (name === undefined) { return true; }
    const key = `${stack}/${name}`;
    const known = this.conditions.get(key);
    if (known !== undefined) { return known; }
    const definition = this.template(stack).Conditions?.[name];
    const holds = definition === undefined
      ? new Unknown(`condition ${name} is not defined`)
      : this.once(key, () => this.logic(stack, definition as Json), () => new Unknown(`condition ${name} needs itself`));
    this.conditions.set(key, holds);
    return holds;
  }

  /** Each Region has exports of its own. */
  private inRegion(stack: string, name: string): string {
    return `${this.regionOf(stack)} ${name}`;
  }

  private regionOf(stack: string): string {
    return this.stacks.get(stack)?.region ?? UNNAMED_REGION;
  }

  private template(stack: string): RawTemplate {
    return this.stacks.get(stack)?.template ?? {};
  }

  private value(stack: string, value: Json): Value {
    if (typeof value === 'string') { return this.text(stack, value); }
    if (Array.isArray(value)) { return value.map(item => this.value(stack, item)).filter(item => item !== NO_VALUE); }
    if (typeof value !== 'object' || value === null) { return value; }
    const name = onlyName(value);
    if (name !== undefined && (name === 'Ref' || name.startsWith('Fn::') || name === 'Condition')) {
      if (name !== 'Condition' || typeof value[name] !== 'string') { return this.intrinsic(stack, name, value[name]); }
    }
    const result: Record<string, Value> = {};
    for (const key in value) {
      const item = this.value(stack, value[key]);
      if (item !== NO_VALUE) { result[key] = item; }
    }
    return result;
  }

  /** What CloudFormation looks up elsewhere when it deploys. */
  private text(stack: string, value: string): Value {
    // CDK's names for the zones of an account that it has not asked yet
    const dummy = value.startsWith('dummy1') ? /^dummy1([a-c])$/.exec(value)?.[1] : undefined;
    if (dummy) { return new Zone(this.regionOf(stack), dummy.charCodeAt(0) - 'a'.charCodeAt(0)); }
    if (!value.includes('{{resolve:')) { return value; }
    // what is joined of several parts has no end here
    const looked = /\{\{resolve:[^{}]*\}\}/.exec(value)?.[0] ?? `${/\{\{resolve:[\w-]+/.exec(value)?.[0] ?? '{{resolve'}:…}}`;
    this.unread.push({ where: stack, why: `${looked} is looked up at deployment` });
    return new Unknown(`${looked} is looked up at deployment`, looked, /resolve:(secretsmanager|ssm-secure):/.test(looked) ? NAMES_NOTHING : {});
  }

  private intrinsic(stack: string, name: string, argument: Json): Value {
    switch (name) {
      case 'Ref': return this.ref(stack, String(argument));
      case 'Fn::GetAtt': return this.attribute(stack, argument);
      case 'Fn::If': return this.branch(stack, argument);
      case 'Fn::Sub': return this.substitute(stack, argument);
      case 'Fn::Join': return this.join(stack, argument);
      case 'Fn::Split': return this.split(stack, argument);
      case 'Fn::Select': return this.select(stack, argument);
      case 'Fn::FindInMap': return this.findInMap(stack, argument);
      case 'Fn::ImportValue': return this.imported(stack, argument);
      case 'Fn::GetAZs': return this.zones(stack, argument);
      case 'Fn::Base64': return this.value(stack, argument);
      case 'Fn::ToJsonString': return this.value(stack, argument);
      default: return this.unknown(stack, `${name} is carried out at deployment`);
    }
  }

  private unknown(stack: string, reason: string): Unknown {
    this.unread.push({ where: stack, why: reason });
    return new Unknown(reason, `${stack}: ${reason}`);
  }

  private ref(stack: string, name: string): Value {
    const { Parameters: parameters = {}, Resources: resources = {} } = this.template(stack);
    if (name in parameters) { return this.parameter(stack, name); }
    if (name in resources) { return new Reference(`${stack}/${name}`, 'Ref'); }
    // in the serverless transform a function refers so to its alias and its version, and an API to its stage
    const [owner, part] = name.split('.');
    if (part !== undefined && owner in resources) { return new Reference(`${stack}/${owner}`, part); }
    const input = this.stacks.get(stack);
    switch (name) {
      case 'AWS::NoValue': return NO_VALUE;
      case 'AWS::Region': return input?.region ?? new Unknown('the Region is chosen at deployment', UNNAMED_REGION, NAMES_NOTHING);
      case 'AWS::StackName': return stack;
      case 'AWS::Partition': return 'aws';
      case 'AWS::URLSuffix': return 'amazonaws.com';
      case 'AWS::AccountId': return new Unknown('the account is chosen at deployment', 'account', NAMES_NOTHING);
      case 'AWS::StackId': return new Unknown('the id of the stack is given at deployment', `id of ${stack}`, NAMES_NOTHING);
      default: return new Unknown(`${name} is not in the template`, `${stack}/${name}`);
    }
  }

  private parameter(stack: string, name: string): Value {
    const { Type: type = 'String', Default: fallback, NoEcho: secret, AllowedValues: among } = this.template(stack).Parameters?.[name] ?? {};
    const given = this.given(stack, name);
    const value = given ?? fallback;
    const identity = `${stack}/${name}`;
    if (value === undefined) {
      const nameless = String(secret) === 'true' || NAMELESS.test(type);
      return new Unknown(`parameter ${name} has no value`, identity, { ...nameless ? NAMES_NOTHING : {}, ...among ? { among: among as Value[] } : {} });
    }
    if (type.startsWith('AWS::SSM::Parameter::Value')) { return new Unknown(`parameter ${name} is looked up in Systems Manager`, identity, NAMELESS.test(type) ? NAMES_NOTHING : {}); }
    if (!isList(type)) { return value as Value; }
    if (value instanceof Text) { return splitText(value, ','); }
    return typeof value === 'string' ? value.split(',').map(item => item.trim()).filter(item => item) : value as Value;
  }

  /** The value that the user, or for a nested stack its parent, gives. */
  private given(stack: string, name: string): Value | undefined {
    const own = this.stacks.get(stack)?.parameters?.[name];
    if (own !== undefined) { return own as Value; }
    const parent = stack.slice(0, stack.lastIndexOf('/'));
    if (!stack.includes('/') || !this.stacks.has(parent)) { return undefined; }
    const passed = this.template(parent).Resources?.[stack.slice(parent.length + 1)]?.Properties?.Parameters as Record<string, Json> | undefined;
    return passed?.[name] === undefined ? undefined : this.evaluate(parent, passed[name]);
  }

  private attribute(stack: string, argument: Json): Value {
    const path = Array.isArray(argument) ? argument.map(part => asText(this.evaluate(stack, part))) : String(argument).split('.');
    const [logicalId, ...rest] = path;
    const attribute = rest.join('.');
    const child = nestedName(stack, logicalId);
    if (attribute.startsWith('Outputs.') && this.stacks.has(child)) {
      const output = this.template(child).Outputs?.[attribute.slice('Outputs.'.length)];
      if (output !== undefined) { return this.evaluate(child, output.Value as Json); }
    }
    if (attribute.startsWith('Outputs.') && this.template(stack).Resources?.[logicalId]?.Type === 'AWS::CloudFormation::Stack') {
      return new Unknown(`${child} is a nested stack whose ${this.stacks.has(child) ? 'template has no such output' : 'template is not given'}`, `${child}.${attribute}`);
    }
    const carried = this.crossRegionExports.get(attribute);
    return carried ? this.evaluate(carried.stack, carried.value) : new Reference(`${stack}/${logicalId}`, attribute);
  }

  private branch(stack: string, argument: Json): Value {
    if (!Array.isArray(argument) || argument.length !== 3) { return this.unknown(stack, 'Fn::If without three parts'); }
    const [name, then, otherwise] = argument;
    const holds = this.condition(stack, String(name));
    if (!(holds instanceof Unknown)) { return this.value(stack, holds ? then : otherwise); }
    const [one, other] = [this.value(stack, then), this.value(stack, otherwise)];
    return JSON.stringify(one) === JSON.stringify(other) && one !== NO_VALUE && other !== NO_VALUE
      ? one
      : new Unknown(`condition ${String(name)} decides, and ${holds.reason}`, `${stack}/${String(name)}? ${JSON.stringify(argument)}`, {
        among: [one, other].map(part => part === NO_VALUE ? null : part),
      });
  }

  private substitute(stack: string, argument: Json): Value {
    const [pattern, own] = Array.isArray(argument) ? [String(argument[0]), argument[1]] : [String(argument), {}];
    const given = isJsonObject(own) ? own : {};
    const parts = pattern.split(/(\$\{[^{}]*\})/).map((part): Value => {
      const name = /^\$\{(.*)\}$/.exec(part)?.[1].trim();
      if (name === undefined) { return part; }
      if (name.startsWith('!')) { return `\${${name.slice(1)}}`; }
      if (name in given) { return this.evaluate(stack, given[name]); }
      const result = name.includes('.') ? this.attribute(stack, name) : this.ref(stack, name);
      return result === NO_VALUE ? '' : result;
    });
    return joined(parts);
  }

  private join(stack: string, argument: Json): Value {
    if (!Array.isArray(argument) || argument.length !== 2) { return this.unknown(stack, 'Fn::Join without two parts'); }
    const list = this.evaluate(stack, argument[1]);
    if (list instanceof Unknown || list instanceof Reference) { return list; }
    if (!Array.isArray(list)) { return this.unknown(stack, 'Fn::Join of something that is no list'); }
    const delimiter = String(argument[0]);
    return joined(list.flatMap((item, index) => index === 0 ? [item] : [delimiter, item]));
  }

  private split(stack: string, argument: Json): Value {
    if (!Array.isArray(argument) || argument.length !== 2) { return this.unknown(stack, 'Fn::Split without two parts'); }
    const delimiter = String(argument[0]);
    const text = this.evaluate(stack, argument[1]);
    if (text instanceof Text) { return splitText(text, delimiter); }
    return typeof text === 'string' ? text.split(delimiter) : text;
  }

  private select(stack: string, argument: Json): Value {
    if (!Array.isArray(argument) || argument.length !== 2) { return this.unknown(stack, 'Fn::Select without two parts'); }
    const index = Number(this.evaluate(stack, argument[0]));
    const list = this.evaluate(stack, argument[1]);
    if (Number.isNaN(index)) { return this.unknown(stack, 'Fn::Select by an index that is not known'); }
    const zones = Array.isArray(list) && list[0] instanceof Zone ? list[0].region : undefined;
    if (zones !== undefined) { return new Zone(zones, index); }
    if (list instanceof Unknown) { return new Unknown(list.reason, `${list.identity}[${index}]`); }
    if (list instanceof Reference) { return new Reference(list.resource, `${list.attribute}[${index}]`); }
    if (!Array.isArray(list)) { return new Unknown('a part of what is made at deployment', `${stack}: ${JSON.stringify(argument)}`); }
    return list[index] ?? new Unknown(`item ${index} of a list that may have more items at deployment`, `${stack}: ${JSON.stringify(argument)}`);
  }

  private findInMap(stack: string, argument: Json): Value {
    if (!Array.isArray(argument)) { return this.unknown(stack, 'Fn::FindInMap without a list'); }
    const names = argument.slice(0, 3).map(part => this.evaluate(stack, part));
    const { Mappings: mappings } = this.template(stack);
    const valueAt = ([map, top, second]: readonly Value[]) => mappings?.[asText(map)]?.[asText(top)]?.[asText(second)] as Value | undefined;
    const open = firstUnknown(names);
    if (open) {
      // what is found by the same name is different from place to place
      const found = names.filter(part => part instanceof Unknown).length === 1
        ? open.traits.among?.map(one => valueAt(names.map(part => part === open ? one : part))) : undefined;
      const among = found?.every((one): one is Value => one !== undefined) ? found : undefined;
      return new Unknown(open.reason, `${stack}: ${JSON.stringify(names)}`, { ...open.traits, among });
    }
    const found = valueAt(names);
    if (found !== undefined) { return found; }
    const fallback = isJsonObject(argument[3]) ? argument[3].DefaultValue : undefined;
    const [map, top, second] = names.map(asText);
    return fallback !== undefined ? this.evaluate(stack, fallback) : this.unknown(stack, `mapping ${map} has no ${top}/${second}`);
  }

  private imported(stack: string, argument: Json): Value {
    const name = this.evaluate(stack, argument);
    const key = this.inRegion(stack, asText(name));
    const known = typeof name === 'string' ? this.imports.get(key) : undefined;
    if (known !== undefined) { return known; }
    const value = this.exported(key, asText(name));
    if (typeof name === 'string') { this.imports.set(key, value); }
    return value;
  }

  private exported(key: string, name: string): Value {
    const output = this.exports.get(key);
    if (!output) {
      const reason = `import ${name} comes from a stack that is not given`;
      this.unread.push({ where: name, why: reason });
      return new Unknown(reason, `import ${name}`);
    }
    return this.once(`export ${key}`, () => this.evaluate(output.stack, output.value), () => new Unknown('an export that needs itself'));
  }

  private zones(stack: string, argument: Json): Zone[] {
    const value = this.evaluate(stack, argument === '' || argument === null ? { Ref: 'AWS::Region' } : argument);
    const region = value instanceof Unknown ? value.identity : asText(value);
    return Array.from({ length: zoneCount(region) }, (_, index) => new Zone(region, index));
  }

  private logic(stack: string, condition: Json): boolean | Unknown {
    if (typeof condition === 'boolean') { return condition; }
    if (!isJsonObject(condition)) { return new Unknown('a condition that is no object'); }
    const [name] = Object.keys(condition);
    const argument = condition[name];
    const all = () => (Array.isArray(argument) ? argument : [argument]).map(part => this.logic(stack, part));
    switch (name) {
      case 'Condition': return this.condition(stack, String(argument));
      case 'Fn::Not': return negated(all()[0]);
      case 'Fn::And': return conjunction(all());
      case 'Fn::Or': return negated(conjunction(all().map(negated)));
      case 'Fn::Equals': return this.equal(stack, argument);
      default: return this.unknown(stack, `${name} in a condition`);
    }
  }

  private equal(stack: string, argument: Json): boolean | Unknown {
    if (!Array.isArray(argument)) { return new Unknown('Fn::Equals without a list'); }
    const [one, other] = argument.map(part => this.evaluate(stack, part));
    if (one instanceof Unknown && other instanceof Unknown && one.identity === other.identity) { return true; }
    const open = [one, other].find(part => !isKnown(part));
    if (open !== undefined) { return open instanceof Unknown ? open : new Unknown('a comparison with what is made at deployment'); }
    return asText(one) === asText(other);
  }

  private once<T>(key: string, work: () => T, again: () => T): T {
    if (this.underWay.has(key)) { return again(); }
    this.underWay.add(key);
    try {
      return work();
    } finally {
      this.underWay.delete(key);
    }
  }
}

/** The name of the only property; undefined where there are none or more. */
function onlyName(value: { readonly [name: string]: Json }): string | undefined {
  let found: string | undefined;
  for (const name in value) {
    if (found !== undefined) { return undefined; }
    found = name;
  }
  return found;
}

function conjunction(all: readonly (boolean | Unknown)[]): boolean | Unknown {
  if (all.includes(false)) { return false; }
  return firstUnknown(all) ?? true;
}

function negated(one: boolean | Unknown): boolean | Unknown {
  return one instanceof Unknown ? one : !one;
}

function isKnown(value: Value): boolean {
  return typeof value !== 'object' || value === null || Array.isArray(value) || isObject(value);
}

function isList(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

function isJsonObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
