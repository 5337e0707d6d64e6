import { Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { mostly } from './inputs';
import { PrimarySite, S3StaticFailover, StaticSite } from '../../../src';
import { env, networkOf } from '../../helpers/network';

const zones = mostly(
  fc.constant((stack: Stack): route53.IHostedZone => new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' })),
  fc.constant((stack: Stack): route53.IHostedZone => new route53.PrivateHostedZone(stack, 'Zone', {
    zoneName: 'example.com', vpc: new ec2.Vpc(stack, 'Inside'),
  })),
);

const names = mostly(
  fc.constantFrom(undefined, 'example.com', 'shop.example.com', 'shop.example.com.', 'a.b.example.com'),
  fc.oneof(fc.domain(), fc.string()),
);

const primaries = fc.record({
  https: fc.boolean(),
  internetFacing: mostly(fc.constant(true), fc.constant(false)),
  ipAddressType: fc.constantFrom(undefined, elb.IpAddressType.IPV4, elb.IpAddressType.DUAL_STACK),
  options: fc.record({
    healthCheckPath: mostly(fc.webPath().map(path => path || '/'), fc.string()),
    healthCheckDomainName: mostly(fc.constant('origin.example.com'), fc.constant('shop.example.com')),
  }, { requiredKeys: [] }),
});

const secondaries = fc.record({ website: fc.boolean(), region: mostly(fc.constant('us-east-1'), fc.constant('eu-west-1')) });

test('S3StaticFailover synthesizes whatever it is given without a finding, or refuses as promised', () => {
  const inputs = fc.record({ zone: zones, domainName: names, primary: primaries, secondary: secondaries, fixedRegion: fc.boolean() });
  fuzz(inputs, ({ zone, domainName, primary, secondary, fixedRegion }) => isAccepted(stack => {
    const loadBalancer = new elb.ApplicationLoadBalancer(stack, 'Balancer', { vpc: networkOf(stack), ...primary });
    const certificate = acm.Certificate.fromCertificateArn(stack, 'Certificate',
      `arn:aws:acm:${secondary.region}:123456789012:certificate/11111111-2222-3333-4444-555555555555`);
    const hostedZone = zone(stack);
    refusedWhole(stack, 'Failover', () => new S3StaticFailover(stack, 'Failover', {
      hostedZone,
      domainName,
      primary: primary.https ? PrimarySite.https(loadBalancer, primary.options) : PrimarySite.http(loadBalancer, primary.options),
      secondary: secondary.website ? StaticSite.publicWebsite() : StaticSite.cloudFront(certificate),
      content: [s3deploy.Source.data('index.html', 'We are back soon')],
    }));
  }, fixedRegion ? { env } : {}));
});
