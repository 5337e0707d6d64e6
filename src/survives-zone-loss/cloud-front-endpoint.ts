import { Duration } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IOrigin } from 'aws-cdk-lib/aws-cloudfront';
import { IPrefixList } from 'aws-cdk-lib/aws-ec2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * How a web tier is reached through CloudFront.
 */
export interface CloudFrontEndpointProps {
  /**
   * The names of the site, in full: `shop.example.com`. At least one.
   */
  readonly domainNames: string[];

  /**
   * For all of `domainNames`, in us-east-1, from where CloudFront takes it.
   */
  readonly certificate: ICertificate;

  /**
   * The public zone in which the names are.
   *
   * @default - no records are made: lead the names to the distribution yourself
   */
  readonly hostedZone?: IHostedZone;

  /**
   * By which the load balancer answers CloudFront: for all of `domainNames`, in the Region of the stack.
   *
   * Without it nothing encrypts the requests between where they enter the VPC and the load balancer, as nothing does from there to the
   * instances, and the application is told `X-Forwarded-Proto: http`: one that redirects by that never stops.
   *
   * @default - HTTP between CloudFront and load balancer, within the VPC
   */
  readonly originCertificate?: ICertificate;

  /**
   * Paths of files that are the same for everybody, such as `/assets/*`: CloudFront keeps them, passes on neither cookies nor query
   * strings, and takes only GET, HEAD and OPTIONS.
   *
   * @default - none: every request goes to the tier
   */
  readonly staticPaths?: string[];

  /**
   * What is asked in the place of a tier that does not answer, for `staticPaths` and `fallbackPage`: for example
   * `S3BucketOrigin.withOriginAccessControl(bucket)`.
   *
   * @default - viewers get CloudFront's own error page
   */
  readonly fallback?: IOrigin;

  /**
   * The page of `fallback` that viewers get, with status 503, where the tier answers with 502, 503 or 504, or not at all. It always
   * comes from there, so the site can have no page of its own at that path.
   *
   * @default '/unavailable.html'
   */
  readonly fallbackPage?: string;

  /**
   * How long CloudFront waits for an answer of the tier, 1 to 60 seconds.
   *
   * GET and HEAD are asked twice, so that a tier that takes requests and does not answer fails over after twice as long.
   *
   * @default Duration.seconds(30)
   */
  readonly responseTimeout?: Duration;

  /**
   * Where CloudFront writes its access logs: a bucket that takes ACLs (`ObjectOwnership.BUCKET_OWNER_PREFERRED`), in a Region that is
   * enabled by default.
   *
   * @default - none; the load balancer logs what is asked of it
   */
  readonly accessLogsBucket?: IBucket;

  /**
   * The list `com.amazonaws.global.cloudfront.origin-facing` of the stack's Region, which the load balancer lets in.
   *
   * @default - looked up by its name, once, as the CDK does with what is in an account (`cdk.context.json`)
   */
  readonly cloudFrontPrefixList?: IPrefixList;
}
