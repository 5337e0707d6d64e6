import { Rule } from '../rule';
import { groupInOneZone } from '../rules/group-in-one-zone';

/** A zone goes, and all of something with it. */
export const ZONES: readonly Rule[] = [
  groupInOneZone,
];
