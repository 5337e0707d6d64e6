import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceTemplate, MachineImageTemplateProps, MultiAzWebTier, WebEndpoint } from '../../src';
import { networkOf, shopStack } from '../helpers/network';

/** The template with the launch template of a fleet whose instances are made so. */
function templateOf(props: Partial<MachineImageTemplateProps> = {}): Template {
  const stack = shopStack();
  new MultiAzWebTier(stack, 'Web', {
    vpc: networkOf(stack),
    endpoint: WebEndpoint.internalHttp(),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('m7i.large'),
      ...props,
    }),
  });
  return Template.fromStack(stack);
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
});
