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

/** A shop that stays up: its three tiers over three zones, and static pages for the day on which all of it is gone. */
export class Shop extends Stack {
  public readonly site: ThreeTierSite;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const hostedZone = new route53.PublicHostedZone(this, 'Zone', { zoneName: 'shop.example.com' });
    this.site = new ThreeTierSite(this, 'Site', {
      hostedZone,
      certificate: new acm.Certificate(this, 'Certificate', {
        domainName: hostedZone.zoneName,
        validation: acm.CertificateValidation.fromDns(hostedZone),
      }),
      failoverCertificate: acm.Certificate.fromCertificateArn(this, 'FailoverCertificate',
        `arn:aws:acm:us-east-1:${this.account}:certificate/00000000-0000-0000-0000-000000000000`),
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

function webServer(): ec2.UserData {
  const userData = ec2.UserData.forLinux();
  userData.addCommands('dnf install -y nginx', 'systemctl enable --now nginx');
  return userData;
}
