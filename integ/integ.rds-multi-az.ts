import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { RdsMultiAz } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegRdsMultiAz');
const { instance } = new RdsMultiAz(stack, 'Database', {
  vpc: new ec2.Vpc(stack, 'Vpc', { natGateways: 0 }),
  engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
  instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, ec2.InstanceSize.MICRO),
  removalPolicy: RemovalPolicy.DESTROY,
});

// the standby becomes the database, and the database is there again
const test = new IntegTest(app, 'RdsMultiAz', { testCases: [stack] });
test.assertions.awsApiCall('RDS', 'rebootDBInstance', { DBInstanceIdentifier: instance.instanceIdentifier, ForceFailover: true })
  .next(test.assertions.awsApiCall('RDS', 'describeDBInstances', { DBInstanceIdentifier: instance.instanceIdentifier })
    .assertAtPath('DBInstances.0.DBInstanceStatus', ExpectedResult.stringLikeRegexp('available'))
    .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) }));
