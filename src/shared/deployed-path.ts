import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * What a construct is called among all of its account and Region: the name of its stack, by which deployments of one app are told apart, and its
 * path in there.
 */
export function deployedPath(construct: IConstruct): string {
  const stack = Stack.of(construct);
  const below = construct.node.scopes.slice(stack.node.scopes.length);
  return [stack.stackName, ...below.map(({ node }) => node.id)].join('/');
}
