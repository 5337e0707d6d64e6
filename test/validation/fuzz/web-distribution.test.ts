import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { mostly, optional, seconds } from './inputs';
import { CloudFrontEndpointProps } from '../../../src';
import { env, networkOf } from '../../helpers/network';
import { certificateOf, prefixListIn, webDistributionIn } from '../../helpers/web-distribution';

const domainNames = fc.uniqueArray(mostly(
  fc.constantFrom('example.com', 'shop.example.com', 'Shop.Example.com.', 'a.b.example.com'),
  fc.oneof(fc.domain(), fc.string()),
), { minLength: 1, maxLength: 3 });

const staticPaths = optional(fc.array(mostly(
  fc.constantFrom('/assets/*', '*.ico', '/', '/unavailable.html', '/a?c', '/1'),
  fc.oneof(fc.webPath(), fc.string()),
), { maxLength: 4 }));

const fallbackPages = mostly(fc.constantFrom(undefined, '/unavailable.html', '/errors/503.html'), fc.oneof(fc.webPath(), fc.string()));

const inputs = fc.record({
  domainNames,
  staticPaths,
  fallbackPage: fallbackPages,
  fallback: mostly(fc.constant(true), fc.constant(false)),
  responseTimeout: optional(seconds(1, 60)),
  region: mostly(fc.constant('us-east-1'), fc.constant('eu-west-1')),
  originRegion: mostly(fc.constantFrom(undefined, 'eu-west-1'), fc.constant('us-east-1')),
  zone: mostly(fc.constantFrom(undefined, 'public'), fc.constant('private')),
  logs: mostly(fc.constantFrom(undefined, s3.ObjectOwnership.BUCKET_OWNER_PREFERRED), fc.constant(s3.ObjectOwnership.BUCKET_OWNER_ENFORCED)),
  fixedRegion: fc.boolean(),
});

test('a distribution is made of whatever it is given without a finding, or refused as promised', () => {
  fuzz(inputs, ({ fixedRegion, region, originRegion, zone, logs, fallback, ...rest }) => isAccepted(stack => {
    const vpc = networkOf(stack);
    const props: CloudFrontEndpointProps = {
      ...rest,
      certificate: certificateOf(stack, 'Certificate', region),
      originCertificate: originRegion === undefined ? undefined : certificateOf(stack, 'OriginCertificate', originRegion),
      hostedZone: zone === undefined ? undefined : new route53.HostedZone(stack, 'Zone', { zoneName: 'example.com', vpcs: zone === 'private' ? [vpc] : [] }),
      fallback: fallback ? S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, 'Pages')) : undefined,
      accessLogsBucket: logs && new s3.Bucket(stack, 'Logs', { objectOwnership: logs }),
      cloudFrontPrefixList: prefixListIn(stack),
    };
    refusedWhole(stack, 'Web', () => webDistributionIn(new Construct(stack, 'Web'), vpc, props));
  }, fixedRegion ? { env } : {}));
});
