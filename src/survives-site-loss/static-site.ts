import { Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as targets from 'aws-cdk-lib/aws-route53-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct, IConstruct } from 'constructs';
import { CloudFrontFailoverTarget } from './cloud-front-failover-target';
import { StaticSiteContext, StaticSiteResources } from './static-site-context';
import { checkCloudFrontCertificate } from '../shared/certificates';
import { ConfigurationError } from '../shared/configuration-error';
import { isPrivate } from '../shared/hosted-zones';

/** A page that is not there is asked for again after so long, so that the edges do not hide that it is there now. */
const ERRORS_KEPT_FOR = Duration.seconds(10);

const INDEX = 'index.html';

/**
 * The pages that answer while the primary site does not.
 */
export abstract class StaticSite {
  /**
   * Pages in a private bucket behind CloudFront, by HTTPS.
   *
   * Whatever is asked for and not there, the site's root among it, is answered by `index.html` and status 503, so that search
   * engines and caches know that it is not for good.
   *
   * @param certificate for the site's name, in us-east-1
   */
  public static cloudFront(certificate: ICertificate): StaticSite {
    return new CloudFrontSite(certificate);
  }

  /**
   * Pages in a bucket that everybody can read, by plain HTTP and IPv4, for a primary site that is reached by HTTP only. The
   * bucket is named like the site.
   */
  public static publicWebsite(): StaticSite {
    return new PublicWebsite();
  }

  /** @internal */
  public abstract _check(scope: IConstruct, context: StaticSiteContext): void;

  /** @internal */
  public abstract _create(scope: Construct, context: StaticSiteContext): StaticSiteResources;

  /** @internal */
  public abstract _target(resources: StaticSiteResources): route53.IAliasRecordTarget;

  /** @internal */
  public abstract _isDualStack(): boolean;
}

class CloudFrontSite extends StaticSite {
  constructor(private readonly certificate: ICertificate) {
    super();
  }

  public _check(scope: IConstruct, { hostedZone }: StaticSiteContext): void {
    if (isPrivate(hostedZone)) {
      throw new ConfigurationError(scope, "'hostedZone' is private, and Route 53 takes no alias of CloudFront there",
        'give a public zone, or StaticSite.publicWebsite() as secondary');
    }
    checkCloudFrontCertificate(scope, "the certificate of 'secondary'", this.certificate);
  }

  public _create(scope: Construct, context: StaticSiteContext): StaticSiteResources {
    const bucket = new s3.Bucket(scope, 'Bucket', {
      ...contentOfTheApp,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
    });
    return { bucket, distribution: this.createDistribution(scope, bucket, context) };
  }

  public _target({ distribution }: StaticSiteResources): route53.IAliasRecordTarget {
    return new CloudFrontFailoverTarget(distribution as cloudfront.Distribution);
  }

  public _isDualStack(): boolean {
    return true;
  }

  /**
   * Without a default root object: the root is then a page that is not there, like any other.
   *
   * Who asks is not logged and nobody is turned away (cdk-nag's AwsSolutions-CFR1, CFR2 and CFR3 ask for that): it serves a few
   * static pages, for as long as an outage lasts.
   */
  private createDistribution(scope: Construct, bucket: s3.Bucket, { domainName, primary }: StaticSiteContext): cloudfront.Distribution {
    return new cloudfront.Distribution(scope, 'Distribution', {
      domainNames: [domainName],
      certificate: this.certificate,
      minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        // browsers remember a redirect, and a primary site by HTTP would not be found any more when it is back
        viewerProtocolPolicy: primary.isHttps ? cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS : cloudfront.ViewerProtocolPolicy.ALLOW_ALL,
      },
      // the bucket says 403 of what is not there, since CloudFront may not list it
      errorResponses: [{ httpStatus: 403, responseHttpStatus: 503, responsePagePath: `/${INDEX}`, ttl: ERRORS_KEPT_FOR }],
    });
  }
}

class PublicWebsite extends StaticSite {
  public _check(scope: IConstruct, { domainName, primary }: StaticSiteContext): void {
    if (primary.isHttps) {
      throw new ConfigurationError(scope,
        "'secondary' is a website of S3, which has no HTTPS, but 'primary' is reached by HTTPS: its clients could not connect",
        'give StaticSite.cloudFront(certificate)');
    }
    const { region } = Stack.of(scope);
    if (Token.isUnresolved(region)) {
      throw new ConfigurationError(scope, "'secondary' is a website of S3, whose alias depends on the Region, but the stack has no fixed one",
        "give the stack an 'env' with a Region");
    }
    if (!RegionInfo.get(region).s3StaticWebsiteEndpoint) {
      throw new ConfigurationError(scope, `'secondary' is a website of S3, whose endpoint in ${region} is not known to aws-cdk-lib`,
        'give the stack another Region, or update aws-cdk-lib');
    }
    if (!Token.isUnresolved(domainName) && !/^(?!xn--).{3,63}$/.test(domainName)) {
      throw new ConfigurationError(scope, `'secondary' is a website of S3, whose bucket is named like the site, and S3 takes no bucket '${domainName}'`,
        "give a name of up to 63 characters that does not start with 'xn--', or StaticSite.cloudFront(certificate)");
    }
  }

  public _create(scope: Construct, { domainName }: StaticSiteContext): StaticSiteResources {
    const bucket = new s3.Bucket(scope, 'Bucket', {
      ...contentOfTheApp,
      bucketName: domainName, // S3 finds the website by the name that the client asks for
      publicReadAccess: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY,
      websiteIndexDocument: INDEX,
      websiteErrorDocument: INDEX,
    });
    bucket.addToResourcePolicy(new iam.PolicyStatement({
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      notActions: ['s3:GetObject'], // the website has no TLS, all other ways in have
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }));
    return { bucket };
  }

  public _target({ bucket }: StaticSiteResources): route53.IAliasRecordTarget {
    return new targets.BucketWebsiteTarget(bucket, { evaluateTargetHealth: true });
  }

  public _isDualStack(): boolean {
    return false;
  }
}

/** All that is in the bucket comes from the app, so it goes with it. */
const contentOfTheApp: s3.BucketProps = {
  encryption: s3.BucketEncryption.S3_MANAGED,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.DESTROY,
  autoDeleteObjects: true,
};
