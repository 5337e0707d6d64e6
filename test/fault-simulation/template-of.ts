import { App, Stack, Stage } from 'aws-cdk-lib';
import { Fault, zoneFault } from '../../src/fault-simulation/faults';
import { Simulation } from '../../src/fault-simulation/simulation';
import { readStack } from '../../src/fault-simulation/template/read';
import { RawResource, RawTemplate, StackInput, World } from '../../src/fault-simulation/template/world';
import { zonesContext } from '../helpers/network';
import { subjects } from '../helpers/subjects';

/** A template whose resources may be changed. */
export interface Changeable extends StackInput {
  readonly resources: Record<string, RawResource & { Properties: Record<string, unknown> }>;
}

/** The template of one of the subjects, read as anybody's. */
export function templateOf(name: string): Changeable {
  const subject = subjects.find(candidate => candidate.name === name);
  if (!subject) { throw new Error(`no subject '${name}'`); }
  const stack = subject.build(new App({ context: zonesContext }));
  const input = synthesized(stack);
  return { ...input, resources: input.template.Resources as Changeable['resources'] };
}

function synthesized(stack: Stack): StackInput {
  const assembly = (Stage.of(stack) as Stage).synth();
  return readStack(assembly.getStackArtifact(stack.artifactId).templateFullPath, stack.stackName, stack.region);
}

/** The only resource of the type, or the one whose logical id begins so. */
export function idOf({ resources }: Changeable, type: string, begin = ''): string {
  const found = Object.keys(resources).filter(id => resources[id].Type === type && id.startsWith(begin));
  if (found.length !== 1) { throw new Error(`${found.length} resources of type ${type}`); }
  return found[0];
}

export function simulationOf(...inputs: StackInput[]): Simulation {
  return new Simulation(new World(inputs));
}

/** Where the stacks of these are. */
export const REGION = 'eu-west-1';

/** Types of resources, without the first part, and their properties. */
export type Resources = Record<string, readonly [type: string, properties?: Record<string, unknown>]>;

/** A stack of resources whose types stand without the first part. */
export function stackOf(resources: Resources, template: RawTemplate = {}): StackInput {
  const all = Object.entries(resources).map(([id, [type, Properties = {}]]): [string, RawResource] => [id, { Type: `AWS::${type}`, Properties }]);
  return { name: 'Stack', region: REGION, template: { ...template, Resources: Object.fromEntries(all) } };
}

/** At once, after recovery, and what is left. */
export function verdict(input: StackInput, fault: Fault, component: string) {
  const found = simulationOf(input).under(fault).get(`Stack/${component}`);
  return [found?.atOnce, found?.afterRecovery, found?.capacityLeft];
}

export const zone = (index: number) => zoneFault(REGION, index);
export const instanceOf = (component: string): Fault => ({ kind: 'instance', of: `Stack/${component}` });
export const subnets = { A: ['EC2::Subnet', { AvailabilityZone: `${REGION}a` }], B: ['EC2::Subnet', { AvailabilityZone: `${REGION}b` }] } as const;
export const both = [{ Ref: 'A' }, { Ref: 'B' }];
