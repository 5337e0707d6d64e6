import { App, Stack } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { acknowledged, acknowledgementOf, writtenByCdk, inTheFrame } from './acknowledged';
import { Finding, findingsOn } from './findings';
import { env } from '../helpers/network';
import { subjects } from '../helpers/subjects';

const lists = { acknowledged, inTheFrame, writtenByCdk };
const all = Object.values(lists).flat();
const seen: Finding[] = [];

describe('aws-cdk-lib, cfn-lint, cdk-nag and our rules', () => {
  test.each(subjects)('find nothing in $name but what is acknowledged with a reason', subject => {
    const findings = findingsOn(subject);
    seen.push(...findings);
    expect(findings.filter(finding => !acknowledgementOf(finding, all))).toEqual([]);
  });

  test('would have found what all of them look for', () => {
    const findings = findingsOn({
      name: 'a bad bucket',
      build: app => {
        const stack = new Stack(app, 'Bad', { env });
        new s3.CfnBucket(stack, 'Bucket', { accessControl: 'EverybodyReads' });
        return stack;
      },
    });
    expect(new Set(findings.map(finding => finding.validator))).toEqual(new Set(['aws-cdk-lib', 'cfn-lint', 'cdk-nag', 'our rules']));
  });

  test('still find each thing that is acknowledged', () => {
    expect(all.filter(acknowledgement => !seen.some(finding => acknowledgementOf(finding, [acknowledgement])))).toEqual([]);
  });

  afterAll(() => {
    const count = (list: keyof typeof lists) => seen.filter(finding => acknowledgementOf(finding, lists[list])).length;
    process.stdout.write(`findings acknowledged: ${count('acknowledged')} by ${acknowledged.length} reasons; `
      + `in the frame of the tests: ${count('inTheFrame')}; written by aws-cdk-lib itself: ${count('writtenByCdk')}\n`);
  });
});

test('a stack that cannot be synthesized is no clean stack', () => {
  const failing = { name: 'failing', build: (app: App) => new Stack(app, 'Bad', { stackName: 'not a name' }) };
  expect(() => findingsOn(failing)).toThrow(/Stack name must match/);
});
