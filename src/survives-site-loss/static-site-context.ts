import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { PrimarySite } from './primary-site';

/** What a static site has to know. */
export interface StaticSiteContext {
  readonly domainName: string;
  readonly hostedZone: IHostedZone;
  readonly primary: PrimarySite;
}

/** A static site as it was made. */
export interface StaticSiteResources {
  /** Holds the pages. */
  readonly bucket: Bucket;
  /** Serves the pages, if it is not the bucket itself. */
  readonly distribution?: Distribution;
}
