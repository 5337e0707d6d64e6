import { Evaluator } from './template/evaluator';
import { Value } from './template/value';
import { Resource } from './template/world';
import { Topology } from './topology';

/** How CloudFormation updates a group; parameters and conditions may decide it, as they do its properties. */
export function updatePolicyOf({ stack, raw }: Resource, topology: Topology): Value {
  const { UpdatePolicy: policy } = raw as { readonly UpdatePolicy?: never };
  const evaluator = topology.once('evaluator', () => new Evaluator(topology.world.stacks));
  return policy === undefined ? null : evaluator.evaluate(stack, policy);
}
