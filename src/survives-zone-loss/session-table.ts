import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { IMonitored } from '../monitoring/monitored';
import { createAlarm } from '../shared/alarms';
import { checkAttributeName } from '../shared/attribute-name';
import { ConfigurationError } from '../shared/configuration-error';
import { checkNotSnapshot, isProtected } from '../shared/removal-policy';

/**
 * Properties of `SessionTable`.
 */
export interface SessionTableProps {
  /**
   * The attribute that holds the id of a session, a string.
   *
   * @default 'id'
   */
  readonly partitionKeyName?: string;

  /**
   * The attribute that holds when a session ends, in seconds since 1970. DynamoDB deletes a session some time after that, within
   * a few days; who reads one looks whether it has ended.
   *
   * @default 'expires'
   */
  readonly timeToLiveAttribute?: string;

  /**
   * How the table is paid for, and so how far it goes: on demand takes what comes, provisioned capacity has an upper bound.
   *
   * @default - on demand
   */
  readonly billing?: dynamodb.Billing;

  /**
   * The key with which the table is encrypted.
   *
   * @default - DynamoDB's own, which costs nothing, and cannot be out of reach while DynamoDB is not
   */
  readonly encryption?: dynamodb.TableEncryptionV2;

  /**
   * Who is told by the alarms of the table, when they go off and when all is well again.
   *
   * @default - the alarms are made, and tell nobody
   */
  readonly alarmTopic?: ITopic;

  /**
   * What becomes of the table when it is removed from the stack.
   *
   * `RETAIN` keeps and protects it, `DESTROY` lets go of it with all sessions.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/**
 * What web servers remember of their clients, outside the web servers: when one is lost, the next one goes on with the session.
 *
 * **Survives**: the loss of any instance that uses it, and of a zone (DynamoDB keeps each item in three zones); data that were
 * deleted or overwritten can be restored, to a new table, to any second of the last 35 days.
 *
 * **Does not survive**: the loss of the Region.
 *
 * @example
 * declare const web: MultiAzWebTier;
 *
 * const sessions = new SessionTable(this, 'Sessions');
 * sessions.grantReadWriteData(web);
 */
export class SessionTable extends Construct implements IMonitored {
  /** The table. */
  public readonly table: dynamodb.TableV2;

  /** Requests that the table refuses for want of capacity, or could not answer. */
  public readonly alarms: cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, props: SessionTableProps = {}) {
    super(scope, id);

    const keyName = props.partitionKeyName ?? 'id';
    const timeToLiveAttribute = props.timeToLiveAttribute ?? 'expires';
    const removalPolicy = props.removalPolicy ?? RemovalPolicy.RETAIN;
    this.checkNames(keyName, timeToLiveAttribute);
    checkNotSnapshot(this, removalPolicy, 'a table of sessions');

    this.table = new dynamodb.TableV2(this, 'Table', {
      partitionKey: { name: keyName, type: dynamodb.AttributeType.STRING },
      timeToLiveAttribute,
      billing: props.billing ?? dynamodb.Billing.onDemand(),
      encryption: props.encryption ?? dynamodb.TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: isProtected(removalPolicy),
      removalPolicy,
    });
    this.node.defaultChild = this.table;
    this.alarms = this.createAlarms(props.alarmTopic);
  }

  /**
   * Lets somebody read and write sessions.
   */
  public grantReadWriteData(grantee: iam.IGrantable): iam.Grant {
    return this.table.grantReadWriteData(grantee);
  }

  private checkNames(partitionKeyName: string, timeToLiveAttribute: string): void {
    checkAttributeName(this, 'partitionKeyName', partitionKeyName);
    checkAttributeName(this, 'timeToLiveAttribute', timeToLiveAttribute);
    if (partitionKeyName === timeToLiveAttribute) {
      throw new ConfigurationError(this, `'timeToLiveAttribute' is '${timeToLiveAttribute}', as is 'partitionKeyName'`,
        'give each an attribute of its own');
    }
  }

  private createAlarms(alarmTopic?: ITopic): cloudwatch.Alarm[] {
    const alarm = (id: string, alarmDescription: string, metric: cloudwatch.IMetric) => createAlarm(this, id, alarmTopic, {
      alarmDescription,
      metric,
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    return [
      alarm('Throttles', 'The table refuses requests, since they are more than its capacity.', new cloudwatch.MathExpression({
        expression: 'FILL(reads, 0) + FILL(writes, 0)',
        usingMetrics: { reads: this.metric('ReadThrottleEvents'), writes: this.metric('WriteThrottleEvents') },
        period: Duration.minutes(1),
      })),
      alarm('SystemErrors', 'DynamoDB fails to answer requests.', this.table.metricSystemErrorsForOperations({
        operations: [dynamodb.Operation.GET_ITEM, dynamodb.Operation.PUT_ITEM, dynamodb.Operation.UPDATE_ITEM, dynamodb.Operation.DELETE_ITEM],
        period: Duration.minutes(1),
      })),
    ];
  }

  private metric(metricName: string): cloudwatch.Metric {
    return this.table.metric(metricName, { statistic: 'Sum', period: Duration.minutes(1) });
  }
}
