import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { env } from '../../helpers/network';
import { acknowledgementOf, inTheFrame, writtenByCdk } from '../acknowledged';
import { synthFindingsOn } from '../findings';

/** The same inputs at every build; `FUZZ_SEED=… FUZZ_RUNS=…` for others and more. */
const seed = Number(process.env.FUZZ_SEED ?? 20261120);
const numRuns = Number(process.env.FUZZ_RUNS ?? 60);

/** Whether the construct takes the input; it may only refuse it in the one way that we promise. */
export function isAccepted(make: (stack: Stack) => void, stackProps: { env?: typeof env } = { env }): boolean {
  let refusal: unknown;
  const findings = synthFindingsOn(app => {
    const stack = new Stack(app, 'Shop', stackProps);
    try {
      make(stack);
    } catch (error) {
      refusal = error;
    }
    return refusal ? new Stack(app, 'Nothing') : stack;
  });
  if (refusal) {
    expect(refusal).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^'?[\s\S]+; [\s\S]+ \[\w+ at 'Shop\/[\w/]+'\]$/),
    });
    return false;
  }
  expect(findings.filter(finding => !acknowledgementOf(finding, [...inTheFrame, ...writtenByCdk]))).toEqual([]);
  return true;
}

/** Nothing of a refused construct may be left but its empty node. */
export function refusedWhole<T>(scope: Construct, id: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    expect(scope.node.tryFindChild(id)?.node.children ?? []).toEqual([]);
    throw error;
  }
}

/** Runs `accepts` on many inputs, and sees to it that enough of them are good for something. */
export function fuzz<T>(inputs: fc.Arbitrary<T>, accepts: (input: T) => boolean): void {
  let runs = 0;
  let accepted = 0;
  fc.assert(fc.property(inputs, input => {
    runs++;
    if (accepts(input)) { accepted++; }
  }), { seed, numRuns, endOnFailure: true });
  process.stdout.write(`accepted ${accepted} of ${runs} inputs\n`);
  expect(accepted / runs).toBeGreaterThanOrEqual(0.3);
}
