import { Text, Unknown } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';

/** Whether a group takes for dead what its balancer takes for dead. The type may be a list with commas. */
export function looksAtBalancer({ properties: { HealthCheckType: type } }: Resource): boolean | Unknown {
  if (type instanceof Unknown) { return type; }
  const text = (type instanceof Text ? type.parts : [type]).map(part => typeof part === 'string' ? part : '').join('');
  const looks = text.split(',').some(one => ['ELB', 'VPC_LATTICE'].includes(one.trim().toUpperCase()));
  return !looks && type instanceof Text ? new Unknown('a part of it is given at deployment') : looks;
}
