import { at, listOf, Unknown, Value } from '../fault-simulation/template/value';

/** An attribute of a balancer or of a target group; undefined where it is left to its default. */
export function attributeOf(attributes: Value | undefined, key: string): Value | undefined {
  if (attributes instanceof Unknown) { return attributes; }
  const found = listOf(attributes).find(one => at(one, 'Key') === key);
  // an entry that a condition decides may be this one
  return found === undefined ? listOf(attributes).find(one => one instanceof Unknown) : at(found, 'Value');
}
