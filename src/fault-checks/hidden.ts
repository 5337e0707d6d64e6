import { isObject, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';

/** What a condition decides of a resource, if it may refer to another one there. */
export function mayMention({ properties }: Resource, { logicalId }: Resource): Unknown | undefined {
  return unknownsIn(properties).find(({ identity }) => identity.includes(`{"Ref":"${logicalId}"}`) || identity.includes(`{"Fn::GetAtt":["${logicalId}",`)
    || identity.includes(`{"Fn::GetAtt":"${logicalId}.`));
}

function unknownsIn(value: Value | undefined): readonly Unknown[] {
  if (value instanceof Unknown) { return [value]; }
  if (Array.isArray(value)) { return value.flatMap(unknownsIn); }
  return isObject(value) ? Object.values(value).flatMap(unknownsIn) : [];
}
