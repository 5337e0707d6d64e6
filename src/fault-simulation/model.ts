import { Damage } from './faults';
import { asNeeded, State } from './state';
import { Resource } from './template/world';
import { Topology } from './topology';

/** What a component may ask when it says how it stands. */
export interface Context {
  readonly topology: Topology;
  readonly damage: Damage;
  /** Components of which no part is in a zone that is gone, wherever they may stand. */
  readonly elsewhere?: ReadonlySet<string>;
  /** How another component stands, as far as that is worked out. */
  state(component: string): State;
}

/** How a component of some type stands under a fault. */
export type Model = (resource: Resource, context: Context) => State;

/** How what a component names in one of its own properties stands for it. */
export function stateFor({ key }: Resource, needed: string, property: string, context: Context): State {
  return asNeeded(context.state(needed), { needer: key, needed, property: `${key}.${property}`, certain: true });
}
