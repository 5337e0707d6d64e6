import { createHash } from 'crypto';
import * as fs from 'fs';
import * as path from 'path';
import { FileSystem, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as assets from 'aws-cdk-lib/aws-s3-assets';
import { DISABLE_ASSET_STAGING_CONTEXT } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { bashWord } from './bash';

/** Gives the command that fetches a file to a place, which is given as a word of bash. */
export type Fetch = (target: string) => string;

/** Makes what is fetched, under an id. */
export type CreateFetch = (id: string, content: Buffer) => Fetch;

/**
 * A file that the instances of `scope` fetch when they start.
 *
 * Its key is the hash of the content and of who fetches it, so that each version of the launch template keeps its own. The key ends
 * with the address of `scope`, since the role has to read the files of earlier versions as well: a rollback starts instances with them.
 * Access to the one object would take that away, and access to the whole bucket would open what other stacks have there.
 */
export function createFetchedFile(scope: Construct, id: string, content: Buffer, role: iam.IRole): Fetch {
  const suffix = scope.node.addr;
  const folder = FileSystem.mkdtemp('fetched');
  const file = path.join(folder, `file.${suffix}`);
  fs.writeFileSync(file, content);
  // of two assets with one hash CDK publishes one only, under one of their keys
  const assetHash = createHash('sha256').update(suffix).update(content).digest('hex');
  const asset = new assets.Asset(scope, id, { path: file, assetHash });
  // the asset is a copy already, unless the app is told to make none
  if (!scope.node.tryGetContext(DISABLE_ASSET_STAGING_CONTEXT)) { fs.rmSync(folder, { recursive: true }); }
  role.addToPrincipalPolicy(new iam.PolicyStatement({
    actions: ['s3:GetObject'],
    resources: [asset.bucket.arnForObjects(`*.${suffix}`)],
  }));
  return target => `retry aws s3 cp ${bashWord(asset.s3ObjectUrl)} ${target} --region ${bashWord(Stack.of(scope).region)} --only-show-errors`;
}
