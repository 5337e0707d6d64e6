import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, WebEndpoint } from '../../src';

/** Logical id → resource type. */
export type LogicalIds = Record<string, string>;

/** Each construct as its smallest example has it, in a stack whose logical ids are kept for good. */
export const canonicalStacks: Record<string, (stack: Stack) => void> = {
  HaNatPerAz: stack => new ec2.Vpc(stack, 'Vpc', { availabilityZones: zones, natGatewayProvider: HaNatPerAz.asNatProvider() }),
  MultiAzWebTier: stack => new MultiAzWebTier(stack, 'Web', {
    vpc: networkBeside(stack),
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('m7i.large'),
    }),
    endpoint: WebEndpoint.publicHttps(acm.Certificate.fromCertificateArn(stack, 'Certificate',
      'arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000')),
  }),
};

const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];
const env = { account: '111122223333', region: 'eu-west-1' };

export function logicalIdsOf(name: string): LogicalIds {
  const stack = new Stack(new App(), 'Canonical', { env });
  canonicalStacks[name](stack);
  const resources = Object.entries(Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>);
  return Object.fromEntries(resources.map(([id, { Type }]) => [id, Type]).sort());
}

/** A network in a stack of its own: its logical ids are not ours to keep. */
function networkBeside(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(new Stack(stack.node.root, 'Network', { env }), 'Vpc', { availabilityZones: zones });
}
