import { Size, Tags } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { fleetOf, stackOf } from './fleet';
import { DataVolume, InstanceTemplate, MachineImageTemplateProps } from '../../src';
import { shopStack } from '../helpers/network';

/** The template with the launch template of a fleet whose instances are made so. */
function templateOf(props: Partial<MachineImageTemplateProps> = {}): Template {
  return Template.fromStack(stackOf(props));
}

const types = (...names: string[]) => names.map(name => new ec2.InstanceType(name));

/** A volume of 100 GiB, or what is told of it. */
function volume(props: Partial<DataVolume> = {}): DataVolume {
  return { deviceName: '/dev/sdf', size: Size.gibibytes(100), ...props };
}

function expectData(template: Template, data: Record<string, unknown>): void {
  template.hasResourceProperties('AWS::EC2::LaunchTemplate', { LaunchTemplateData: data });
}

describe('InstanceTemplate.fromMachineImage', () => {
  test('starts the given image on the given type', () => {
    expectData(templateOf(), { ImageId: 'ami-0123456789abcdef0', InstanceType: 'm7i.large' });
  });

  test('takes IMDSv2 only, within one hop', () => {
    expectData(templateOf(), { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 } });
  });

  test('encrypts the root volume, of the size of the image', () => {
    expectData(templateOf(), {
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeType: 'gp3', DeleteOnTermination: true } }],
    });
  });

  test.each<[string, string, Partial<MachineImageTemplateProps>]>([
    ['that is given', '/dev/sda1', { rootDeviceName: '/dev/sda1' }],
    ['of Windows', '/dev/sda1', { machineImage: ec2.MachineImage.genericWindows({ 'eu-west-1': 'ami-0123456789abcdef0' }) }],
  ])('finds the root volume by the name %s', (_, name, props) => {
    expectData(templateOf(props), { BlockDeviceMappings: [Match.objectLike({ DeviceName: name })] });
  });

  test('tags the volumes, too', () => {
    expectData(templateOf(), { TagSpecifications: Match.arrayWith([Match.objectLike({ ResourceType: 'volume' })]) });
  });

  test('lets Systems Manager in, and nobody else', () => {
    const template = templateOf();
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: [{ 'Fn::Join': ['', Match.arrayWith([':iam::aws:policy/AmazonSSMManagedInstanceCore'])] }],
      Policies: Match.absent(),
    });
    template.resourceCountIs('AWS::IAM::Policy', 0);
    expectData(template, { KeyName: Match.absent() });
  });

  test('runs the user data', () => {
    const userData = ec2.UserData.forLinux();
    userData.addCommands('systemctl start shop');
    expectData(templateOf({ userData }), { UserData: { 'Fn::Base64': '#!/bin/bash\nsystemctl start shop' } });
  });

  test('lets containers reach the metadata service where that is asked for', () => {
    expectData(templateOf({ metadataHopLimit: 2 }), { MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 } });
  });

  test('hands tags on to instances and volumes', () => {
    const stack = shopStack();
    Tags.of(fleetOf({}, stack)).add('team', 'shop');
    const tagged = Match.arrayWith([{ Key: 'team', Value: 'shop' }]);
    expectData(Template.fromStack(stack), {
      TagSpecifications: [{ ResourceType: 'instance', Tags: tagged }, { ResourceType: 'volume', Tags: tagged }],
    });
  });

  test('adds volumes that are encrypted and go with the instance', () => {
    expectData(templateOf({ dataVolumes: [volume(), volume({ deviceName: '/dev/sdg', iops: 4000, throughput: 500 })] }), {
      BlockDeviceMappings: [
        Match.objectLike({ DeviceName: '/dev/xvda' }),
        { DeviceName: '/dev/sdf', Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 100, DeleteOnTermination: true } },
        {
          DeviceName: '/dev/sdg',
          Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 100, Iops: 4000, Throughput: 500, DeleteOnTermination: true },
        },
      ],
    });
  });

  test('lets EC2 Auto Scaling use the key of a volume, and nobody else', () => {
    const stack = shopStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    fleetOf({ dataVolumes: [volume({ encryptionKey })] }, stack);
    const template = Template.fromStack(stack);
    const encrypted = Match.objectLike({ KmsKeyId: stack.resolve(encryptionKey.keyArn) });
    expectData(template, { BlockDeviceMappings: Match.arrayWith([Match.objectLike({ Ebs: encrypted })]) });
    const role = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, Match.stringLikeRegexp('^:iam::123456789012:role/.*/AWSServiceRoleForAutoScaling$')]] };
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: [
          Match.objectLike({ Action: 'kms:*', Principal: { AWS: Match.not('*') } }),
          Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']), Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalArn': role } } }),
          Match.objectLike({
            Action: 'kms:CreateGrant',
            Principal: { AWS: '*' },
            Condition: { StringEquals: { 'aws:PrincipalArn': role }, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
          }),
        ],
      },
    });
  });

  test.each<[string, boolean, ec2.IMachineImage]>([
    ['at synth', false, ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' })],
    ['at deployment', false, ec2.MachineImage.fromSsmParameter('/shop/image')],
    ['at each launch', true, ec2.MachineImage.resolveSsmParameterAtLaunch('/shop/image')],
  ])('takes an image that is resolved %s, with a warning: %s', (_, warned, machineImage) => {
    const warnings = Annotations.fromStack(stackOf({ machineImage })).findWarning('/Shop/Web', Match.stringLikeRegexp('cdk-fault-tolerance:imageResolvedAtLaunch'));
    expect(warnings).toHaveLength(warned ? 1 : 0);
  });
});

