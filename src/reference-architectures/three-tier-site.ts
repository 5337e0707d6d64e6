import { RemovalPolicy } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IInstanceEngine } from 'aws-cdk-lib/aws-rds';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { ISource } from 'aws-cdk-lib/aws-s3-deployment';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createSiteNetwork, wayOutOf } from './site-network';
import { InstanceTemplate } from '../launch-templates/instance-template';
import { FaultDashboard } from '../monitoring/fault-dashboard';
import { EbsSnapshotPolicy } from '../survives-data-loss/ebs-snapshot-policy';
import { PrimarySite } from '../survives-site-loss/primary-site';
import { S3StaticFailover } from '../survives-site-loss/s3-static-failover';
import { StaticSite } from '../survives-site-loss/static-site';
import { MultiAzWebTier } from '../survives-zone-loss/multi-az-web-tier';
import { NatEgress } from '../survives-zone-loss/nat-egress';
import { RdsMultiAz } from '../survives-zone-loss/rds-multi-az';
import { SessionTable } from '../survives-zone-loss/session-table';
import { WebEndpoint } from '../survives-zone-loss/web-endpoint';
import { WebHealthCheck } from '../survives-zone-loss/web-health-check';

/**
 * Properties of `ThreeTierSite`.
 */
export interface ThreeTierSiteProps {
  /**
   * The zone in which the site's name is; a public one.
   */
  readonly hostedZone: IHostedZone;

  /**
   * The name of the site, in full.
   *
   * @default - the name of the hosted zone
   */
  readonly domainName?: string;

  /**
   * The site's certificate for the load balancer, in the site's own Region.
   */
  readonly certificate: ICertificate;

  /**
   * The site's certificate for CloudFront, in us-east-1: it serves the static pages while the site is gone.
   */
  readonly failoverCertificate: ICertificate;

  /**
   * The static pages that answer while the site is gone; `index.html` is among them.
   */
  readonly failoverContent: ISource[];

  /**
   * How the web servers are made. What they must know of the site they can be told in user data after the site is made.
   */
  readonly instanceTemplate: InstanceTemplate;

  /**
   * Web servers that must be in service at any time, also at the moment in which a zone is lost.
   *
   * @default - as many as make one web server in each zone
   */
  readonly neededCapacity?: number;

  /**
   * How the load balancer finds out that a web server can no longer answer. The DNS failover asks for the same path.
   *
   * @default WebHealthCheck.http('/')
   */
  readonly healthCheck?: WebHealthCheck;

  /**
   * The kind and version of the database: PostgreSQL, MySQL or MariaDB.
   */
  readonly databaseEngine: IInstanceEngine;

  /**
   * The size of the database instance, and of its standby.
   */
  readonly databaseInstanceType: ec2.InstanceType;

  /**
   * What the ways out of the zones to the internet are made of.
   *
   * @default NatEgress.gateways()
   */
  readonly egress?: NatEgress;

  /**
   * What becomes of the site's data when it is removed from the stack.
   *
   * `DESTROY` lets go of everything. Otherwise table and logs are kept, the database leaves a snapshot, and load balancer,
   * group, table and database are protected against deletion.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A web site in three tiers over three zones: when a zone is lost, the web servers, the sessions and the way out of the
 * others stand as they are, and the database fails over to its standby; when the whole site is lost, a static one answers.
 *
 * **Survives**: the loss of a web server, of a zone, of the database's host; a site that no longer answers is replaced by
 * the static pages (see `failover.expectedFailoverTime`), and takes over again by itself.
 *
 * **Does not survive**: the loss of the Region, but for the static pages, which are served as long as their bucket, in the
 * same Region, answers; data deleted by an application are there in the backups, and restored by hand.
 *
 * @example
 * declare const hostedZone: route53.IHostedZone;
 * declare const certificate: acm.ICertificate;
 * declare const certificateInUsEast1: acm.ICertificate;
 * declare const instanceTemplate: InstanceTemplate;
 *
 * const site = new ThreeTierSite(this, 'Site', {
 *   hostedZone,
 *   certificate,
 *   failoverCertificate: certificateInUsEast1,
 *   failoverContent: [s3deploy.Source.data('index.html', '<h1>We are back soon</h1>')],
 *   instanceTemplate,
 *   neededCapacity: 4,
 *   databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
 *   databaseInstanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
 * });
 * site.alarmTopic.addSubscription(new subscriptions.EmailSubscription('operations@example.com'));
 */
export class ThreeTierSite extends Construct {
  /** Who is told by all alarms of the site; subscribe to it. */
  public readonly alarmTopic: sns.Topic;

