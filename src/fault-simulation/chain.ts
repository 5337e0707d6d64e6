import { State, Why } from './state';

/** A step on the way from a fault to what becomes of a component. */
export interface Link {
  readonly what: string;
  /** What the step was read from, `Stack/LogicalId.Property`. */
  readonly property?: string;
  /** What would change it. */
  readonly remedy?: string;
  /** Whether the template says so; else it is inferred. */
  readonly certain: boolean;
}

/** The steps to a component, from the fault on; each component once, also where needs are circular. */
export function chainTo(key: string, states: ReadonlyMap<string, State>, passed = new Set<string>()): Link[] {
  if (passed.has(key)) { return []; }
  passed.add(key);
  const links = (states.get(key)?.why ?? []).flatMap(why => linksOf(why, states, passed));
  // the same thing may be needed for several reasons, the first of which is enough
  return links.filter((link, index) => links.findIndex(({ what }) => what === link.what) === index);
}

function linksOf(why: Why, states: ReadonlyMap<string, State>, passed: Set<string>): Link[] {
  if ('what' in why) { return [{ what: why.what, property: why.decision?.property, remedy: why.decision?.remedy, certain: true }]; }
  const { needer, needed, property, certain } = why;
  return [...chainTo(needed, states, passed), { what: `${needer} needs ${needed}`, property, certain }];
}
