import { CfnParameter, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { SessionTable, SessionTableProps } from '../../src';
import { shopStack, shopStackAnywhere } from '../helpers/network';

function tableIn({ stack = shopStack(), ...props }: SessionTableProps & { readonly stack?: Stack } = {}) {
  const sessions = new SessionTable(stack, 'Sessions', props);
  return { stack, sessions, template: () => Template.fromStack(stack) };
}

const TABLE = 'AWS::DynamoDB::GlobalTable';
const ALARM = 'AWS::CloudWatch::Alarm';

describe('SessionTable', () => {
  describe('by default', () => {
    test('has a string for the id, and lets sessions expire', () => {
      tableIn().template().hasResourceProperties(TABLE, {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      });
    });

    test('takes as much as comes', () => {
      tableIn().template().hasResourceProperties(TABLE, { BillingMode: 'PAY_PER_REQUEST' });
    });

    test('can be restored to any second, is protected, and stays', () => {
      tableIn().template().hasResource(TABLE, {
        Properties: {
          Replicas: [Match.objectLike({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true }, DeletionProtectionEnabled: true })],
        },
        DeletionPolicy: 'Retain',
      });
    });

    test('is encrypted with the key of DynamoDB', () => {
      tableIn().template().hasResourceProperties(TABLE, { SSESpecification: { SSEEnabled: false } });
    });
  });

  describe('when told', () => {
    test('names its attributes so', () => {
      tableIn({ partitionKeyName: 'session', timeToLiveAttribute: 'ends' }).template().hasResourceProperties(TABLE, {
        KeySchema: [{ AttributeName: 'session', KeyType: 'HASH' }],
        TimeToLiveSpecification: { AttributeName: 'ends', Enabled: true },
      });
    });

    test('has an upper bound that it scales up to', () => {
      const autoscaled = dynamodb.Capacity.autoscaled({ minCapacity: 10, maxCapacity: 50 });
      tableIn({ billing: dynamodb.Billing.provisioned({ readCapacity: autoscaled, writeCapacity: autoscaled }) })
        .template().hasResourceProperties(TABLE, {
          BillingMode: 'PROVISIONED',
          WriteProvisionedThroughputSettings: { WriteCapacityAutoScalingSettings: { MinCapacity: 10, MaxCapacity: 50 } },
        });
    });

    test('is encrypted with a key of the account', () => {
      const stack = shopStack();
      const key = new kms.Key(stack, 'Key');
      tableIn({ stack, encryption: dynamodb.TableEncryptionV2.customerManagedKey(key) }).template().hasResourceProperties(TABLE, {
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        Replicas: [Match.objectLike({ SSESpecification: { KMSMasterKeyId: stack.resolve(key.keyArn) } })],
      });
    });

    test('goes with its sessions', () => {
      tableIn({ removalPolicy: RemovalPolicy.DESTROY }).template().hasResource(TABLE, {
        Properties: { Replicas: [Match.objectLike({ DeletionProtectionEnabled: false })] }, DeletionPolicy: 'Delete',
      });
    });
  });

  test('lets somebody read and write sessions, in this table alone', () => {
    const { stack, sessions, template } = tableIn();
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
    sessions.grantReadWriteData(role);
    const [policy] = Object.values(template().findResources('AWS::IAM::Policy'));
    const statements: { readonly Action: string[]; readonly Resource: unknown }[] = policy.Properties.PolicyDocument.Statement;
    expect(statements.flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem']));
    expect(statements.map(({ Resource }) => Resource)).toEqual(statements.map(() => stack.resolve(sessions.table.tableArn)));
  });

  test('has alarms on throttles and on errors of DynamoDB, which tell the topic', () => {
    const stack = shopStack();
    const alarmTopic = new sns.Topic(stack, 'Topic');
    const { sessions, template } = tableIn({ stack, alarmTopic });
    expect(sessions.alarms.map(({ node }) => node.id)).toEqual(['Throttles', 'SystemErrors']);
    const common = { Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 5, DatapointsToAlarm: 3 };
    const told = { AlarmActions: [stack.resolve(alarmTopic.topicArn)], TreatMissingData: 'notBreaching' };
    const figure = (MetricName: string) => Match.objectLike({
      MetricStat: Match.objectLike({
        Metric: Match.objectLike({
          Namespace: 'AWS/DynamoDB', MetricName, Dimensions: Match.arrayWith([{ Name: 'TableName', Value: stack.resolve(sessions.table.tableName) }]),
        }),
      }),
    });
    template().hasResourceProperties(ALARM, {
      ...common, ...told, Metrics: Match.arrayWith([figure('ReadThrottleEvents'), figure('WriteThrottleEvents')]),
    });
    template().hasResourceProperties(ALARM, { ...common, ...told, Metrics: Match.arrayWith([figure('SystemErrors')]) });
  });

  test('stands in a stack without a Region, with names known at deployment', () => {
    const stack = shopStackAnywhere();
    const name = new CfnParameter(stack, 'Name').valueAsString;
    tableIn({ stack, timeToLiveAttribute: name }).template().resourceCountIs(TABLE, 1);
  });

  describe('refuses', () => {
    test.each<[string, SessionTableProps, string]>([
      ['one attribute for both', { timeToLiveAttribute: 'id' },
        "'timeToLiveAttribute' is 'id', as is 'partitionKeyName'; give each an attribute of its own"],
      ['no name', { partitionKeyName: '' }, "'partitionKeyName' is of 0 bytes; give a name of 1 to 255 bytes"],
      ['a name that is too long', { timeToLiveAttribute: 'é'.repeat(128) }, "'timeToLiveAttribute' is of 256 bytes; give a name of 1 to 255 bytes"],
      ['a snapshot', { removalPolicy: RemovalPolicy.SNAPSHOT },
        "'removalPolicy' is SNAPSHOT, but there is nothing in a table of sessions of which to take one; give RETAIN or DESTROY"],
    ])('%s', (_, props, message) => {
      const stack = shopStack();
      expect(() => tableIn({ stack, ...props })).toThrow(message);
      expect(() => tableIn(props)).toThrow("[SessionTable at 'Shop/Sessions']");
      expect(stack.node.findChild('Sessions').node.children).toEqual([]);
    });
  });
});
