import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

/** aws-cdk-lib's own share of a template differs from version to version, so whole templates are those of the lowest one. */
export const testOnLowest: (name: string, run: () => void) => void = process.env.CDK_LIB === 'aws-cdk-lib-newest' ? () => undefined : test;

/** The template of a stack without the hashes of assets, which say nothing to a reader. */
export function wholeTemplate(stack: Stack): unknown {
  return JSON.parse(JSON.stringify(Template.fromStack(stack).toJSON()).replace(/\b[0-9a-f]{64}\b/g, '<asset>'));
}
