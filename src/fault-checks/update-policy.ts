import { Evaluator } from '../fault-simulation/template/evaluator';
import { Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** How CloudFormation updates a group; parameters and conditions may decide it, as they do its properties. */
export function updatePolicyOf({ stack, raw }: Resource, topology: Topology): Value {
  const { UpdatePolicy: policy } = raw as { readonly UpdatePolicy?: never };
  const evaluator = topology.once('evaluator', () => new Evaluator(topology.world.stacks));
  return policy === undefined ? null : evaluator.evaluate(stack, policy);
}
