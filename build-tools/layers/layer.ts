/** How many tests passed, failed and were skipped. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const passed: Outcome = { passed: 1, failed: 0, skipped: 0 };
export const failed: Outcome = { passed: 0, failed: 1, skipped: 0 };
export const skipped: Outcome = { passed: 0, failed: 0, skipped: 1 };

export function sum(outcomes: readonly Outcome[]): Outcome {
  return outcomes.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    { passed: 0, failed: 0, skipped: 0 });
}

export function inWords(outcome: Outcome): string {
  return `${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped`;
}

/** A program that a layer needs and that `npm ci` does not bring. */
export interface Tool {
  readonly name: string;
  isThere(): boolean;
}

/** One command of a layer. It counts as one test, unless the runner that it starts reports its own. */
export interface Check {
  readonly title: string;
  run(): Outcome;
}

export interface Layer {
  readonly name: string;
  /** What is true when it passes. */
  readonly shows: string;
  /** How long it may take. */
  readonly minutes: number;
  /** @default - nothing beyond node and Python */
  readonly needs?: readonly Tool[];
  readonly checks: readonly Check[];
  /** Nothing after it makes sense when it fails. @default false */
  readonly essential?: boolean;
  /** @default false */
  readonly onlyInCi?: boolean;
}
