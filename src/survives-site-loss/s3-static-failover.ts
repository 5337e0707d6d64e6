import { Duration } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { PrimarySite } from './primary-site';
import { StaticSite } from './static-site';
import { IMonitored } from '../monitoring/monitored';
import { ConfigurationError } from '../shared/configuration-error';
import { FAILOVER_THRESHOLD, HEALTH_CHECK_INTERVAL, LOAD_BALANCER_TTL } from '../shared/dns-failover';
import { nameInZone } from '../shared/hosted-zones';

/** Where Route 53 puts its metrics, wherever the stack is. */
const METRICS_REGION = 'us-east-1';

/**
 * Properties of `S3StaticFailover`.
 */
export interface S3StaticFailoverProps {
  /**
   * The zone in which the site's name is.
   */
  readonly hostedZone: route53.IHostedZone;

  /**
   * The name of the site, in full: `shop.example.com`.
   *
   * @default - the name of the hosted zone
   */
  readonly domainName?: string;

  /**
   * The site that answers as long as it can.
   */
  readonly primary: PrimarySite;

  /**
   * The pages that answer while the primary site does not.
   */
  readonly secondary: StaticSite;

  /**
   * The pages: `index.html` and what it needs. They are uploaded with each deployment.
   */
  readonly content: s3deploy.ISource[];
}

/**
 * A name that leads to a site as long as that answers, and to static pages in S3 while it does not: Route 53 asks the site every
 * ten seconds, turns the name over when three answers fail, and back when three succeed.
 *
 * **Survives**: the loss of all that is behind the load balancer, of the load balancer, and of all its zones. Clients get the static
 * pages after about `expectedFailoverTime`.
 *
 * **Does not survive**: what breaks both: the loss of a Region in which the site is and the bucket too, a wrong record, an expired
 * certificate. Clients that keep an address for longer than its TTL stay with it.
 *
 * @example
 * declare const hostedZone: route53.IHostedZone;
 * declare const certificateInUsEast1: acm.ICertificate;
 * declare const web: MultiAzWebTier;
 *
 * new S3StaticFailover(this, 'Failover', {
 *   hostedZone,
 *   domainName: 'shop.example.com',
 *   primary: PrimarySite.https(web.loadBalancer),
 *   secondary: StaticSite.cloudFront(certificateInUsEast1),
 *   content: [s3deploy.Source.data('index.html', '<h1>We are back soon</h1>')],
 * });
 */
export class S3StaticFailover extends Construct implements IMonitored {
  /** Holds the static pages. */
  public readonly bucket: s3.Bucket;

  /** Serves the static pages, if it is not the bucket itself. */
  public readonly distribution?: Distribution;

  /** Asks the primary site, by its own name. */
  public readonly healthCheck: route53.HealthCheck;

  /** The records that lead to the primary site: A, and AAAA if both sites have IPv6. */
  public readonly primaryRecords: route53.RecordSet[];

  /** The records that lead to the static pages, of the same types. */
  public readonly secondaryRecords: route53.RecordSet[];

  /**
   * About how long clients are without an answer when the primary site is lost: three health checks of ten seconds each, and the
   * 60 seconds for which they may keep its address. It is computed, not measured.
   */
  public readonly expectedFailoverTime: Duration;

  /** None: Route 53 has its metrics in us-east-1 only, and an alarm is made in the Region of its metric. */
  public readonly alarms: cloudwatch.Alarm[] = [];

  /** Whether the health checkers find the primary site well. */
  public readonly keyMetrics?: cloudwatch.IMetric[];

  private readonly domainName: string;

  constructor(scope: Construct, id: string, props: S3StaticFailoverProps) {
    super(scope, id);

    this.domainName = nameInZone(this, 'domainName', props.hostedZone, props.domainName);
    this.check(props);

    const { primary, secondary } = props;
    const site = secondary._create(this, { ...props, domainName: this.domainName });
    this.bucket = site.bucket;
    this.distribution = site.distribution;
    const content = this.upload(props.content);

    this.healthCheck = primary._createHealthCheck(this);
    this.keyMetrics = [this.metricHealthCheckStatus()];
    const types = primary._isDualStack() && secondary._isDualStack() ? [route53.RecordType.A, route53.RecordType.AAAA] : [route53.RecordType.A];
    this.primaryRecords = types.map(type => this.createRecord('Primary', type, props.hostedZone, {
      target: new LoadBalancerTarget(primary.loadBalancer, { evaluateTargetHealth: true }),
      failover: route53.Failover.PRIMARY,
      healthCheck: this.healthCheck,
    }));
    [this.node.defaultChild] = this.primaryRecords;
    this.secondaryRecords = types.map(type => this.createRecord('Secondary', type, props.hostedZone, {
      target: secondary._target(site),
      failover: route53.Failover.SECONDARY,
    }));
    // nobody is led there before there is something to see
    this.secondaryRecords.forEach(record => record.node.addDependency(content));
    this.expectedFailoverTime = Duration.seconds(HEALTH_CHECK_INTERVAL.toSeconds() * FAILOVER_THRESHOLD).plus(LOAD_BALANCER_TTL);
  }

  /**
   * 1 while the health checkers find the primary site well, else 0; by default the least within each minute.
   *
   * Route 53 has it in us-east-1 only, so an alarm on it is made in a stack of that Region.
   */
  public metricHealthCheckStatus(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/Route53',
      metricName: 'HealthCheckStatus',
      dimensionsMap: { HealthCheckId: this.healthCheck.healthCheckId },
      statistic: 'Minimum',
      period: Duration.minutes(1),
      region: METRICS_REGION,
      ...options,
    });
  }

  private check({ hostedZone, primary, secondary, content }: S3StaticFailoverProps): void {
    if (content.length === 0) {
      throw new ConfigurationError(this, "'content' is empty, so there would be nothing to answer with",
        "give a source with an index.html, for example s3deploy.Source.asset('./maintenance')");
    }
    primary._check(this, this.domainName);
    secondary._check(this, { domainName: this.domainName, hostedZone, primary });
    this.node.addValidation({ validate: () => primary._checkListeners().map(problem => `${problem} [S3StaticFailover at '${this.node.path}']`) });
  }

  /**
   * Nothing keeps the pages: they have names of the site's own, and would stand in for its pages after the failback. Since CloudFront
   * has them for a second at most, it need not be told of new ones, for which CDK's handler would ask rights on all distributions.
   */
  private upload(sources: s3deploy.ISource[]): s3deploy.BucketDeployment {
    return new s3deploy.BucketDeployment(this, 'Content', {
      sources,
      destinationBucket: this.bucket,
      cacheControl: [s3deploy.CacheControl.noStore()],
    });
  }

  private createRecord(
    id: string, recordType: route53.RecordType, zone: route53.IHostedZone,
    { target, ...props }: Omit<route53.RecordSetOptions, 'zone'> & { readonly target: route53.IAliasRecordTarget },
  ): route53.RecordSet {
    return new route53.RecordSet(this, `${id}${recordType}`, {
      ...props,
      zone,
      recordName: `${this.domainName}.`,
      recordType,
      target: route53.RecordTarget.fromAlias(target),
    });
  }
}
