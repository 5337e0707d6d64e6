import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FragileSite, InstanceTemplate } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegFragileSite');
const userData = ec2.UserData.forLinux();
userData.addCommands('dnf install -y nginx', 'systemctl enable --now nginx');

const site = new FragileSite(stack, 'Site', {
  hostedZone: new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'integ-fragile-site.example.com' }),
  instanceTemplate: InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    userData,
  }),
  databaseEngine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
  databaseInstanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
});

const test = new IntegTest(app, 'FragileSite', { testCases: [stack] });
test.assertions.httpApiCall(`http://${site.address.ref}/`)
  .expect(ExpectedResult.objectLike({ status: 200 }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) });
