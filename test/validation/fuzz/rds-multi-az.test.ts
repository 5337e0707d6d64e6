import { Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { mostly, networks, selections, topicIn } from './inputs';
import { RdsMultiAz } from '../../../src';
import { env, networkWithData } from '../../helpers/network';

const engines = mostly<rds.IInstanceEngine>(
  fc.constantFrom<rds.IInstanceEngine>(
    rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 }),
    rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_6 }),
    rds.DatabaseInstanceEngine.mariaDb({ version: rds.MariaDbEngineVersion.VER_11_4_8 })),
  fc.constant(rds.DatabaseInstanceEngine.oracleSe2({ version: rds.OracleEngineVersion.VER_19 })),
);

const sizes = (from: number, to: number) => mostly(
  fc.integer({ min: from, max: to }).map(size => Size.gibibytes(size)), fc.integer({ min: 0, max: 100_000_000 }).map(size => Size.mebibytes(size)));

const databases = fc.record({
  network: mostly(fc.constant((stack: Stack): ec2.IVpc => networkWithData(stack)), networks),
  engine: engines,
  fixedRegion: fc.boolean(),
  told: fc.boolean(),
  props: fc.record({
    vpcSubnets: mostly(fc.constant(undefined), selections),
    databaseName: mostly(fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/), fc.string()),
    allocatedStorage: sizes(20, 10_000),
    maxAllocatedStorage: sizes(12_000, 65_536),
    backupRetention: mostly(fc.integer({ min: 1, max: 35 }).map(Duration.days), fc.integer({ min: 0, max: 1000 }).map(Duration.hours)),
    removalPolicy: fc.constantFrom(RemovalPolicy.DESTROY, RemovalPolicy.RETAIN, RemovalPolicy.SNAPSHOT),
  }, { requiredKeys: [] }),
});

test('RdsMultiAz synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(databases, ({ network, engine, fixedRegion, told, props }) => isAccepted(stack => {
    const vpc = network(stack);
    const alarmTopic = told ? topicIn(stack) : undefined;
    refusedWhole(stack, 'Database', () => new RdsMultiAz(stack, 'Database', {
      ...props,
      vpc,
      engine,
      alarmTopic,
      instanceType: new ec2.InstanceType('m7g.large'),
    }));
  }, fixedRegion ? { env } : {}));
});
