import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createSiteNetwork, wayOutOf } from './site-network';
import { InstanceTemplate } from '../launch-templates/instance-template';
import { FaultDashboard } from '../monitoring/fault-dashboard';
import { ConfigurationError } from '../shared/configuration-error';
import { checkFixedNumber } from '../shared/numbers';
import { MultiAzWebTier } from '../survives-zone-loss/multi-az-web-tier';
import { NatEgress } from '../survives-zone-loss/nat-egress';
import { SqsWorkerFleet } from '../survives-zone-loss/sqs-worker-fleet';
import { WebEndpoint } from '../survives-zone-loss/web-endpoint';
import { WorkerRunner } from '../survives-zone-loss/worker-runner';

/** For so long an overwritten or deleted file can be had back. */
const OLD_VERSIONS_KEPT_FOR = Duration.days(30);

/** The queue of jobs that are less important. */
const LOW_PRIORITY = 'LowPriority';

/**
 * Properties of `QueueBackedService`.
 */
export interface QueueBackedServiceProps {
  /**
   * The certificate of the service, for the load balancer.
   */
  readonly certificate: ICertificate;

  /**
   * How the web servers are made, which take the jobs in.
   */
  readonly webTemplate: InstanceTemplate;

  /**
   * How the workers are made, which do the jobs.
   */
  readonly workerTemplate: InstanceTemplate;

  /**
   * How the workers have a job done. A command is told the names of table and bucket, as `JOBS_TABLE` and `FILES_BUCKET`.
   *
   * @default - the workers take the messages by themselves
   */
  readonly workerRunner?: WorkerRunner;

  /**
   * Whether jobs may be less important: those that are published with the attribute `priority` of `low` go into a queue of their own. Of
   * 100 times that a worker looks for a job, so many it looks there first, although others may wait; 1 to 99. With a `workerRunner` only.
   *
   * @default - all jobs are of the same importance
   */
  readonly lowPriorityShare?: number;

  /**
   * The longest that a worker takes for one job.
   */
  readonly maxProcessingTime: Duration;

  /**
   * Web servers that must be in service at any time, also at the moment in which a zone is lost.
   *
   * @default - as many as make one web server in each zone
   */
  readonly neededWebCapacity?: number;

  /**
   * Workers that must be in service at any time, also at the moment in which a zone is lost; 0 lets them go to none when
   * there is nothing to do.
   *
   * @default - as many as make one worker in each zone
   */
  readonly neededWorkerCapacity?: number;

  /**
   * What the ways out of the zones to the internet are made of.
   *
   * @default NatEgress.gateways()
   */
  readonly egress?: NatEgress;

  /**
   * What becomes of the data when the service is removed from the stack: `RETAIN` keeps them and protects what can be
   * protected, `DESTROY` lets go of everything.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A service that takes jobs in and does them later: when a zone is lost, the others take in and work on; when all workers
 * are lost, jobs wait in the queue, and are late instead of lost.
 *
 * The web servers publish to a topic, and know nothing of who does the jobs: further fleets subscribe to it, each with a queue of its own.
 *
 * **Survives**: the loss of a web server or worker (the job that it had comes back to the queue), of a zone, of all workers
 * for less than the 14 days for which the queue keeps a job; a file that is overwritten or deleted is kept for 30 days, and the
 * table can be restored to any second of the last 35 days.
 *
 * **Does not survive**: the loss of the Region; a job that fails again and again ends in the dead-letter queue, of which an
 * alarm tells.
 *
 * @example
 * declare const certificate: acm.ICertificate;
 * declare const webTemplate: InstanceTemplate;
 * declare const workerTemplate: InstanceTemplate;
 *
 * new QueueBackedService(this, 'Thumbnails', {
 *   certificate,
 *   webTemplate,
 *   workerTemplate,
 *   workerRunner: WorkerRunner.command(['/opt/thumbnail']),
 *   maxProcessingTime: Duration.minutes(2),
 *   neededWebCapacity: 2,
 *   neededWorkerCapacity: 4,
 * });
 */
export class QueueBackedService extends Construct {
  /** Who is told by all alarms of the service; subscribe to it. */
  public readonly alarmTopic: sns.Topic;

  /** The network: public, private and isolated subnets in each zone, each zone with its own way out. */
  public readonly vpc: ec2.Vpc;

  /** Where the web servers put the jobs. */
  public readonly jobTopic: sns.Topic;

  /** What takes the jobs in. It may publish to the topic, and use table and bucket. */
  public readonly web: MultiAzWebTier;

  /** The queue and what does the jobs. It may use table and bucket. */
  public readonly workers: SqsWorkerFleet;

  /** What is known of each job, by its `id`. */
  public readonly jobs: dynamodb.TableV2;

  /** What the jobs are about and what comes of them, as files. */
  public readonly files: s3.Bucket;

  /** The alarms of all of it, and what they look at; add constructs of yours to it. */
  public readonly dashboard: FaultDashboard;

