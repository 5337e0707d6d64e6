import { EDGE } from './families/edge';
import { OBSERVATION } from './families/observation';
import { QUEUES } from './families/queues';
import { ZONES } from './families/zones';
import { Rule } from './rule';

/** The families of rules, in the order of the docs page. */
export const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  'Zones': ZONES,
  'Queues': QUEUES,
  'Names and edge': EDGE,
  'Observation': OBSERVATION,
};

/** All rules. */
export const RULES: readonly Rule[] = Object.values(FAMILIES).flat();
