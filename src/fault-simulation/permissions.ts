import { machineOf } from './components/machine';
import { at, isObject, keysReferredTo, listOf, Reference, Text, Unknown, Value } from './template/value';
import { Resource, UNNAMED_REGION } from './template/world';
import { Topology } from './topology';

/** A thing of EC2 that a statement may name, by what its ARN ends in; all of them, of a call that knows nothing narrower. */
export type Thing = NamedThing | 'all';

export interface NamedThing {
  /** As in `route-table/rtb-1`. */
  readonly kind: 'route-table' | 'elastic-ip' | 'network-interface';
  /** Its key, or its id where it is not in the templates. */
  readonly of: string;
  readonly region: string;
}

/** What a reference to a thing has to ask for, so that it is the id that stands in its ARN. */
const IDS: Readonly<Record<NamedThing['kind'], readonly string[]>> = {
  'route-table': ['Ref', 'RouteTableId'],
  'elastic-ip': ['AllocationId'],
  'network-interface': ['Ref', 'Id'],
};

/** Policies of AWS that let nobody change a route or an address. */
const HARMLESS_POLICIES = /:policy\/(service-role\/)?(AmazonSSMManagedInstanceCore|CloudWatchAgentServerPolicy|AWSLambda(Basic|VPCAccess)ExecutionRole)$/;

/** What a statement says of a call; undefined where the template does not decide. */
type Answer = boolean | undefined;

interface Grants {
  readonly statements: readonly Value[];
  /** Whether there may be others that the templates do not show. */
  readonly open: boolean;
}

/**
 * Whether the role of a group, an instance or a function lets it make a call on a thing; undefined where the template does not decide.
 *
 * @param named only by a statement that names the call, or calls of that kind: who may do everything is not there for it
 */
export function mayCall(who: Resource, action: string, thing: Thing, topology: Topology, named = false): Answer {
  const { statements, open } = topology.once(`grants of ${who.key}`, () => grantsOf(who, topology));
  const said = statements.map(statement => ({ denies: at(statement, 'Effect') === 'Deny', applies: appliesTo(statement, action, thing, named) }));
  if (said.some(({ denies, applies }) => denies && applies === true)) { return false; }
  const allows = said.filter(({ denies }) => !denies).map(({ applies }) => applies);
  const mayBeDenied = open || said.some(({ denies, applies }) => denies && applies === undefined);
  if (allows.includes(true)) { return mayBeDenied && !open ? undefined : true; }
  return allows.includes(undefined) || (open && !named) ? undefined : false;
}

/** Whether any role, policy or user in the templates is allowed a call on a thing, or may be. */
export function mayBeCalled(action: string, thing: Thing, topology: Topology): boolean {
  return topology.ofType('AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::User', 'AWS::IAM::Group')
    .flatMap(statementsIn).some(statement => at(statement, 'Effect') !== 'Deny' && appliesTo(statement, action, thing, true) !== false);
}

function grantsOf(who: Resource, topology: Topology): Grants {
  const { roles, open } = rolesOf(who, topology);
  const all = roles.map(role => grantsOfRole(role, topology));
  return { statements: all.flatMap(({ statements }) => statements), open: open || all.some(one => one.open) };
}

function rolesOf(who: Resource, topology: Topology): { readonly roles: readonly Resource[]; readonly open: boolean } {
  if (who.type === 'AWS::Lambda::Function') { return resolved([who.properties.Role ?? null], topology); }
  const { IamInstanceProfile: given } = machineOf(who, topology).properties;
  if (given === undefined) { return { roles: [], open: false }; }
  const profile = topology.resource(at(given, 'Arn') ?? at(given, 'Name') ?? given);
  return profile ? resolved(listOf(profile.properties.Roles), topology) : { roles: [], open: true };
}

function resolved(values: readonly Value[], topology: Topology): { readonly roles: readonly Resource[]; readonly open: boolean } {
  const roles = values.flatMap(value => topology.resource(value) ?? []);
  return { roles, open: roles.length < values.length };
}

