import { CAPACITY } from './families/capacity';
import { DATA } from './families/data';
import { EDGE } from './families/edge';
import { HYBRID } from './families/hybrid';
import { NETWORK } from './families/network';
import { OBSERVATION } from './families/observation';
import { QUEUES } from './families/queues';
import { REPLACEMENT } from './families/replacement';
import { STORES } from './families/stores';
import { ZONES } from './families/zones';
import { Rule } from './rule';

/** The families of rules, in the order of the docs page. */
export const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  'Zones': ZONES,
  'Network ties': NETWORK,
  'Hybrid links': HYBRID,
  'Replacement': REPLACEMENT,
  'Capacity': CAPACITY,
  'Data stores': STORES,
  'Data kept': DATA,
  'Queues': QUEUES,
  'Names and edge': EDGE,
  'Observation': OBSERVATION,
};

/** All rules. */
export const RULES: readonly Rule[] = Object.values(FAMILIES).flat();
