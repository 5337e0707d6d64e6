import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { LoadBalancerV2Origin, OriginGroup, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget, LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';

/** Names that fail over, and a distribution whose origin does. */
export function names(stack: Stack, availabilityZones: string[]): void {
  const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones, natGateways: 0 });
  const balancer = new elbv2.ApplicationLoadBalancer(stack, 'Balancer', { vpc, internetFacing: true });
  const zone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'example.com' });
  new route53.PrivateHostedZone(stack, 'Inside', { zoneName: 'internal.example.com', vpc });
  failover(stack, zone, balancer);
  new route53.ARecord(stack, 'Alias', { zone, recordName: 'direct', target: route53.RecordTarget.fromAlias(new LoadBalancerTarget(balancer)) });
  const target = new CloudFrontTarget(distribution(stack, balancer));
  new route53.ARecord(stack, 'Cdn', { zone, recordName: 'cdn', target: route53.RecordTarget.fromAlias(target) });
}

function failover(stack: Stack, zone: route53.PublicHostedZone, balancer: elbv2.ApplicationLoadBalancer): void {
  const check = new route53.CfnHealthCheck(stack, 'Check', {
    healthCheckConfig: {
      type: 'HTTPS', fullyQualifiedDomainName: balancer.loadBalancerDnsName, resourcePath: '/health', requestInterval: 10, failureThreshold: 2,
    },
  });
  const common = { hostedZoneId: zone.hostedZoneId, name: 'www.example.com', type: 'A' };
  new route53.CfnRecordSet(stack, 'Primary', {
    ...common,
    setIdentifier: 'primary',
    failover: 'PRIMARY',
    healthCheckId: check.ref,
    aliasTarget: {
      dnsName: balancer.loadBalancerDnsName, hostedZoneId: balancer.loadBalancerCanonicalHostedZoneId, evaluateTargetHealth: true,
    },
  });
  new route53.CfnRecordSet(stack, 'Secondary', {
    ...common, setIdentifier: 'secondary', failover: 'SECONDARY', ttl: '60', resourceRecords: ['192.0.2.1'],
  });
  const weighted = { name: 'weighted.example.com', type: 'A', ttl: '60' };
  new route53.CfnRecordSetGroup(stack, 'Weighted', {
    hostedZoneId: zone.hostedZoneId,
    recordSets: [
      { ...weighted, setIdentifier: 'old', weight: 255, resourceRecords: ['192.0.2.1'] },
      { ...weighted, setIdentifier: 'new', weight: 0, resourceRecords: ['192.0.2.2'] },
    ],
  });
}

function distribution(stack: Stack, balancer: elbv2.ApplicationLoadBalancer): cloudfront.Distribution {
  return new cloudfront.Distribution(stack, 'Distribution', {
    defaultBehavior: {
      origin: new OriginGroup({
        primaryOrigin: S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, 'First')),
        fallbackOrigin: S3BucketOrigin.withOriginAccessControl(new s3.Bucket(stack, 'Second')),
        fallbackStatusCodes: [500, 503],
      }),
    },
    additionalBehaviors: {
      '/api/*': { origin: new LoadBalancerV2Origin(balancer), allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL },
    },
    errorResponses: [{ httpStatus: 503, ttl: Duration.seconds(5) }],
  });
}
