import { DescribeSecurityGroupsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeDBInstancesCommand, DescribeEventSubscriptionsCommand, RDSClient } from '@aws-sdk/client-rds';
import { emulatorOfTests, physicalId } from './subject-deployment';
import { RdsMultiAz } from '../../../src';
import { env, zoneNames } from '../../helpers/network';

const { current, deployed } = emulatorOfTests();
const config = () => current().clientConfig(env.region);

async function instanceOf(name: string) {
  const made = await deployed(name);
  const { DBInstances: [instance] = [] } = await new RDSClient(config()).send(new DescribeDBInstancesCommand({}));
  return { made, instance, database: made.stack.node.findChild('Database') as RdsMultiAz };
}

describe('RdsMultiAz', () => {
  test('has a standby, and subnets in three zones in which the two may stand', async () => {
    const { instance } = await instanceOf('RdsMultiAz with PostgreSQL');
    expect(instance.MultiAZ).toBe(true);
    expect(instance.DBSubnetGroup?.Subnets?.map(subnet => subnet.SubnetAvailabilityZone?.Name).sort()).toEqual(zoneNames);
  });

  test('is encrypted, backed up, protected and out of reach of the internet', async () => {
    const { instance } = await instanceOf('RdsMultiAz with PostgreSQL');
    expect(instance).toMatchObject({
      Engine: 'postgres',
      StorageEncrypted: true,
      StorageType: 'gp3',
      BackupRetentionPeriod: 14,
      DeletionProtection: true,
      PubliclyAccessible: false,
      IAMDatabaseAuthenticationEnabled: true,
      EnabledCloudwatchLogsExports: ['postgresql', 'upgrade'],
    });
  });

  test('has a password in Secrets Manager that RDS made', async () => {
    const { instance } = await instanceOf('RdsMultiAz with PostgreSQL');
    expect(instance.MasterUserSecret).toMatchObject({ SecretArn: expect.stringContaining(':secretsmanager:'), SecretStatus: expect.stringMatching(/active|creating/) });
  });

  test('lets nobody in', async () => {
    const { made, database } = await instanceOf('RdsMultiAz with PostgreSQL');
    const { SecurityGroups: [group] = [] } = await new EC2Client(config()).send(new DescribeSecurityGroupsCommand({
      GroupIds: [physicalId(made, database.connections.securityGroups[0])],
    }));
    expect(group.IpPermissions).toEqual([]);
  });

  test('tells the topic of failovers, failures, recoveries and little storage', async () => {
    const { made, instance } = await instanceOf('RdsMultiAz with PostgreSQL');
    const { EventSubscriptionsList: [subscription] = [] } = await new RDSClient(config()).send(new DescribeEventSubscriptionsCommand({}));
    expect(subscription).toMatchObject({
      SourceType: 'db-instance',
      SourceIdsList: [instance.DBInstanceIdentifier],
      EventCategoriesList: ['failover', 'failure', 'low storage', 'recovery'],
      SnsTopicArn: physicalId(made, made.stack.node.findChild('Alarms')),
    });
  });

  test('is what it is told to be', async () => {
    const { instance } = await instanceOf('RdsMultiAz with MySQL and all options');
    expect(instance).toMatchObject({
      Engine: 'mysql', DBName: 'shop', AllocatedStorage: 20, MaxAllocatedStorage: 500, BackupRetentionPeriod: 35, DeletionProtection: false, MultiAZ: true,
    });
  });
});
