import { anyOfPlaces, regional } from './network';
import { stateOfNeed } from './reach';
import { Context, Model } from '../model';
import { allOf, State } from '../state';
import { at, Properties, referencesIn } from '../template/value';
import { Resource } from '../template/world';

const DEFINITION = ['Definition', 'DefinitionString', 'DefinitionSubstitutions'];

/** A state machine is regional, and goes on as far as what its definition refers to does. */
export const stateOfStateMachine: Model = (machine, context) => allOf([regional(machine, context), ...needed(machine, DEFINITION, context)]);

/** A pipe is regional, and hands on what it takes from a queue or a stream as far as its target is there. */
export const stateOfPipe: Model = (pipe, context) => allOf([regional(pipe, context), ...needed(pipe, ['Enrichment', 'Target'], context)]);

/** A delivery stream keeps what it has while it cannot deliver. */
export function stateOfDelivery(delivery: Resource, context: Context): State {
  const { properties } = delivery;
  const destinations = Object.keys(properties).filter(name => /(Destination|Source)Configuration$/.test(name));
  const ways = destinations.map(name => at(properties, name, 'VpcConfiguration', 'SubnetIds')).filter(subnets => subnets !== undefined);
  return allOf([
    regional(delivery, context),
    ...ways.map(subnets => anyOfPlaces(delivery, context.topology.zonesOfSubnets(subnets), 'VpcConfiguration', context)),
    ...needed(delivery, destinations, context),
  ]);
}

/** How everything stands to which these properties refer. */
function needed(resource: Resource, names: readonly (keyof Properties)[], context: Context): State[] {
  return names.flatMap(name => referencesIn(resource.properties[name]).map(reference =>
    stateOfNeed({ reference, property: `${resource.key}.${name}`, certain: true }, resource, context)));
}
