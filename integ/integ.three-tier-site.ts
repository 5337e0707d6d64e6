import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { InstanceTemplate, ThreeTierSite } from '../src';

// Two certificates for one name, of a zone in the account that deploys this.
const {
  DOMAIN_NAME: domainName = 'shop.example.com',
  HOSTED_ZONE_ID: hostedZoneId = 'Z0123456789ABCDEFGHIJ',
  HOSTED_ZONE_NAME: zoneName = 'example.com',
  CERTIFICATE_ARN: certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-0000-0000-000000000000',
  CERTIFICATE_ARN_US_EAST_1: certificateArnUsEast1 = 'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000',
} = process.env;

const app = new App();
const stack = new Stack(app, 'IntegThreeTierSite', { env: { region: 'eu-west-1' } });
const userData = ec2.UserData.forLinux();
userData.addCommands('dnf install -y nginx', 'systemctl enable --now nginx');

const site = new ThreeTierSite(stack, 'Site', {
  hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId, zoneName }),
  domainName,
  certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', certificateArn),
  failoverCertificate: acm.Certificate.fromCertificateArn(stack, 'FailoverCertificate', certificateArnUsEast1),
  failoverContent: [s3deploy.Source.data('index.html', 'We are back soon')],
  instanceTemplate: InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    userData,
  }),
  databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
  databaseInstanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
  removalPolicy: RemovalPolicy.DESTROY,
});

const test = new IntegTest(app, 'ThreeTierSite', { testCases: [stack], assertionStack: new Stack(app, 'Assertions', { env: { region: 'eu-west-1' } }) });
test.assertions.awsApiCall('RDS', 'describeDBInstances', { DBInstanceIdentifier: site.database.instance.instanceIdentifier })
  .assertAtPath('DBInstances.0.MultiAZ', ExpectedResult.stringLikeRegexp('true'));
test.assertions.httpApiCall(`https://${domainName}/`).expect(ExpectedResult.objectLike({ status: 200 }));
