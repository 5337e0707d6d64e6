import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CreateBucketCommand, PutObjectCommand, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';

interface FileAsset {
  readonly source: { readonly path?: string; readonly packaging?: 'file' | 'zip' };
  readonly destinations: Record<string, { readonly bucketName: string; readonly objectKey: string }>;
}

/** Uploads the file assets of a stack, as `cdk deploy` does; the stack's template is left out. */
export async function publishFileAssets(
  artifact: CloudFormationStackArtifact, config: S3ClientConfig & { region: string }, account: string, python: string,
): Promise<void> {
  const manifest = path.join(artifact.assembly.directory, `${artifact.id}.assets.json`);
  if (!fs.existsSync(manifest)) {
    return;
  }
  const { files } = JSON.parse(fs.readFileSync(manifest, 'utf8')) as { files?: Record<string, FileAsset> };
  const assets = Object.values(files ?? {}).filter(asset => asset.source.path !== artifact.templateFile);
  const client = new S3Client(config);
  for (const asset of assets) {
    const body = read(artifact.assembly.directory, asset, python);
    for (const destination of Object.values(asset.destinations)) {
      const bucket = fill(destination.bucketName, config.region, account);
      await createBucket(client, bucket, config.region);
      await client.send(new PutObjectCommand({
        Bucket: bucket, Key: fill(destination.objectKey, config.region, account), Body: body,
      }));
    }
  }
  client.destroy();
}

function read(directory: string, asset: FileAsset, python: string): Buffer {
  if (asset.source.path === undefined) {
    throw new Error('An asset that is built by a command is not supported by the emulator');
  }
  const source = path.join(directory, asset.source.path);
  return asset.source.packaging === 'zip' ? zip(source, python) : fs.readFileSync(source);
}

/** Python has a zip writer, Node has none; Python is here anyway, for the emulator. */
function zip(directory: string, python: string): Buffer {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'emulator-asset-'));
  try {
    const base = path.join(scratch, 'asset');
    execFileSync(python, ['-c', 'import shutil, sys; shutil.make_archive(sys.argv[1], "zip", sys.argv[2])', base, directory]);
    return fs.readFileSync(`${base}.zip`);
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** Environment-agnostic stacks keep placeholders in the names of their assets' buckets. */
function fill(text: string, region: string, account: string): string {
  return text.replaceAll('${AWS::Region}', region)
    .replaceAll('${AWS::AccountId}', account)
    .replaceAll('${AWS::Partition}', 'aws');
}

async function createBucket(client: S3Client, bucket: string, region: string): Promise<void> {
  const elsewhere = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...elsewhere }));
  } catch (error) {
    if (!(error instanceof Error && /^BucketAlready/.test(error.name))) {
      throw error;
    }
  }
}