describe('the instance types', () => {
  const made = (props: Partial<MachineImageTemplateProps>) => InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: new ec2.InstanceType('m7i.large'),
    ...props,
  });

  test('are the first one, and then those that stand in', () => {
    expect(made({})._instanceTypes().map(String)).toEqual(['m7i.large']);
    expect(made({ furtherInstanceTypes: types('m6i.large', 't3.large') })._instanceTypes().map(String)).toEqual(['m7i.large', 'm6i.large', 't3.large']);
  });

  test('are On-Demand, unless some above the minimum may be Spot', () => {
    expect(made({})._spotPercentAboveMinimum()).toBe(0);
    expect(made({ spotPercentAboveMinimum: 60 })._spotPercentAboveMinimum()).toBe(60);
  });

  test('may be of a kind that CDK does not know', () => {
    expect(() => templateOf({ instanceType: new ec2.InstanceType('u-6tb1.metal'), furtherInstanceTypes: types('u7i-12tb.224xlarge') })).not.toThrow();
  });
});

test.each<[string, Partial<MachineImageTemplateProps>, string]>([
  ['types of two architectures', { furtherInstanceTypes: types('m6i.large', 'm7g.large') },
    "'instanceTemplate.furtherInstanceTypes' names m7g.large (arm64), but 'instanceType' is m7i.large (x86_64), and an image runs on one of them only; "
    + 'give types of one processor architecture'],
  ['a type that is given twice', { furtherInstanceTypes: types('m7i.large') },
    "'instanceTemplate.furtherInstanceTypes' names m7i.large, which is among the types already; give types that differ from each other and from the first"],
  ['more Spot than all', { spotPercentAboveMinimum: 101 }, "'instanceTemplate.spotPercentAboveMinimum' is 101; give a whole number from 0 to 100"],
  ['more hops than two', { metadataHopLimit: 3 }, "'instanceTemplate.metadataHopLimit' is 3; give a whole number from 1 to 2"],
  ['the end of a device name', { rootDeviceName: 'xvda' }, "'instanceTemplate.rootDeviceName' is 'xvda'; give the whole name, such as /dev/xvda"],
  ['the end of the name of a further device', { dataVolumes: [volume({ deviceName: 'sdf' })] },
    "'instanceTemplate.dataVolumes.deviceName' is 'sdf'; give the whole name, such as /dev/sdf"],
  ['two volumes of one name', { dataVolumes: [volume(), volume()] },
    "'instanceTemplate.dataVolumes' has /dev/sdf, which is another volume already; give each volume a name of its own"],
  ['a volume in place of the root', { dataVolumes: [volume({ deviceName: '/dev/xvda' })] },
    "'instanceTemplate.dataVolumes' has /dev/xvda, which is another volume already; give each volume a name of its own"],
  ['a volume of a part of a GiB', { dataVolumes: [volume({ size: Size.mebibytes(1536) })] },
    "'instanceTemplate.dataVolumes.size' is 1.5 GiB; give a whole number from 1 to 65536"],
  ['too few operations', { dataVolumes: [volume({ iops: 100 })] }, "'instanceTemplate.dataVolumes.iops' is 100; give a whole number from 3000 to 80000"],
  ['too many operations for the size', { dataVolumes: [volume({ iops: 60_000 })] },
    "'instanceTemplate.dataVolumes.iops' is 60000, more than 500 for each of 100 GiB; make the volume 120 GiB or more, or lower 'iops'"],
  ['too high a throughput', { dataVolumes: [volume({ throughput: 4000 })] },
    "'instanceTemplate.dataVolumes.throughput' is 4000 MiB/s; give a whole number from 125 to 2000"],
  ['too high a throughput for the operations', { dataVolumes: [volume({ throughput: 1000 })] },
    "'instanceTemplate.dataVolumes.throughput' is 1000 MiB/s, more than a quarter of 3000 operations per second; "
    + "raise 'instanceTemplate.dataVolumes.iops' to 4000 or more"],
])('an instance template refuses %s', (_, props, message) => {
  expect(() => stackOf(props)).toThrow(`${message} [MultiAzWebTier at 'Shop/Web']`);
});
