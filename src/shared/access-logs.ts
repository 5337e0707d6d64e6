import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ApplicationLoadBalancer, BaseLoadBalancer, NetworkLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct, IDependable } from 'constructs';

/** Long enough to look into an outage of last quarter. */
const KEPT_FOR = Duration.days(90);

/**
 * A private bucket for access logs; with `RemovalPolicy.DESTROY` it goes together with the logs.
 *
 * Who reads the logs is not logged in turn (cdk-nag's AwsSolutions-S1 asks why): that would take another bucket of logs.
 */
export function createAccessLogsBucket(scope: Construct, id: string, removalPolicy: RemovalPolicy): s3.Bucket {
  return new s3.Bucket(scope, id, {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.S3_MANAGED, // load balancers can write to no other
    enforceSSL: true,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ expiration: KEPT_FOR, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy,
    autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
  });
}

/**
 * Makes an application load balancer write its access logs to `bucket`.
 *
 * Unlike the L2's own method it needs no fixed Region: it lets in the service, not the Region's ELB account. AWS takes
 * that in every Region since September 2025 (document history of the load balancers' user guides).
 */
export function logAccess(loadBalancer: ApplicationLoadBalancer, bucket: s3.Bucket): void {
  const { policyDependable } = bucket.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`AWSLogs/${Stack.of(bucket).account}/*`)],
  }));
  enableLogs(loadBalancer, bucket, policyDependable);
}

/** Makes a network load balancer write its access logs to `bucket`, which it has of TLS alone; another service delivers them. */
export function logAccessByTls(loadBalancer: NetworkLoadBalancer, bucket: s3.Bucket): void {
  const { account, region, partition } = Stack.of(bucket);
  const conditions = {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
  };
  const delivery = new ServicePrincipal('delivery.logs.amazonaws.com');
  bucket.addToResourcePolicy(new PolicyStatement({ principals: [delivery], actions: ['s3:GetBucketAcl'], resources: [bucket.bucketArn], conditions }));
  const { policyDependable } = bucket.addToResourcePolicy(new PolicyStatement({
    principals: [delivery],
    actions: ['s3:PutObject'],
    resources: [bucket.arnForObjects(`AWSLogs/${account}/*`)],
    conditions: { ...conditions, StringEquals: { ...conditions.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
  }));
  enableLogs(loadBalancer, bucket, policyDependable);
}

function enableLogs(loadBalancer: BaseLoadBalancer, bucket: s3.Bucket, policyDependable?: IDependable): void {
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  if (policyDependable) {
    // a load balancer is refused a bucket that it cannot write to yet
    loadBalancer.node.defaultChild?.node.addDependency(policyDependable);
  }
}
