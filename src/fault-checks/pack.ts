import { CAPACITY } from './families/capacity';
import { REPLACEMENT } from './families/replacement';
import { ZONES } from './families/zones';
import { Rule } from './rule';

/** The families of rules, in the order of the docs page. */
export const FAMILIES: Readonly<Record<string, readonly Rule[]>> = {
  Zones: ZONES,
  Replacement: REPLACEMENT,
  Capacity: CAPACITY,
};

/** All rules. */
export const RULES: readonly Rule[] = Object.values(FAMILIES).flat();
