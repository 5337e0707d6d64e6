import { outcomeOfJest, outcomeOfPytest } from '../../build-tools/layers/reports';

describe('the outcome of jest', () => {
  const nothing = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, numRuntimeErrorTestSuites: 0 };

  test('is the sum of what its report says', () => {
    expect(outcomeOfJest(JSON.stringify({ ...nothing, numPassedTests: 5, numFailedTests: 2, numPendingTests: 3, numTodoTests: 1 })))
      .toEqual({ passed: 5, failed: 2, skipped: 4 });
  });

  test('counts a file that does not load as a failure', () => {
    expect(outcomeOfJest(JSON.stringify({ ...nothing, numRuntimeErrorTestSuites: 1 }))).toMatchObject({ failed: 1 });
  });
});

describe('the outcome of pytest', () => {
  test('takes failures, errors and skipped tests out of the total', () => {
    const report = '<?xml version="1.0"?><testsuites name="pytest tests">'
      + '<testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="0.1"><testcase/></testsuite></testsuites>';

    expect(outcomeOfPytest(report)).toEqual({ passed: 4, failed: 3, skipped: 3 });
  });

  test('is no outcome when there are no counts', () => {
    expect(() => outcomeOfPytest('<testsuites/>')).toThrow('without counts');
  });
});
