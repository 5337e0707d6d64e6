import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { InstanceTemplate } from '../launch-templates/instance-template';

/**
 * Properties of `FragileSite`.
 */
export interface FragileSiteProps {
  /**
   * The zone in which the site's name is; a public one.
   */
  readonly hostedZone: route53.IHostedZone;

  /**
   * The name of the site, in full.
   *
   * @default - the name of the hosted zone
   */
  readonly domainName?: string;

  /**
   * How the web server is made; it answers by HTTP on port 80.
   */
  readonly instanceTemplate: InstanceTemplate;

  /**
   * The kind and version of the database.
   */
  readonly databaseEngine: rds.IInstanceEngine;

  /**
   * The size of the database instance.
   */
  readonly databaseInstanceType: ec2.InstanceType;
}

/**
 * A web site as many start: one web server with a fixed address, one database. Whatever fails of it takes the site down.
 *
 * It is here for contrast with `ThreeTierSite`: break both, in the simulation or for real, and compare. All of it goes when
 * it is removed from the stack, data included.
 *
 * **Survives**: nothing. EC2 may start the web server again on another host of the same zone, with its address and volume.
 *
 * **Does not survive**: the loss of the instance, of its volume, of its zone, of the database's host or zone. What is left
 * of the data is the database's backup of the last seven days, as long as the database is not deleted.
 *
 * @example
 * declare const hostedZone: route53.IHostedZone;
 * declare const instanceTemplate: InstanceTemplate;
 *
 * new FragileSite(this, 'Site', {
 *   hostedZone,
 *   instanceTemplate,
 *   databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
 *   databaseInstanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
 * });
 */
export class FragileSite extends Construct {
  /** The network: two zones, as a database asks for them, of which the site uses one. */
  public readonly vpc: ec2.Vpc;

  /** The one web server. */
  public readonly instance: ec2.CfnInstance;

  /** The fixed address of the web server. */
  public readonly address: ec2.CfnEIP;

  /** The one database. */
  public readonly database: rds.DatabaseInstance;

  constructor(scope: Construct, id: string, props: FragileSiteProps) {
    super(scope, id);

    this.vpc = this.createNetwork();
    const launchTemplate = props.instanceTemplate._createLaunchTemplate(this, this.vpc);
    launchTemplate.connections.allowFromAnyIpv4(ec2.Port.HTTP, 'A public web site');

    this.instance = this.createInstance(launchTemplate);
    this.address = new ec2.CfnEIP(this, 'Address', { domain: 'vpc', instanceId: this.instance.ref });
    this.database = this.createDatabase(props);
    this.node.defaultChild = this.address;
    this.database.connections.allowDefaultPortFrom(launchTemplate);
    this.createRecord(props);
  }

  private createNetwork(): ec2.Vpc {
    return new ec2.Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [
        { name: 'Public', subnetType: ec2.SubnetType.PUBLIC }, // the instance fetches what it needs before it has its fixed address
        { name: 'Data', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      ],
      restrictDefaultSecurityGroup: true,
      flowLogs: { All: {} },
    });
  }

  private createInstance(launchTemplate: ec2.LaunchTemplate): ec2.CfnInstance {
    const instance = new ec2.CfnInstance(this, 'Instance', {
      launchTemplate: {
        launchTemplateId: launchTemplate.launchTemplateId,
        version: launchTemplate.latestVersionNumber,
      },
      subnetId: this.vpc.publicSubnets[0].subnetId,
    });
    instance.node.addDependency(this.vpc.internetConnectivityEstablished);
    return instance;
  }

  private createDatabase({ databaseEngine, databaseInstanceType }: FragileSiteProps): rds.DatabaseInstance {
    return new rds.DatabaseInstance(this, 'Database', {
      vpc: this.vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      engine: databaseEngine,
      instanceType: databaseInstanceType,
      multiAz: false,
      storageEncrypted: true,
      storageType: rds.StorageType.GP3,
      manageMasterUserPassword: true,
      backupRetention: Duration.days(7),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  private createRecord({ hostedZone, domainName }: FragileSiteProps): void {
    const record = new route53.ARecord(this, 'Record', {
      zone: hostedZone,
      recordName: `${domainName ?? hostedZone.zoneName}.`,
      target: route53.RecordTarget.fromIpAddresses(this.address.ref),
      ttl: Duration.seconds(60),
    });
    Validations.of(record).acknowledge({
      id: 'CloudFormation-Validate::E3023',
      reason: 'The reference to an Elastic IP is its address, which aws-cdk-lib does not see.',
    });
  }
}
