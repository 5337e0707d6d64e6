import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, PrimarySite, S3StaticFailover, StaticSite, WebEndpoint } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegS3StaticFailover', { env: { region: 'eu-west-1' } });
const userData = ec2.UserData.forLinux();
userData.addCommands('dnf install -y nginx', 'systemctl enable --now nginx');

const web = new MultiAzWebTier(stack, 'Web', {
  vpc: new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider() }),
  endpoint: WebEndpoint.publicHttp(),
  instanceTemplate: InstanceTemplate.fromMachineImage({
    machineImage: ec2.MachineImage.latestAmazonLinux2023(),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
    userData,
  }),
  removalPolicy: RemovalPolicy.DESTROY,
});

// the zone is delegated by nobody, so Route 53 is asked itself what it would answer
const hostedZone = new route53.PublicHostedZone(stack, 'Zone', { zoneName: 'integ-static-failover.example.com' });
const failover = new S3StaticFailover(stack, 'Failover', {
  hostedZone,
  primary: PrimarySite.http(web.loadBalancer),
  secondary: StaticSite.publicWebsite(),
  content: [s3deploy.Source.data('index.html', 'We are back soon')],
});
failover.node.addDependency(web);

const test = new IntegTest(app, 'S3StaticFailover', { testCases: [stack], assertionStack: new Stack(app, 'Assertions', { env: { region: 'eu-west-1' } }) });
test.assertions.awsApiCall('Route53', 'testDNSAnswer', {
  HostedZoneId: hostedZone.hostedZoneId,
  RecordName: hostedZone.zoneName,
  RecordType: 'A',
}).expect(ExpectedResult.objectLike({ ResponseCode: 'NOERROR' }));
test.assertions.awsApiCall('S3', 'headObject', { Bucket: failover.bucket.bucketName, Key: 'index.html' })
  .expect(ExpectedResult.objectLike({ ContentType: 'text/html' }));
