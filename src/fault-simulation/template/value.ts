/**
 * A value of a template after all that can be known is put in: JSON, in which a resource that is not made yet stands as a
 * `Reference`, and what the template does not decide as an `Unknown`.
 */
export type Value = string | number | boolean | null | Reference | Unknown | Zone | Text | Value[] | { readonly [name: string]: Value };

/** An attribute of a resource of the same world; `Ref` is the attribute that a reference without a name means. */
export class Reference {
  constructor(public readonly resource: string, public readonly attribute: string) {}
}

/** What is known of an unknown. */
export interface Traits {
  /** False if it is never the name or the address of something: a password, a count. */
  readonly names?: false;
  /** The values of which it has one. */
  readonly among?: readonly Value[];
  /** The Region in which AWS chooses it, so that the worst counts, and not somebody who may know better. */
  readonly chosenByAws?: string;
}

/** What the template leaves open. Two of the same identity have the same value, whatever it is. */
export class Unknown {
  constructor(public readonly reason: string, public readonly identity: string = reason, public readonly traits: Traits = {}) {}
}

/** One of the zones that Fn::GetAZs lists. */
export class Zone {
  constructor(public readonly region: string, public readonly index: number) {}
}

/** A string in which references or unknowns stand. */
export class Text {
  constructor(public readonly parts: readonly (string | Reference | Unknown | Zone)[]) {}
}

export type Properties = { readonly [name: string]: Value };

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    && !(value instanceof Reference || value instanceof Unknown || value instanceof Zone || value instanceof Text);
}

export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) { return []; }
  return Array.isArray(value) ? value : [value];
}

/** The first of these that the template leaves open. */
export function firstUnknown(values: readonly unknown[]): Unknown | undefined {
  return values.find((one): one is Unknown => one instanceof Unknown);
}

/** The property at a path of names; undefined where there is none. */
export function at(value: Value | undefined, ...path: string[]): Value | undefined {
  return path.reduce<Value | undefined>((inner, name) => isObject(inner) ? inner[name] : undefined, value);
}

/** CloudFormation takes 'true', "True" and true for the same; undefined where it is not known. */
export function asBoolean(value: Value | undefined): boolean | undefined {
  if (typeof value === 'boolean') { return value; }
  if (typeof value !== 'string') { return undefined; }
  return { true: true, false: false }[value.toLowerCase()];
}

/** CloudFormation takes '2' and 2 for the same; undefined where it is not known. */
export function asNumber(value: Value | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}

export function asString(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Every reference that stands anywhere in a value. */
export function referencesIn(value: Value | undefined, found: Reference[] = []): Reference[] {
  if (typeof value !== 'object' || value === null) { return found; }
  if (value instanceof Reference) {
    found.push(value);
  } else if (value instanceof Text) {
    for (const part of value.parts) {
      if (part instanceof Reference) { found.push(part); }
    }
  } else if (Array.isArray(value)) {
    for (const item of value) { referencesIn(item, found); }
  } else if (!(value instanceof Unknown || value instanceof Zone)) {
    for (const name in value) { referencesIn(value[name], found); }
  }
  return found;
}

/** What a string refers to, if it is nothing else or stands in it. */
export function referredTo(value: Value | undefined): readonly Reference[] {
  if (value instanceof Reference) { return [value]; }
  return value instanceof Text ? value.parts.filter((part): part is Reference => part instanceof Reference) : [];
}

export function keysReferredTo(value: Value | undefined): readonly string[] {
  return referredTo(value).map(({ resource }) => resource);
}
