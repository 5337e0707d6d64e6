import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { createDatabaseAlarms, subscribeToEvents } from './database-alarms';
import { DatabasePlan, planDatabase } from './database-plan';
import { IMonitored } from '../monitoring/monitored';
import { isProtected } from '../shared/removal-policy';

/**
 * Properties of `RdsMultiAz`.
 */
export interface RdsMultiAzProps {
  /**
   * The network of the database, over at least two availability zones.
   */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the database and its standby.
   *
   * @default - the isolated subnets, or where the VPC has none, the private ones with egress
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The kind and version of the database: PostgreSQL, MySQL or MariaDB.
   */
  readonly engine: rds.IInstanceEngine;

  /**
   * The size of the database instance, and of its standby.
   */
  readonly instanceType: ec2.InstanceType;

  /**
   * The database to make within the instance: letters, digits and underscores, a letter first.
   *
   * @default - none is made
   */
  readonly databaseName?: string;

  /**
   * The disk to begin with; 20 GiB to 64 TiB.
   *
   * @default Size.gibibytes(100)
   */
  readonly allocatedStorage?: Size;

  /**
   * RDS adds to the disk by itself up to this, when it is nearly full; at least a tenth more than `allocatedStorage`.
   *
   * @default - twice the disk to begin with, up to the largest that there is
   */
  readonly maxAllocatedStorage?: Size;

  /**
   * For so long the database can be restored, to a new instance, to any second; 1 to 35 days.
   *
   * @default Duration.days(14)
   */
  readonly backupRetention?: Duration;

  /**
   * The key with which disk and backups are encrypted.
   *
   * @default - the key that AWS keeps for RDS in the account
   */
  readonly encryptionKey?: IKey;

  /**
   * Who is told by the alarms of the database, and by RDS when it fails over, fails, runs low on storage or recovers.
   *
   * @default - the alarms are made, and tell nobody
   */
  readonly alarmTopic?: ITopic;

  /**
   * What becomes of the database when it is removed from the stack.
   *
   * `SNAPSHOT` leaves a last snapshot, `RETAIN` the database itself; both protect it against deletion until then. `DESTROY` lets
   * go of it with all data.
   *
   * @default RemovalPolicy.SNAPSHOT
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * A database with a standby in another zone that has every write too: when the database's host or zone is lost, RDS makes the
 * standby the database, and clients reach it by the same name.
 *
 * **Survives**: the loss of the host, of its disk, of the zone: connections break, and RDS answers again typically after one to
 * two minutes (RDS User Guide), without the loss of a committed write.
 *
 * **Does not survive**: the loss of the Region. What an application or an operator deletes is deleted on the standby as well;
 * the backups give it back up to about five minutes before, by hand, in a new instance with a new name.
 *
 * @example
 * declare const vpc: ec2.Vpc;
 * declare const web: MultiAzWebTier;
 *
 * const database = new RdsMultiAz(this, 'Database', {
 *   vpc,
 *   engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
 *   instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
 * });
 * database.connections.allowDefaultPortFrom(web);
 * database.secret.grantRead(web);
 */
export class RdsMultiAz extends Construct implements ec2.IConnectable, IMonitored {
  /** The database; the standby behind it has no name of its own. */
  public readonly instance: rds.DatabaseInstance;

  /** The subnets in which RDS may place database and standby. */
  public readonly subnetGroup: rds.SubnetGroup;

  /** User name and password of the master user. RDS makes the password, and changes it every seven days. */
  public readonly secret: ISecret;

  /** Where clients connect, before and after a failover. */
  public readonly endpoint: rds.Endpoint;

  /** A busy processor; a disk nearly full; memory nearly used up. */
  public readonly alarms: cloudwatch.Alarm[];

  /** The network connections of the database. Nobody may connect until they say who. */
  public readonly connections: ec2.Connections;

  constructor(scope: Construct, id: string, props: RdsMultiAzProps) {
    super(scope, id);

    const plan = planDatabase(this, props);
    this.subnetGroup = new rds.SubnetGroup(this, 'SubnetGroup', {
      vpc: plan.vpc,
      vpcSubnets: { subnets: plan.subnets },
      description: 'Where a database and its standby may stand',
      removalPolicy: plan.removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.instance = this.createInstance(plan);
    this.node.defaultChild = this.instance;
    this.connections = this.instance.connections;
    this.endpoint = this.instance.instanceEndpoint;
    this.secret = secretOf(this.instance);

    this.alarms = createDatabaseAlarms(this, plan);
    if (plan.alarmTopic) { subscribeToEvents(this, plan.alarmTopic); }
  }

  /**
   * Lets somebody connect as a user of the database without a password, by a token of IAM.
   *
   * @param dbUser a user that the database itself lets in that way
   */
  public grantConnect(grantee: iam.IGrantable, dbUser: string): iam.Grant {
    return this.instance.grantConnect(grantee, dbUser);
  }

  private createInstance(plan: DatabasePlan): rds.DatabaseInstance {
    return new rds.DatabaseInstance(this, 'Instance', {
      vpc: plan.vpc,
      subnetGroup: this.subnetGroup,
      securityGroups: [new ec2.SecurityGroup(this, 'SecurityGroup', {
        vpc: plan.vpc,
        description: 'Who may connect to the database',
        allowAllOutbound: false,
      })],
      multiAz: true,
      publiclyAccessible: false,
      engine: plan.engine,
      instanceType: plan.instanceType,
      databaseName: plan.databaseName,
      allocatedStorage: plan.allocatedStorage.toGibibytes(),
      maxAllocatedStorage: plan.maxAllocatedStorage?.toGibibytes(),
      storageType: rds.StorageType.GP3,
      storageEncrypted: true,
      storageEncryptionKey: plan.encryptionKey,
      manageMasterUserPassword: true,
      iamAuthentication: true,
      backupRetention: plan.backupRetention,
      deleteAutomatedBackups: !isProtected(plan.removalPolicy),
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      cloudwatchLogsExports: plan.logExports,
      deletionProtection: isProtected(plan.removalPolicy),
      removalPolicy: plan.removalPolicy,
    });
  }
}

function secretOf({ secret }: rds.DatabaseInstance): ISecret {
  if (!secret) { throw new Error('aws-cdk-lib made no secret, although RDS is to manage the password'); }
  return secret;
}
