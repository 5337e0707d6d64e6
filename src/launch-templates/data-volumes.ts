import { SizeRoundingBehavior, Stack, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { DataVolume } from './data-volume';
import { ConfigurationError } from '../shared/configuration-error';
import { firstRepeated } from '../shared/lists';
import { checkWholeNumber } from '../shared/numbers';

/** The least of gp3, which a volume has without asking. */
const BASE = { iops: 3000, throughput: 125 };

/** The ranges are those of gp3 (Amazon EBS User Guide). */
export function checkDataVolumes(scope: IConstruct, volumes: DataVolume[], rootDeviceName = '/dev/xvda'): void {
  volumes.forEach(volume => checkDataVolume(scope, volume));
  const twice = firstRepeated([rootDeviceName, ...volumes.map(({ deviceName }) => deviceName)]);
  if (twice !== undefined) {
    throw new ConfigurationError(scope, `'instanceTemplate.dataVolumes' has ${twice}, which is another volume already`, 'give each volume a name of its own');
  }
}

/** Refuses what is the end of a name only. */
export function checkDeviceName(scope: IConstruct, prop: string, name: string): void {
  if (Token.isUnresolved(name) || name.startsWith('/dev/')) { return; }
  throw new ConfigurationError(scope, `'${prop}' is '${name}'`, `give the whole name, such as /dev/${name}`);
}

/**
 * Encrypts the root volume, which keeps the size that the image has, and adds the data volumes.
 *
 * In the L1, since the L2 demands a size, and one below that of the image's snapshot starts no instance.
 */
export function mapVolumes(template: ec2.LaunchTemplate, rootDeviceName?: string, dataVolumes: DataVolume[] = []): void {
  const windows = template.osType === ec2.OperatingSystemType.WINDOWS;
  const deviceName = rootDeviceName ?? (windows ? '/dev/sda1' : '/dev/xvda');
  const resource = template.node.defaultChild as ec2.CfnLaunchTemplate;
  resource.launchTemplateData = {
    ...resource.launchTemplateData as ec2.CfnLaunchTemplate.LaunchTemplateDataProperty,
    blockDeviceMappings: [
      { deviceName, ebs: { encrypted: true, volumeType: 'gp3', deleteOnTermination: true } },
      ...dataVolumes.map(volume => mappingOf(template, volume)),
    ],
  };
}

/** How the launch template has it. */
function mappingOf(scope: IConstruct, volume: DataVolume): ec2.CfnLaunchTemplate.BlockDeviceMappingProperty {
  const { deviceName, size, iops, throughput, encryptionKey } = volume;
  if (encryptionKey) { letAutoScalingUse(scope, encryptionKey); }
  return {
    deviceName,
    ebs: {
      encrypted: true,
      volumeType: 'gp3',
      volumeSize: size.toGibibytes(),
      iops,
      throughput,
      kmsKeyId: encryptionKey?.keyArn,
      deleteOnTermination: true,
    },
  };
}

function checkDataVolume(scope: IConstruct, { deviceName, size, iops = BASE.iops, throughput = BASE.throughput }: DataVolume): void {
  const prop = 'instanceTemplate.dataVolumes';
  checkDeviceName(scope, `${prop}.deviceName`, deviceName);
  checkWholeNumber(scope, `${prop}.iops`, iops, { from: BASE.iops, to: 80_000 });
  checkWholeNumber(scope, `${prop}.throughput`, throughput, { from: BASE.throughput, to: 2000 }, 'MiB/s');
  if (!Token.isUnresolved(iops) && !Token.isUnresolved(throughput) && throughput > iops / 4) {
    throw new ConfigurationError(scope, `'${prop}.throughput' is ${throughput} MiB/s, more than a quarter of ${iops} operations per second`,
      `raise '${prop}.iops' to ${4 * throughput} or more`);
  }
  if (size.isUnresolved()) { return; }
  const gibibytes = size.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
  checkWholeNumber(scope, `${prop}.size`, gibibytes, { from: 1, to: 65_536 }, 'GiB');
  if (!Token.isUnresolved(iops) && iops > Math.max(BASE.iops, 500 * gibibytes)) {
    throw new ConfigurationError(scope, `'${prop}.iops' is ${iops}, more than 500 for each of ${gibibytes} GiB`,
      `make the volume ${Math.ceil(iops / 500)} GiB or more, or lower 'iops'`);
  }
}

/**
 * What the service-linked role of EC2 Auto Scaling has to be allowed by the key itself, for volumes only (Amazon EC2 Auto
 * Scaling User Guide, "Required AWS KMS key policy").
 *
 * The role is named in a condition: as the principal it would have to be there already, which it is not in a new account.
 */
function letAutoScalingUse(scope: IConstruct, key: kms.IKey): void {
  const { partition, account } = Stack.of(scope);
  const role = `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const principals = [new iam.AnyPrincipal()];
  const isAutoScaling = { StringEquals: { 'aws:PrincipalArn': role } };
  key.addToResourcePolicy(new iam.PolicyStatement({
    actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    resources: ['*'],
    principals,
    conditions: isAutoScaling,
  }));
  key.addToResourcePolicy(new iam.PolicyStatement({
    actions: ['kms:CreateGrant'],
    resources: ['*'],
    principals,
    conditions: { ...isAutoScaling, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
  }));
}
