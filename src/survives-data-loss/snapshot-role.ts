import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SnapshotCopy } from './snapshot-copy';

/** The tag by which Data Lifecycle Manager knows what it has made. */
const MADE_BY_POLICY = 'aws:ResourceTag/aws:dlm:lifecycle-policy-id';

/**
 * The role in which Data Lifecycle Manager takes, copies and deletes snapshots.
 *
 * Less than AWS's own policy for it, AWSDataLifecycleManagerServiceRole, which may delete any snapshot of the account.
 */
export function createSnapshotRole(scope: Construct, targetTags: Record<string, string>, copies: SnapshotCopy[]): iam.Role {
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, 'Role', {
    assumedBy: new iam.ServicePrincipal('dlm.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  });
  const arn = (resource: string, region = stack.region, account = '') =>
    stack.formatArn({ service: 'ec2', region, account, resource, resourceName: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
  const own = arn('snapshot');
  const everywhere = [own, ...copies.map(({ region }) => arn('snapshot', region))];

  role.addToPolicy(new iam.PolicyStatement({
    sid: 'Find', // EC2 knows no narrower permission for these
    actions: ['ec2:DescribeVolumes', 'ec2:DescribeSnapshots', 'ec2:DescribeInstances'],
    resources: ['*'],
  }));
  for (const [index, [key, value]] of Object.entries(targetTags).entries()) {
    role.addToPolicy(new iam.PolicyStatement({
      sid: `ReadTagged${index}`,
      actions: ['ec2:CreateSnapshot'],
      resources: [arn('volume', stack.region, stack.account)],
      conditions: { StringEquals: { [`aws:ResourceTag/${key}`]: value } },
    }));
  }
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Create', actions: ['ec2:CreateSnapshot'], resources: [own] }));
  role.addToPolicy(new iam.PolicyStatement({ sid: 'Tag', actions: ['ec2:CreateTags'], resources: everywhere }));
  role.addToPolicy(new iam.PolicyStatement({
    sid: 'DeleteOwn',
    actions: ['ec2:DeleteSnapshot'],
    resources: everywhere,
    conditions: { Null: { [MADE_BY_POLICY]: 'false' } },
  }));
  if (copies.length > 0) {
    role.addToPolicy(new iam.PolicyStatement({ sid: 'Copy', actions: ['ec2:CopySnapshot'], resources: everywhere }));
  }
  allowKeys(role, copies.flatMap(({ encryptionKeyArn }) => encryptionKeyArn ?? []));
  return role;
}

/** What it takes to read or write a volume that is encrypted with a key of the account's own. */
export function allowKeys(role: iam.Role, keyArns: string[]): void {
  if (keyArns.length === 0) { return; }
  role.addToPolicy(new iam.PolicyStatement({
    actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
    resources: keyArns,
  }));
  role.addToPolicy(new iam.PolicyStatement({
    actions: ['kms:CreateGrant'],
    resources: keyArns,
    conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }));
}
