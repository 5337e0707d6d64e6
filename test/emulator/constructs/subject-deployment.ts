import { App, CfnElement, Stack } from 'aws-cdk-lib';
import { zonesContext } from '../../helpers/network';
import { subjects } from '../../helpers/subjects';
import { Deployment, Emulator } from '../emulator';

/** A subject, really made. */
export interface SubjectDeployment {
  readonly stack: Stack;
  readonly deployment: Deployment;
}

/** An emulator for the tests of a file, empty before each test. */
export function emulatorOfTests(): { readonly current: () => Emulator; readonly deployed: (name: string) => Promise<SubjectDeployment> } {
  let emulator: Emulator;
  beforeAll(async () => { emulator = await Emulator.start(); }, 60_000);
  beforeEach(() => emulator.reset());
  afterAll(() => emulator.stop());
  return {
    current: () => emulator,
    /** Makes one of the subjects; the emulator reads each property back by itself. */
    deployed: async name => {
      const subject = subjects.find(candidate => candidate.name === name);
      if (!subject) { throw new Error(`no subject '${name}'`); }
      const stack = subject.build(new App({ context: zonesContext }));
      return { stack, deployment: await emulator.deploy(stack) };
    },
  };
}

/** What the service calls the resource of an L1, or of an L2. */
export function physicalId({ stack, deployment }: SubjectDeployment, construct: { readonly node: { readonly defaultChild?: unknown } }): string {
  const resource = construct instanceof CfnElement ? construct : construct.node.defaultChild as CfnElement;
  return deployment.physicalId(stack.getLogicalId(resource));
}
