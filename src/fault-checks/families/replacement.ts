import { Rule } from '../rule';

/** What dies is noticed late, is not replaced, or takes more with it. */
export const REPLACEMENT: readonly Rule[] = [
];
