import { Stack, StackProps, Validations } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, WebEndpoint } from '../src';

/** Instances that must be in service, whatever happens. */
export const NEED = 4;

/** A first site: web servers in three zones behind a load balancer, each zone with its own way out. */
export class FirstSite extends Stack {
  public readonly vpc: ec2.Vpc;
  public readonly web: MultiAzWebTier;

  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);

    const alarmTopic = new sns.Topic(this, 'Alarms', { enforceSSL: true });
    this.vpc = new ec2.Vpc(this, 'Vpc', {
      maxAzs: 3,
      natGatewayProvider: HaNatPerAz.asNatProvider({ alarmTopic }),
      restrictDefaultSecurityGroup: true,
      flowLogs: { All: {} },
    });
    Validations.of(this.vpc).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'In a fixed environment CDK names the zones of a VPC.',
    });

    this.web = new MultiAzWebTier(this, 'Web', {
      vpc: this.vpc,
      instanceTemplate: InstanceTemplate.fromMachineImage({
        machineImage: ec2.MachineImage.latestAmazonLinux2023(),
        instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7I, ec2.InstanceSize.LARGE),
        userData: webServer(),
      }),
      endpoint: WebEndpoint.publicHttps(new acm.Certificate(this, 'Certificate', {
        domainName: 'shop.example.com',
        validation: acm.CertificateValidation.fromDns(),
      })),
      neededCapacity: NEED,
      alarmTopic,
    });
  }
}

function webServer(): ec2.UserData {
  const userData = ec2.UserData.forLinux();
  userData.addCommands('dnf install -y nginx', 'systemctl enable --now nginx');
  return userData;
}
