import { Stack } from 'aws-cdk-lib';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { findingsOn } from './findings';
import { env, networkOf } from '../helpers/network';
import { certificateOf, prefixListIn, webDistributionIn } from '../helpers/web-distribution';

test('validators have nothing against a distribution in front of a web tier but that it turns nobody away', () => {
  const findings = findingsOn({
    name: 'a distribution',
    build: app => {
      const stack = new Stack(app, 'Shop', { env });
      webDistributionIn(stack, networkOf(stack), {
        domainNames: ['example.com', 'shop.example.com'],
        certificate: certificateOf(stack, 'Certificate', 'us-east-1'),
        originCertificate: certificateOf(stack, 'OriginCertificate', 'eu-west-1'),
        hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' }),
        staticPaths: ['/assets/*'],
        fallback: S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, 'Pages', { enforceSSL: true })),
        accessLogsBucket: new s3.Bucket(stack, 'Logs', { enforceSSL: true, objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED }),
        cloudFrontPrefixList: prefixListIn(stack),
      });
      return stack;
    },
  });
  const inTheFrame = /^(Shop\/)?(Vpc|Pages|Logs|Zone|Balancer(\/Resource|[0-9A-F]{8})$)/;
  expect(findings.filter(({ where }) => !inTheFrame.test(where)).map(({ validator, rule }) => `${validator} ${rule}`)).toEqual(
    ['cdk-nag AwsSolutions-CFR1', 'cdk-nag AwsSolutions-CFR2']);
});
