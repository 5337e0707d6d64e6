import { keysReferredTo, Text, Value } from './template/value';
import { Resource } from './template/world';
import { Topology } from './topology';

/** The function that a name, an ARN, a version or an alias means, if it is in the templates. */
export function functionOf(value: Value | undefined, topology: Topology, steps = 3): Resource | undefined {
  const named = keysReferredTo(value).flatMap(key => topology.world.resource(key) ?? []).find(({ type }) => type.startsWith('AWS::Lambda::'));
  if (named?.type === 'AWS::Lambda::Function') { return named; }
  if (named) { return steps === 0 ? undefined : functionOf(named.properties.FunctionName, topology, steps - 1); }
  const name = nameOfFunction(value);
  return name === undefined ? undefined : topology.ofType('AWS::Lambda::Function').find(({ properties }) => properties.FunctionName === name);
}

/** The name by which a text means a function: all of it, or what stands in an ARN. */
export function nameOfFunction(value: Value | undefined): string | undefined {
  const end = value instanceof Text ? value.parts[value.parts.length - 1] : value;
  return typeof end === 'string' ? end.replace(/^.*:function:/, '').split(':')[0] || undefined : undefined;
}
