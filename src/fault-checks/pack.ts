import { EDGE } from './families/edge';
import { QUEUES } from './families/queues';
import { ZONES } from './families/zones';
import { Rule } from './rule';

/** The families of rules, in the order of the docs page. */
export const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  'Zones': ZONES,
  'Queues': QUEUES,
  'Names and edge': EDGE,
};

/** All rules. */
export const RULES: readonly Rule[] = Object.values(FAMILIES).flat();
