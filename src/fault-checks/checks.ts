import { RULES } from './pack';
import { Rule } from './rule';
import { Resource, World } from '../fault-simulation/template/world';
import { Facts, Topology } from '../fault-simulation/topology';

/** What a rule says against a resource, or cannot say. */
export interface Finding {
  readonly rule: Rule;
  readonly resource: Resource;
  readonly compliance: 'non-compliant' | 'unknown';
  readonly what: string;
  /** `Stack/LogicalId.Property`, or the resource. */
  readonly property: string;
}

/** What the rules find in stacks, in the order of the resources. */
export function findingsIn(world: World, facts: Facts = {}, rules: readonly Rule[] = RULES): readonly Finding[] {
  const topology = new Topology(world, facts);
  const byType = new Map<string, Rule[]>();
  rules.forEach(rule => rule.types.forEach(type => byType.set(type, [...byType.get(type) ?? [], rule])));
  return [...world.resources.values()].filter(({ presence }) => presence !== 'absent')
    .flatMap(resource => (byType.get(resource.type) ?? []).flatMap(rule => findingOf(rule, resource, topology)));
}

function findingOf(rule: Rule, resource: Resource, topology: Topology): Finding[] {
  const judgement = rule.judge(resource, topology);
  if (!('what' in judgement)) { return []; }
  const { compliance, what, property } = judgement;
  return [{ rule, resource, compliance, what, property: property === undefined ? resource.key : `${resource.key}.${property}` }];
}
