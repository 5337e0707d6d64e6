import { Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { certificateInUsEast1, instanceTemplate, Subject, subject } from './subject';
import { MultiAzWebTier, PrimarySite, S3StaticFailover, StaticSite, WebEndpoint } from '../../../src';
import { networkOf } from '../network';

export const s3StaticFailover: readonly Subject[] = [
  subject('S3StaticFailover by CloudFront', stack => {
    const hostedZone = zoneIn(stack);
    const certificate = new acm.Certificate(stack, 'Certificate', {
      domainName: 'shop.example.com',
      validation: acm.CertificateValidation.fromDns(hostedZone),
    });
    failoverIn(stack, hostedZone, PrimarySite.https(webIn(stack, WebEndpoint.publicHttps(certificate)), { healthCheckPath: '/health' }),
      StaticSite.cloudFront(certificateInUsEast1(stack)));
  }),
  subject('S3StaticFailover by a public website', stack => {
    failoverIn(stack, zoneIn(stack), PrimarySite.http(webIn(stack, WebEndpoint.publicHttp())), StaticSite.publicWebsite());
  }),
];

export function zoneIn(stack: Stack): route53.PublicHostedZone {
  return new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
}

function webIn(stack: Stack, endpoint: WebEndpoint): elb.ILoadBalancerV2 {
  return new MultiAzWebTier(stack, 'Web', { vpc: networkOf(stack), instanceTemplate: instanceTemplate(), endpoint }).loadBalancer;
}

function failoverIn(stack: Stack, hostedZone: route53.IHostedZone, primary: PrimarySite, secondary: StaticSite): void {
  new S3StaticFailover(stack, 'Failover', {
    hostedZone,
    domainName: 'shop.example.com',
    primary,
    secondary,
    content: [s3deploy.Source.data('index.html', '<h1>We are back soon</h1>')],
  });
}
