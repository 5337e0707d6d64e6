import * as fs from 'fs';
import * as path from 'path';
import { Resource } from 'aws-cdk-lib';
import { Construct } from 'constructs';

// The layer says which end of the range it is for; the layer unit-newest redirects every import of aws-cdk-lib.
const wanted = process.env.CDK_LIB ?? 'aws-cdk-lib';

describe('the tests', () => {
  test('run on the aws-cdk-lib that their layer names', () => {
    const { devDependencies } = read(path.join(__dirname, '..', '..', 'package.json')) as { devDependencies: Record<string, string> };
    const { version } = read(require.resolve('aws-cdk-lib/package.json')) as { version: string };

    expect(devDependencies[wanted].split('@').at(-1)).toBe(version);
  });

  test('have one constructs for aws-cdk-lib and for us', () => {
    expect(Resource.prototype).toBeInstanceOf(Construct);
  });
});

function read(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
