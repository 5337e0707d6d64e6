import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { SessionTable } from '../src';

const app = new App();
const stack = new Stack(app, 'IntegSessionTable');
const { table } = new SessionTable(stack, 'Sessions', { removalPolicy: RemovalPolicy.DESTROY });

const test = new IntegTest(app, 'SessionTable', { testCases: [stack] });
const session = { id: { S: 'visitor-1' }, cart: { S: 'two chairs' }, expires: { N: '1900000000' } };
test.assertions.awsApiCall('DynamoDB', 'putItem', { TableName: table.tableName, Item: session })
  .next(test.assertions.awsApiCall('DynamoDB', 'getItem', { TableName: table.tableName, Key: { id: session.id } })
    .expect(ExpectedResult.objectLike({ Item: session })));
