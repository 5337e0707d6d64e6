import { HYBRID } from './families/hybrid';
import { NETWORK } from './families/network';
import { DATA } from './families/data';
import { STORES } from './families/stores';
import { EDGE } from './families/edge';
import { OBSERVATION } from './families/observation';
import { QUEUES } from './families/queues';
import { ZONES } from './families/zones';
import { Rule } from './rule';

/** The families of rules, in the order of the docs page. */
export const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  'Zones': ZONES,
  'Network ties': NETWORK,
  'Hybrid links': HYBRID,
  'Data stores': STORES,
  'Data kept': DATA,
  'Queues': QUEUES,
  'Names and edge': EDGE,
  'Observation': OBSERVATION,
};

/** All rules. */
export const RULES: readonly Rule[] = Object.values(FAMILIES).flat();
