import { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { InstanceTemplate, MachineImageTemplateProps, MultiAzWebTier, WebEndpoint } from '../../src';
import { networkOf, shopStack } from '../helpers/network';

/** A fleet of an image of its own, made so. */
export function fleetOf(props: Partial<MachineImageTemplateProps> = {}, stack = shopStack()): MultiAzWebTier {
  return fleetFrom(InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
    instanceType: new ec2.InstanceType('m7i.large'),
    ...props,
  }), stack);
}

export function fleetFrom(instanceTemplate: InstanceTemplate, stack = shopStack()): MultiAzWebTier {
  return new MultiAzWebTier(stack, 'Web', { vpc: networkOf(stack), endpoint: WebEndpoint.internalHttp(), instanceTemplate });
}

export function stackOf(props: Partial<MachineImageTemplateProps> = {}): Stack {
  return Stack.of(fleetOf(props));
}
