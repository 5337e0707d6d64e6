import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { networkOf, shopStack } from './network';
import { InstanceFleet, InstanceTemplate, MultiAzWebTier, MultiAzWebTierProps, SingleGroupFleetOptions, WebEndpoint } from '../../src';

export type Setting = Partial<MultiAzWebTierProps> & { readonly zones?: number; readonly stack?: Stack; readonly id?: string };

/** A public HTTPS tier in a VPC over `zones` zones (three unless told). */
export function tierIn({ zones = 3, stack = shopStack(), id = 'Web', ...props }: Setting = {}) {
  const tier = new MultiAzWebTier(stack, id, {
    vpc: props.vpc ?? networkOf(stack, zones),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
    }),
    endpoint: WebEndpoint.publicHttps(certificate),
    ...props,
  });
  return { stack, tier, template: () => Template.fromStack(stack), warnings: () => warningsOf(stack) };
}

export const certificate = acm.Certificate.fromCertificateArn(new Stack(), 'Certificate',
  'arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555');

/** A setting with a fleet over all zones. */
export const withFleet = (options: SingleGroupFleetOptions): Setting => ({ fleet: InstanceFleet.overAllZones(options) });

/** Expects that the tier is refused with this message, and that nothing of it is left. */
export function refuses(setting: Setting, message: string): void {
  const stack = shopStack();
  expect(() => tierIn({ ...setting, stack })).toThrow(message);
  expect(() => tierIn({ ...setting, stack: shopStack() })).toThrow("[MultiAzWebTier at 'Shop/Web']");
  expect(stack.node.findChild('Web').node.children).toEqual([]);
}

function warningsOf(stack: Stack): unknown[] {
  return Annotations.fromStack(stack).findWarning('*', Match.anyValue()).map(({ entry }) => entry.data);
}
