import { CfnParameter, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import { RdsMultiAz, RdsMultiAzProps } from '../../src';
import { importedNetworkOf, networkOf, networkWithData, shopStack, shopStackAnywhere } from '../helpers/network';

type Setting = Partial<RdsMultiAzProps> & { readonly stack?: Stack };

/** A PostgreSQL database in isolated subnets of three zones. */
function databaseIn({ stack = shopStack(), ...props }: Setting = {}) {
  const database = new RdsMultiAz(stack, 'Database', {
    vpc: props.vpc ?? networkWithData(stack),
    engine: postgres,
    instanceType: new ec2.InstanceType('m7g.large'),
    ...props,
  });
  return { stack, database, template: () => Template.fromStack(stack) };
}

const postgres = rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_17_6 });
const mysql = rds.DatabaseInstanceEngine.mysql({ version: rds.MysqlEngineVersion.VER_8_4_6 });
const mariadb = rds.DatabaseInstanceEngine.mariaDb({ version: rds.MariaDbEngineVersion.VER_11_4_8 });

const INSTANCE = 'AWS::RDS::DBInstance';
const ALARM = 'AWS::CloudWatch::Alarm';
const GIBIBYTE = 1024 ** 3;

describe('RdsMultiAz', () => {
  describe('by default', () => {
    test('has a standby in another zone, out of three', () => {
      const stack = shopStack();
      const vpc = networkWithData(stack);
      const { database, template } = databaseIn({ stack, vpc });
      template().hasResourceProperties(INSTANCE, {
        MultiAZ: true, AvailabilityZone: Match.absent(), DBSubnetGroupName: stack.resolve(database.subnetGroup.subnetGroupName),
      });
      template().hasResourceProperties('AWS::RDS::DBSubnetGroup', { SubnetIds: stack.resolve(vpc.isolatedSubnets.map(({ subnetId }) => subnetId)) });
    });

    test('is encrypted, and backed up for 14 days', () => {
      databaseIn().template().hasResourceProperties(INSTANCE, {
        StorageEncrypted: true, BackupRetentionPeriod: 14, CopyTagsToSnapshot: true, DeleteAutomatedBackups: false,
      });
    });

    test('is protected, and leaves a last snapshot', () => {
      databaseIn().template().hasResource(INSTANCE, {
        Properties: { DeletionProtection: true }, DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot',
      });
    });

    test('has a disk that grows to twice its size', () => {
      databaseIn().template().hasResourceProperties(INSTANCE, { StorageType: 'gp3', AllocatedStorage: '100', MaxAllocatedStorage: 200 });
    });

    test('has a password that RDS makes and changes, and nobody else knows', () => {
      const { stack, database, template } = databaseIn();
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      database.secret.grantRead(role);
      template().hasResourceProperties(INSTANCE, { ManageMasterUserPassword: true, MasterUserPassword: Match.absent(), MasterUsername: 'postgres' });
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: [Match.objectLike({
            Action: Match.arrayWith(['secretsmanager:GetSecretValue']),
            Resource: {
              'Fn::GetAtt': [stack.getLogicalId(database.instance.node.defaultChild as rds.CfnDBInstance), 'MasterUserSecret.SecretArn'],
            },
          })],
        },
      });
    });

    test('lets nobody connect, and nothing out', () => {
      const { template } = databaseIn();
      template().hasResourceProperties(INSTANCE, { PubliclyAccessible: false });
      template().resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
      template().hasResourceProperties('AWS::EC2::SecurityGroup', {
        SecurityGroupIngress: Match.absent(), SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
      });
    });

    test('takes smaller versions by itself', () => {
      databaseIn().template().hasResourceProperties(INSTANCE, { AutoMinorVersionUpgrade: true });
    });

    test('stands in the private subnets where the VPC has no isolated ones', () => {
      const stack = shopStack();
      const vpc = networkOf(stack);
      databaseIn({ stack, vpc }).template().hasResourceProperties('AWS::RDS::DBSubnetGroup', {
        SubnetIds: stack.resolve(vpc.privateSubnets.map(({ subnetId }) => subnetId)),
      });
    });
  });

  test.each([
    ['PostgreSQL', postgres, ['postgresql', 'upgrade']],
    ['MySQL', mysql, ['error', 'slowquery']],
    ['MariaDB', mariadb, ['error', 'slowquery']],
  ])('writes the logs of %s to CloudWatch', (_, engine, logs) => {
    databaseIn({ engine }).template().hasResourceProperties(INSTANCE, { EnableCloudwatchLogsExports: logs });
  });

  describe('when asked to', () => {
    test('lets somebody connect to its port', () => {
      const stack = shopStack();
      const vpc = networkWithData(stack);
      const { database, template } = databaseIn({ stack, vpc });
      const client = new ec2.SecurityGroup(stack, 'Client', { vpc });
      database.connections.allowDefaultPortFrom(client);
      template().hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
        GroupId: stack.resolve(database.connections.securityGroups[0].securityGroupId),
        FromPort: { 'Fn::GetAtt': [Match.anyValue(), 'Endpoint.Port'] },
      });
    });

    test('lets somebody connect as one user by a token of IAM', () => {
      const { stack, database, template } = databaseIn();
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      database.grantConnect(role, 'app');
      template().hasResourceProperties(INSTANCE, { EnableIAMDatabaseAuthentication: true });
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: [Match.objectLike({
            Action: 'rds-db:connect',
            Resource: { 'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp('/app$')])] },
          })],
        },
      });
    });

    test('takes what it is told', () => {
      const stack = shopStack();
      const encryptionKey = new kms.Key(stack, 'Key');
      databaseIn({
        stack,
        encryptionKey,
        databaseName: 'shop',
        allocatedStorage: Size.tebibytes(1),
        maxAllocatedStorage: Size.tebibytes(2),
        backupRetention: Duration.days(35),
      }).template().hasResourceProperties(INSTANCE, {
        KmsKeyId: stack.resolve(encryptionKey.keyArn),
        DBName: 'shop',
        AllocatedStorage: '1024',
        MaxAllocatedStorage: 2048,
        BackupRetentionPeriod: 35,
      });
    });

    test('lets go of everything', () => {
      databaseIn({ removalPolicy: RemovalPolicy.DESTROY }).template().hasResource(INSTANCE, {
        Properties: { DeletionProtection: false, DeleteAutomatedBackups: true }, DeletionPolicy: 'Delete',
      });
    });

    test('stays as a whole, with the subnets that it stands in', () => {
      const { template } = databaseIn({ removalPolicy: RemovalPolicy.RETAIN });
      template().hasResource(INSTANCE, { DeletionPolicy: 'Retain', Properties: { DeletionProtection: true } });
      template().hasResource('AWS::RDS::DBSubnetGroup', { DeletionPolicy: 'Retain' });
    });
  });

  describe('has alarms', () => {
    const told = () => {
      const stack = shopStack();
      const alarmTopic = new sns.Topic(stack, 'Topic', { enforceSSL: true });
      return { ...databaseIn({ stack, alarmTopic }), topic: stack.resolve(alarmTopic.topicArn) };
    };

    test.each([
      ['a busy processor', 'CPUUtilization', 'GreaterThanThreshold', 80],
      ['a disk of which less than a tenth is free', 'FreeStorageSpace', 'LessThanThreshold', 10 * GIBIBYTE],
      ['little memory', 'FreeableMemory', 'LessThanThreshold', 128 * 1024 ** 2],
    ])('on %s for a quarter of an hour', (_, MetricName, ComparisonOperator, Threshold) => {
      const { stack, database, topic, template } = told();
      template().hasResourceProperties(ALARM, {
        MetricName,
        ComparisonOperator,
        Threshold,
        Period: 300,
        EvaluationPeriods: 3,
        Dimensions: [{ Name: 'DBInstanceIdentifier', Value: stack.resolve(database.instance.instanceIdentifier) }],
        AlarmActions: [topic],
      });
      expect(database.alarms).toHaveLength(3);
    });

    test('and RDS itself tells of failovers, failures, recoveries and little storage', () => {
      const { stack, database, topic, template } = told();
      template().hasResourceProperties('AWS::RDS::EventSubscription', {
        SnsTopicArn: topic,
        SourceType: 'db-instance',
        SourceIds: [stack.resolve(database.instance.instanceIdentifier)],
        EventCategories: ['failover', 'failure', 'low storage', 'recovery'],
      });
    });

    test('and RDS may publish before it is told to', () => {
      const { topic, template } = told();
      template().hasResourceProperties('AWS::SNS::TopicPolicy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Effect: 'Allow', Principal: { Service: 'events.rds.amazonaws.com' }, Action: 'sns:Publish', Resource: topic }),
          ]),
        },
      });
      const [policy] = Object.keys(template().findResources('AWS::SNS::TopicPolicy'));
      template().hasResource('AWS::RDS::EventSubscription', { DependsOn: Match.arrayWith([policy]) });
    });

    test('that tell nobody without a topic', () => {
      const { template } = databaseIn();
      template().allResourcesProperties(ALARM, { AlarmActions: Match.absent() });
      template().resourceCountIs('AWS::RDS::EventSubscription', 0);
    });
  });

  test.each<[string, () => Setting]>([
    ['an imported VPC', () => { const stack = shopStack(); return { stack, vpc: importedNetworkOf(stack) }; }],
    ['a stack without a Region', () => { const stack = shopStackAnywhere(); return { stack, vpc: new ec2.Vpc(stack, 'Vpc') }; }],
    ['a name that is known at deployment', () => {
      const stack = shopStack();
      return { stack, databaseName: new CfnParameter(stack, 'Name').valueAsString };
    }],
  ])('stands with %s', (_, setting) => {
    databaseIn(setting()).template().resourceCountIs(INSTANCE, 1);
  });

  test.each([[40_000, 65_536], [59_578, 65_536], [59_579, undefined], [65_536, undefined]])('with a disk of %d GiB, lets it grow to %d', (first, most) => {
    databaseIn({ allocatedStorage: Size.gibibytes(first) }).template()
      .hasResourceProperties(INSTANCE, { MaxAllocatedStorage: most ?? Match.absent() });
  });

  describe('refuses', () => {
    test.each<[string, () => Setting, string]>([
      ['subnets of one zone', () => ({ vpcSubnets: { availabilityZones: ['eu-west-1b'] } }),
        "'vpcSubnets' selects subnets of one availability zone only (eu-west-1b), so the loss of it stops everything; " +
        "select subnets in at least 2 zones, for example of a VPC with 'maxAzs: 3'"],
      ['no backups', () => ({ backupRetention: Duration.days(0) }),
        "'backupRetention' is 0, which turns off the backups: what is deleted by mistake is then gone; give 1 to 35 days"],
      ['backups for longer than RDS keeps them', () => ({ backupRetention: Duration.days(36) }),
        "'backupRetention' is 36 days; give a whole number from 1 to 35"],
      ['backups for half a day', () => ({ backupRetention: Duration.hours(12) }), "'backupRetention' is 0.5 days; give a whole number from 1 to 35"],
      ['another kind of database', () => ({ engine: rds.DatabaseInstanceEngine.sqlServerSe({ version: rds.SqlServerEngineVersion.VER_16 }) }),
        "'engine' is sqlserver-se; give one of postgres, mysql, mariadb"],
      ['too small a disk', () => ({ allocatedStorage: Size.gibibytes(19) }), "'allocatedStorage' is 19 GiB; give a whole number from 20 to 65536"],
      ['a disk of broken gibibytes', () => ({ allocatedStorage: Size.mebibytes(20500) }), "'allocatedStorage' is 20.01953125 GiB"],
      ['a disk that cannot grow', () => ({ allocatedStorage: Size.gibibytes(100), maxAllocatedStorage: Size.gibibytes(109) }),
        "'maxAllocatedStorage' (109 GiB) leaves 'allocatedStorage' (100 GiB) less than a tenth to grow, which RDS does not take; " +
        'raise it to 110 GiB or more, or leave it out'],
      ['an instance type as RDS calls it', () => ({ instanceType: new ec2.InstanceType('db.t4g.micro') }),
        "'instanceType' is db.t4g.micro, and CDK puts 'db.' before it; give t4g.micro"],
      ['a name that no database has', () => ({ databaseName: '1st shop' }),
        "'databaseName' is '1st shop'; give up to 63 letters, digits and underscores, a letter first"],
    ])('%s', (_, setting, message) => {
      const stack = shopStack();
      expect(() => databaseIn({ stack, ...setting() })).toThrow(message);
      expect(() => databaseIn(setting())).toThrow("[RdsMultiAz at 'Shop/Database']");
      expect(stack.node.findChild('Database').node.children).toEqual([]);
    });
  });
});
