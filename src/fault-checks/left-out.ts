import { Unknown } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';

/** Why a property may be left out, by a condition that the template does not decide; undefined if it has a value, be it a parameter's. */
export function mayBeLeftOut({ properties, raw }: Resource, name: string): Unknown | undefined {
  const value = properties[name];
  return value instanceof Unknown && JSON.stringify(raw.Properties?.[name]).includes('AWS::NoValue') ? value : undefined;
}
