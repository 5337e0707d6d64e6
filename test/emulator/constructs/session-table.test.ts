import {
  DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand, PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { emulatorOfTests, physicalId } from './subject-deployment';
import { SessionTable } from '../../../src';
import { env } from '../../helpers/network';

const { current, deployed } = emulatorOfTests();

async function tableOf(name: string) {
  const made = await deployed(name);
  const TableName = physicalId(made, (made.stack.node.findChild('Sessions') as SessionTable).table);
  return { TableName, dynamodb: new DynamoDBClient(current().clientConfig(env.region)) };
}

describe('SessionTable', () => {
  test('lets sessions expire, can be restored, is protected, and takes as much as comes', async () => {
    const { TableName, dynamodb } = await tableOf('SessionTable');
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(table).toMatchObject({ BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' }, DeletionProtectionEnabled: true });
    const { TimeToLiveDescription: expiry } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(expiry).toEqual({ AttributeName: 'expires', TimeToLiveStatus: 'ENABLED' });
    const { ContinuousBackupsDescription: backups } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus).toBe('ENABLED');
  });

  test('gives back what a web server has written', async () => {
    const { TableName, dynamodb } = await tableOf('SessionTable');
    const session = { id: { S: 'visitor-1' }, cart: { S: 'two chairs' }, expires: { N: '1900000000' } };
    await dynamodb.send(new PutItemCommand({ TableName, Item: session }));
    const { Item: found } = await dynamodb.send(new GetItemCommand({ TableName, Key: { id: session.id }, ConsistentRead: true }));
    expect(found).toEqual(session);
  });

  test('has the capacity and the key that it is told to have', async () => {
    const { TableName, dynamodb } = await tableOf('SessionTable of provisioned capacity, with all options');
    const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(table).toMatchObject({
      KeySchema: [{ AttributeName: 'session', KeyType: 'HASH' }],
      ProvisionedThroughput: { ReadCapacityUnits: 10, WriteCapacityUnits: 10 },
      SSEDescription: { Status: 'ENABLED', SSEType: 'KMS' },
      DeletionProtectionEnabled: false,
    });
  });
});
