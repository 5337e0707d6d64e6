import { App, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, WebEndpoint, WebHealthCheck } from '../../src';

const zones = ['eu-west-1a', 'eu-west-1b', 'eu-west-1c'];

/** The app that the other languages say over again, line by line. */
export function shopStack(): Stack {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    availabilityZones: zones,
    natGatewayProvider: HaNatPerAz.asNatProvider(),
  });
  const web = new MultiAzWebTier(stack, 'Web', {
    vpc,
    instanceTemplate: InstanceTemplate.fromMachineImage({
      machineImage: ec2.MachineImage.genericLinux({ 'eu-west-1': 'ami-0123456789abcdef0' }),
      instanceType: new ec2.InstanceType('m7i.large'),
    }),
    endpoint: WebEndpoint.publicHttps(acm.Certificate.fromCertificateArn(stack, 'Certificate',
      'arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000')),
    healthCheck: WebHealthCheck.http('/healthy'),
    neededCapacity: 4,
  });
  web.metricServerErrorPercent().createAlarm(stack, 'ManyErrors', { threshold: 5, evaluationPeriods: 3 });
  return stack;
}
