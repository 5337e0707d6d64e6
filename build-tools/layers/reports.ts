/** Reads what the test runners write for machines. */
import { Outcome } from './layer';

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

export function outcomeOfJest(json: string): Outcome {
  const report = JSON.parse(json) as JestReport;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites, // a file that does not load has no failing test
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export function outcomeOfPytest(xml: string): Outcome {
  const [suite] = /<testsuite [^>]*>/.exec(xml) ?? [''];
  const count = (attribute: string) => Number(new RegExp(` ${attribute}="(\\d+)"`).exec(suite)?.[1] ?? NaN);
  const [tests, failures, errors, skipped] = ['tests', 'failures', 'errors', 'skipped'].map(count);
  if ([tests, failures, errors, skipped].some(Number.isNaN)) throw new Error('pytest wrote a report without counts');
  return { passed: tests - failures - errors - skipped, failed: failures + errors, skipped };
}
