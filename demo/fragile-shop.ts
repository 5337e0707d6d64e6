import { Stack, StackProps, Validations } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { DOMAIN_NAME, webServer } from './shop';
import { FragileSite, InstanceTemplate } from '../src';

/** The same shop as many start: one server, one database. */
export class FragileShop extends Stack {
  public readonly site: FragileSite;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    this.site = new FragileSite(this, 'Site', {
      hostedZone: new route53.PublicHostedZone(this, 'Zone', { zoneName: DOMAIN_NAME }),
      instanceTemplate: InstanceTemplate.fromMachineImage({
        machineImage: ec2.MachineImage.latestAmazonLinux2023(),
        instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
        userData: webServer(),
      }),
      databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
      databaseInstanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
    });
    Validations.of(this.site.vpc).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'In a fixed environment CDK names the zones of a VPC.',
    });
  }
}
