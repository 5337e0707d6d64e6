import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, WebEndpoint } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegMultiAzWebTier');
const userData = ec2.UserData.forLinux();
userData.addCommands('dnf install -y nginx', 'systemctl enable --now nginx');

const web = new MultiAzWebTier(stack, 'Web', {
  vpc: new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider() }),
  // plain HTTP, as there is no domain here for which to get a certificate
  endpoint: WebEndpoint.publicHttp(),
  instanceTemplate: InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    userData,
  }),
  removalPolicy: RemovalPolicy.DESTROY,
});

const test = new IntegTest(app, 'MultiAzWebTier', { testCases: [stack] });
test.assertions.httpApiCall(`http://${web.loadBalancer.loadBalancerDnsName}/`)
  .expect(ExpectedResult.objectLike({ status: 200 }))
  .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) });
