import { Stack, StackProps, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { InstanceTemplate, ThreeTierSite } from '../src';

/** Web servers that must be in service, whatever happens. */
export const NEED = 4;

export const DOMAIN_NAME = 'shop.example.com';

/** The certificate for the static pages, where CloudFront wants it. */
class Edge extends Stack {
  public readonly certificate: acm.ICertificate;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { ...props, env: { ...props.env, region: 'us-east-1' }, crossRegionReferences: true });

    this.certificate = new acm.Certificate(this, 'Certificate', {
      domainName: DOMAIN_NAME,
      validation: acm.CertificateValidation.fromDns(),
    });
  }
}

/** A shop that stays up: its three tiers over three zones, and static pages for the day on which all of it is gone. */
export class Shop extends Stack {
  public readonly site: ThreeTierSite;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, { ...props, crossRegionReferences: true });

    const edge = new Edge(scope, `${id}Edge`, props);
    const hostedZone = new route53.PublicHostedZone(this, 'Zone', { zoneName: DOMAIN_NAME });
    this.site = new ThreeTierSite(this, 'Site', {
      hostedZone,
      certificate: new acm.Certificate(this, 'Certificate', {
        domainName: DOMAIN_NAME,
        validation: acm.CertificateValidation.fromDns(hostedZone),
      }),
      failoverCertificate: edge.certificate,
      failoverContent: [s3deploy.Source.data('index.html', '<h1>We are back soon</h1>')],
      instanceTemplate: InstanceTemplate.fromMachineImage({
        machineImage: ec2.MachineImage.latestAmazonLinux2023(),
        instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
        userData: webServer(),
      }),
      neededCapacity: NEED,
      databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
      databaseInstanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
    });
    Validations.of(this.site.vpc).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'In a fixed environment CDK names the zones of a VPC.',
    });
  }
}

/** Installs and starts a web server. */
export function webServer(): ec2.UserData {
  const userData = ec2.UserData.forLinux();
  userData.addCommands('dnf install -y nginx', 'systemctl enable --now nginx');
  return userData;
}
