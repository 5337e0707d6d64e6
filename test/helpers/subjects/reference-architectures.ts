import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { zoneIn } from './s3-static-failover';
import { instanceTemplate, Subject, subject } from './subject';
import { FragileShop } from '../../../demo/fragile-shop';
import { Shop } from '../../../demo/shop';
import { NatEgress, QueueBackedService, WorkerRunner } from '../../../src';
import { env } from '../network';

export const referenceArchitectures: readonly Subject[] = [
  { name: 'ThreeTierSite', build: app => new Shop(app, 'ThreeTier', { env }) },
  { name: 'FragileSite', build: app => new FragileShop(app, 'Shop', { env }) },
  subject('QueueBackedService', stack => {
    const service = new QueueBackedService(stack, 'Thumbnails', {
      certificate: certificateIn(stack),
      webTemplate: instanceTemplate(),
      workerTemplate: instanceTemplate(),
      workerRunner: WorkerRunner.command(['/opt/thumbnail']),
      lowPriorityShare: 20,
      maxProcessingTime: Duration.minutes(2),
      neededWebCapacity: 2,
      neededWorkerCapacity: 4,
      egress: NatEgress.instances(),
    });
    zonesAreNamed(service.vpc);
  }),
];

function certificateIn(stack: Stack): acm.ICertificate {
  return new acm.Certificate(stack, 'Certificate', {
    domainName: 'shop.example.com',
    validation: acm.CertificateValidation.fromDns(zoneIn(stack)),
  });
}

function zonesAreNamed(vpc: ec2.Vpc): void {
  Validations.of(vpc).acknowledge({
    id: 'CloudFormation-Validate::W3010',
    reason: 'In a fixed environment CDK names the zones of a VPC.',
  });
}
