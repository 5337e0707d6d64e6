import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A mistake for which AWS refuses the stack. */
export interface Fault {
  /** Stays for ever: the record of scores refers to it. */
  readonly id: string;
  readonly what: string;
  /** Words that only a finding about this fault contains; a net that fails on something else has not caught it. */
  readonly evidence: RegExp;
  plant(stack: Stack): void;
}

/** The resource of the construct at a path below the stack, an L1 itself or the main resource of an L2. */
export function resourceAt(stack: Stack, path: string): CfnResource {
  const construct = path.split('/').reduce<IConstruct>((parent, id) => parent.node.findChild(id), stack);
  const resource = construct.node.defaultChild ?? construct;
  if (!CfnResource.isCfnResource(resource)) throw new Error(`no resource at ${path}`);
  return resource;
}