  /** The network: public, private and isolated subnets in each zone, each zone with its own way out. */
  public readonly vpc: ec2.Vpc;

  /** The web servers, behind their load balancer. They may use the sessions and connect to the database. */
  public readonly web: MultiAzWebTier;

  /** What the web servers remember of their clients. */
  public readonly sessions: SessionTable;

  /** The database and its standby in another zone. */
  public readonly database: RdsMultiAz;

  /** Daily snapshots of the web servers' volumes; add further volumes to it. */
  public readonly snapshots: EbsSnapshotPolicy;

  /** The site's name, and the static pages that answer to it while the site is gone. */
  public readonly failover: S3StaticFailover;

  /** The alarms of all of it, and what they look at; add constructs of yours to it. */
  public readonly dashboard: FaultDashboard;

  constructor(scope: Construct, id: string, props: ThreeTierSiteProps) {
    super(scope, id);

    this.alarmTopic = new sns.Topic(this, 'Alarms', { enforceSSL: true });
    this.vpc = createSiteNetwork(this, this.alarmTopic, props.egress);
    this.web = this.createWebTier(props);
    this.sessions = new SessionTable(this, 'Sessions', { alarmTopic: this.alarmTopic, removalPolicy: props.removalPolicy });
    this.database = this.createDatabase(props);
    this.snapshots = new EbsSnapshotPolicy(this, 'Snapshots', { alarmTopic: this.alarmTopic });
    this.failover = this.createFailover(props);
    this.dashboard = new FaultDashboard(this, 'Dashboard', {
      constructs: [this.failover, this.web, this.sessions, this.database, wayOutOf(this.vpc), this.snapshots],
    });
    this.node.defaultChild = this.failover ?? this.web;

    this.sessions.grantReadWriteData(this.web);
    this.database.connections.allowDefaultPortFrom(this.web);
    this.database.secret.grantRead(this.web);
    this.snapshots.addLaunchTemplate(this.web.launchTemplate);
  }

  private createWebTier({ certificate, instanceTemplate, neededCapacity, healthCheck, removalPolicy }: ThreeTierSiteProps): MultiAzWebTier {
    return new MultiAzWebTier(this, 'Web', {
      vpc: this.vpc,
      instanceTemplate,
      endpoint: WebEndpoint.publicHttps(certificate),
      healthCheck,
      neededCapacity,
      alarmTopic: this.alarmTopic,
      removalPolicy,
    });
  }

  private createDatabase({ databaseEngine, databaseInstanceType, removalPolicy }: ThreeTierSiteProps): RdsMultiAz {
    return new RdsMultiAz(this, 'Database', {
      vpc: this.vpc,
      engine: databaseEngine,
      instanceType: databaseInstanceType,
      alarmTopic: this.alarmTopic,
      // what is kept of a database is its last snapshot
      removalPolicy: removalPolicy === RemovalPolicy.DESTROY ? RemovalPolicy.DESTROY : RemovalPolicy.SNAPSHOT,
    });
  }

  private createFailover({ hostedZone, domainName, healthCheck, failoverCertificate, failoverContent }: ThreeTierSiteProps): S3StaticFailover {
    return new S3StaticFailover(this, 'Failover', {
      hostedZone,
      domainName,
      primary: PrimarySite.https(this.web.loadBalancer, { healthCheckPath: healthCheck?.path }),
      secondary: StaticSite.cloudFront(failoverCertificate),
      content: failoverContent,
    });
  }
}
