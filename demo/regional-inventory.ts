import { DescribeContinuousBackupsCommand, DescribeTimeToLiveCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { EmulatorClientConfig } from '../test/emulator/emulator';

/** What the services say of that which no single zone holds: database, sessions, records; a line each. */
export async function regionalInventory(config: EmulatorClientConfig): Promise<string[]> {
  return [...await databases(config), ...await tables(config), ...await failoverRecords(config)];
}

async function databases(config: EmulatorClientConfig): Promise<string[]> {
  const { DBInstances: instances = [] } = await new RDSClient(config).send(new DescribeDBInstancesCommand({}));
  return instances.map(instance => [
    `database ${instance.Engine}`,
    instance.MultiAZ ? 'a standby in another zone' : 'no standby',
    `subnets in ${new Set(instance.DBSubnetGroup?.Subnets?.map(subnet => subnet.SubnetAvailabilityZone?.Name)).size} zones`,
    `backups for ${instance.BackupRetentionPeriod} days`,
  ].join(', '));
}

async function tables(config: EmulatorClientConfig): Promise<string[]> {
  const client = new DynamoDBClient(config);
  const { TableNames: names = [] } = await client.send(new ListTablesCommand({}));
  return Promise.all(names.map(async TableName => {
    const { TimeToLiveDescription: expiry } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
    const { ContinuousBackupsDescription: backups } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
    const recovery = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
    return `table of sessions, which end by '${expiry?.AttributeName}', recovery to any second ${recovery ? 'on' : 'off'}`;
  }));
}

async function failoverRecords(config: EmulatorClientConfig): Promise<string[]> {
  const client = new Route53Client(config);
  const { HostedZones: zones = [] } = await client.send(new ListHostedZonesCommand({}));
  const records = await Promise.all(zones.map(async ({ Id }) =>
    (await client.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }))).ResourceRecordSets ?? []));
  return records.flat().filter(({ Failover }) => Failover).map(({ Name, Type, Failover, AliasTarget }) =>
    `${Type} ${Name} ${Failover} → ${AliasTarget?.DNSName}`);
}
