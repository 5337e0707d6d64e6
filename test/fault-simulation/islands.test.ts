import { corpus } from './corpus';
import { Fault } from '../../src/fault-simulation/faults';
import { Simulation } from '../../src/fault-simulation/simulation';
import { RawResource, StackInput, World } from '../../src/fault-simulation/template/world';

/** The same stacks, with a resource that means nothing and mentions everything, so that no fault is thought to stay among a few. */
function joined(stacks: readonly StackInput[]): StackInput[] {
  const mentions = stacks.flatMap(({ name, template }) => Object.keys(template.Resources ?? {}).map(id => ({ 'Fn::ImportValue': `${name}:${id}` })));
  return stacks.map(({ template, ...stack }, index) => {
    const own = Object.keys(template.Resources ?? {}).map(id => [`All${id}`, { Value: { Ref: id }, Export: { Name: `${stack.name}:${id}` } }]);
    const joiner: Record<string, RawResource> = index === 0 ? { Joiner: { Type: 'AWS::CDK::Metadata', Properties: { mentions } } } : {};
    return {
      ...stack,
      template: { ...template, Outputs: { ...template.Outputs, ...Object.fromEntries(own) }, Resources: { ...template.Resources, ...joiner } },
    };
  });
}

test.each(corpus().map(one => [one.name, one] as const))('what the loss of a component does stays where it is looked for: %s', (_, { stacks, facts }) => {
  const world = new World(stacks);
  const [few, all] = [new Simulation(world, facts), new Simulation(new World(joined(stacks)), facts)];
  for (const of of world.resources.keys()) {
    const fault: Fault = { kind: 'gone', of };
    const [here, everywhere] = [few.under(fault), all.under(fault)].map(verdicts =>
      [...world.resources.keys()].map(key => [key, verdicts.get(key)?.atOnce, verdicts.get(key)?.afterRecovery]));
    expect([of, here]).toEqual([of, everywhere]);
  }
});
