import { REGION, Resources, simulationOf, stackOf, subnets, verdict } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';

export const three = { ...subnets, C: ['EC2::Subnet', { AvailabilityZone: `${REGION}c` }] } as const;
export const all = [{ Ref: 'A' }, { Ref: 'B' }, { Ref: 'C' }];
export const host = (component: string): Fault => ({ kind: 'primary-host', of: `Stack/${component}` });
export const gone = (component: string): Fault => ({ kind: 'gone', of: `Stack/${component}` });
export const region: Fault = { kind: 'region', region: REGION };
/** A value that the template leaves open. */
export const open = { Ref: 'Open' };
const openly = { Parameters: { Open: { Type: 'String' } } };
export const get = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });

/** At once and after recovery, of `It`. */
export function standing(resources: Resources, fault: Fault, component = 'It') {
  return verdict(stackOf(resources, openly), fault, component).slice(0, 2);
}

export function found(resources: Resources, fault: Fault, component = 'It') {
  return simulationOf(stackOf(resources, openly)).under(fault).get(`Stack/${component}`);
}

export function phases([atOnce, afterRecovery]: string[]) {
  return { atOnce, afterRecovery };
}

export const WELL = ['unaffected', 'unaffected'];
export const BACK = ['interrupted', 'unaffected'];
export const LESS = ['degraded', 'degraded'];
export const REFILLED = ['degraded', 'unaffected'];
export const LOST = ['lost', 'lost'];
export const UNDECIDED = ['unknown', 'unknown'];