  constructor(scope: Construct, id: string, props: QueueBackedServiceProps) {
    super(scope, id);

    this.checkPriorities(props);
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.alarmTopic = new sns.Topic(this, 'Alarms', { enforceSSL: true });
    this.vpc = createSiteNetwork(this, this.alarmTopic, props.egress);
    this.jobTopic = this.createTopic();
    this.jobs = this.createTable(removalPolicy);
    this.files = this.createBucket(removalPolicy);
    this.web = this.createWebTier(props, removalPolicy);
    this.workers = this.createWorkers(props, removalPolicy);
    this.subscribeWorkers(props);
    this.dashboard = new FaultDashboard(this, 'Dashboard', { constructs: [this.web, this.workers, wayOutOf(this.vpc)] });
    this.node.defaultChild = this.web;

    this.jobTopic.grantPublish(this.web);
    for (const tier of [this.web, this.workers]) {
      this.jobs.grantReadWriteData(tier);
      this.grantFiles(tier);
    }
  }

  /** As the fleet does, but by the name that the user knows. */
  private checkPriorities({ lowPriorityShare, workerRunner }: QueueBackedServiceProps): void {
    if (lowPriorityShare === undefined) { return; }
    checkFixedNumber(this, 'lowPriorityShare', lowPriorityShare, { from: 1, to: 99 });
    if (!workerRunner) {
      throw new ConfigurationError(this, "'lowPriorityShare' is given, but no 'workerRunner', which is what takes messages from several queues",
        "give a 'workerRunner', or leave it out");
    }
  }

  /** Each job goes into one queue: its priority is one text. */
  private subscribeWorkers({ lowPriorityShare }: QueueBackedServiceProps): void {
    if (lowPriorityShare === undefined) {
      this.workers.subscribeTo(this.jobTopic);
      return;
    }
    const [none, another] = [sns.SubscriptionFilter.notExistsFilter(), sns.SubscriptionFilter.stringFilter({ denylist: ['low'] })];
    this.workers.subscribeTo(this.jobTopic, {
      filterPolicy: { priority: new sns.SubscriptionFilter([...none.conditions, ...another.conditions]) },
    });
    this.workers.subscribeTo(this.jobTopic, {
      furtherQueue: LOW_PRIORITY,
      filterPolicy: { priority: sns.SubscriptionFilter.stringFilter({ allowlist: ['low'] }) },
    });
  }

  /** To read and to write, not to delete: what is overwritten can be had back. */
  private grantFiles(grantee: iam.IGrantable): void {
    iam.Grant.addToPrincipal({
      grantee,
      actions: ['s3:GetObject', 's3:PutObject'],
      resourceArns: [this.files.arnForObjects('*')],
    });
  }

  private createWebTier({ certificate, webTemplate, neededWebCapacity }: QueueBackedServiceProps, removalPolicy: RemovalPolicy): MultiAzWebTier {
    return new MultiAzWebTier(this, 'Web', {
      vpc: this.vpc,
      instanceTemplate: webTemplate,
      endpoint: WebEndpoint.publicHttps(certificate),
      neededCapacity: neededWebCapacity,
      alarmTopic: this.alarmTopic,
      removalPolicy,
    });
  }

  private createWorkers(props: QueueBackedServiceProps, removalPolicy: RemovalPolicy): SqsWorkerFleet {
    const { workerTemplate, workerRunner, lowPriorityShare, maxProcessingTime, neededWorkerCapacity } = props;
    return new SqsWorkerFleet(this, 'Workers', {
      vpc: this.vpc,
      instanceTemplate: workerTemplate,
      runner: workerRunner?._withEnvironment({ JOBS_TABLE: this.jobs.tableName, FILES_BUCKET: this.files.bucketName }),
      furtherQueues: lowPriorityShare === undefined ? [] : [{ name: LOW_PRIORITY, share: lowPriorityShare }],
      maxProcessingTime,
      neededCapacity: neededWorkerCapacity,
      alarmTopic: this.alarmTopic,
      removalPolicy,
    });
  }

  /** Encrypted with the key that AWS manages for SNS, which whoever may publish may use. */
  private createTopic(): sns.Topic {
    return new sns.Topic(this, 'JobTopic', { enforceSSL: true, masterKey: kms.Alias.fromAliasName(this, 'TopicKey', 'alias/aws/sns') });
  }

  private createTable(removalPolicy: RemovalPolicy): dynamodb.TableV2 {
    return new dynamodb.TableV2(this, 'Jobs', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
    });
  }

  /** Who reads and writes is not logged (cdk-nag's AwsSolutions-S1 asks why): the instances alone do, and versions tell the rest. */
  private createBucket(removalPolicy: RemovalPolicy): s3.Bucket {
    return new s3.Bucket(this, 'Files', {
      versioned: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      encryption: s3.BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
      lifecycleRules: [{ noncurrentVersionExpiration: OLD_VERSIONS_KEPT_FOR, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy,
      autoDeleteObjects: removalPolicy === RemovalPolicy.DESTROY,
    });
  }
}