/** What the policies of a role say, as far as they are in the templates. */
export function statementsOf(role: Resource, topology: Topology): readonly Value[] {
  return topology.once(`grants of ${role.key}`, () => grantsOfRole(role, topology)).statements;
}

/** What a policy says, or the policies that stand in a role, user or group. */
export function statementsIn({ properties }: Resource): readonly Value[] {
  return [properties, ...listOf(properties.Policies)].flatMap(one => listOf(at(one, 'PolicyDocument', 'Statement')));
}

function grantsOfRole(role: Resource, topology: Topology): Grants {
  const { key, properties } = role;
  const beside = topology.whoMentions(key, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy').filter(policy =>
    [...listOf(policy.properties.Roles), policy.properties.RoleName].some(one => keysReferredTo(one).includes(key)));
  const managed = listOf(properties.ManagedPolicyArns);
  const own = managed.flatMap(one => topology.resource(one) ?? []);
  const hidden = managed.filter(one => !topology.resource(one) && !HARMLESS_POLICIES.test(patternOf(one) ?? ''));
  return { statements: [role, ...beside, ...own].flatMap(statementsIn), open: hidden.length > 0 || properties.PermissionsBoundary !== undefined };
}

/** Whether a statement is about the call; one with a condition may be. */
function appliesTo(statement: Value, action: string, thing: Thing, named: boolean): Answer {
  if (!isObject(statement)) { return undefined; }
  const actions = listOf(statement.Action).filter(one => !named || /^ec2:\w+/i.test(String(one)));
  const answers = [
    statement.NotAction === undefined ? any(actions.map(one => matches(one, action.toLowerCase(), true))) : undefined,
    statement.NotResource === undefined ? any(listOf(statement.Resource).map(one => matches(one, arnOf(thing)))) : undefined,
  ];
  if (answers.includes(false)) { return false; }
  return answers.includes(undefined) || statement.Condition !== undefined ? undefined : true;
}

function any(answers: readonly Answer[]): Answer {
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

function arnOf(thing: Thing): string {
  if (thing === 'all') { return '*'; }
  const { kind, of, region } = thing;
  return `arn:aws:ec2:${region}:account:${[`${kind}/${of}`, ...IDS[kind].map(id => `${kind}/<${of}.${id}>`)].join('|')}`;
}

/** Whether a pattern with asterisks fits a text; of an ARN, one of its forms, which end in different names of the same id. */
export function matches(value: Value, text: string, anyCase = false): Answer {
  // whatever account is written down is the own one: in no other there is the thing
  const pattern = patternOf(value)?.replace(/:\d{12}:/, ':account:');
  if (pattern === undefined) { return undefined; }
  const fits = (one: string) => isLike(anyCase ? pattern.toLowerCase() : pattern, one);
  const [first, ...others] = text.split('|');
  const begin = first.slice(0, first.lastIndexOf(':') + 1);
  return fits(first) || others.some(other => fits(begin + other));
}

/** With `*` for any characters and `?` for any one. A regular expression may take forever over many asterisks. */
function isLike(pattern: string, text: string): boolean {
  let [place, asterisk, after] = [0, -1, 0];
  for (let next = 0; next < text.length;) {
    if (pattern[place] === '*') {
      asterisk = place++;
      after = next;
    } else if (pattern[place] === '?' || pattern[place] === text[next]) {
      place++;
      next++;
    } else if (asterisk >= 0) {
      place = asterisk + 1;
      next = ++after;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(place));
}

/** A value as a pattern: what it refers to by name, and for the account and a Region that is chosen later anything; undefined where it is open. */
function patternOf(value: Value): string | undefined {
  if (typeof value === 'string') { return value; }
  const parts = value instanceof Text ? value.parts : [value];
  const texts = parts.map(part => {
    if (typeof part === 'string') { return part; }
    if (part instanceof Reference) { return `<${part.resource}.${part.attribute}>`; }
    return part instanceof Unknown && ['account', UNNAMED_REGION].includes(part.identity) ? '*' : undefined;
  });
  return texts.includes(undefined) ? undefined : texts.join('');
}
