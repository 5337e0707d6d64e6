import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Subject, subject, topicIn } from './subject';
import { RdsMultiAz, RdsMultiAzProps } from '../../../src';
import { networkWithData } from '../network';

export const rdsMultiAz: readonly Subject[] = [
  subject('RdsMultiAz with PostgreSQL', stack => {
    databaseIn(stack, { alarmTopic: topicIn(stack) });
  }),
  subject('RdsMultiAz with MySQL and all options', stack => {
    databaseIn(stack, {
      engine: rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_6 }),
      databaseName: 'shop',
      allocatedStorage: Size.gibibytes(20),
      maxAllocatedStorage: Size.gibibytes(500),
      backupRetention: Duration.days(35),
      encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }),
  subject('RdsMultiAz with MariaDB', stack => {
    databaseIn(stack, { engine: rds.DatabaseInstanceEngine.mariaDb({ version: rds.MariaDbEngineVersion.VER_11_4_8 }) });
  }),
];

function databaseIn(stack: Stack, props: Partial<RdsMultiAzProps>): void {
  new RdsMultiAz(stack, 'Database', {
    vpc: networkWithData(stack),
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.M7G, ec2.InstanceSize.LARGE),
    ...props,
  });
}
