import { Duration, Stack, Token } from 'aws-cdk-lib';
import { Alarm, AlarmProps, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Grant, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ITopic } from 'aws-cdk-lib/aws-sns';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ConfigurationError } from './configuration-error';

/** Makes an alarm that tells `topic`, if there is one, when it goes off and when all is well again. */
export function createAlarm(scope: Construct, id: string, topic: ITopic | undefined, props: AlarmProps): Alarm {
  if (topic) { checkRegion(scope, topic); }
  const alarm = new Alarm(scope, id, props);
  if (topic) {
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    letPublish(scope, topic, 'cloudwatch.amazonaws.com');
  }
  return alarm;
}

function checkRegion(scope: Construct, topic: ITopic): void {
  const { region } = Stack.of(scope);
  if (topic.env.region === region || Token.isUnresolved(topic.env.region) || Token.isUnresolved(region)) { return; }
  throw new ConfigurationError(scope, `'alarmTopic' is ${topic.node.path} of ${topic.env.region}, and an alarm tells topics of its own Region only`,
    `give a topic of ${region}`);
}

/** Goes off when a message is in a queue that is for what failed. */
export function createDeadLetterAlarm(scope: Construct, id: string, topic: ITopic | undefined, queue: IQueue, alarmDescription: string): Alarm {
  return createAlarm(scope, id, topic, {
    alarmDescription,
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: Duration.minutes(1) }),
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 0,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
}

/**
 * Lets a service publish to `topic` on behalf of this account.
 *
 * Only the default policy of a topic does so by itself, and the first statement of another one (`enforceSSL` makes it)
 * takes its place. The policy of an imported topic is its owner's to change.
 */
export function letPublish(scope: Construct, topic: ITopic, service: string): Grant {
  const { account } = Stack.of(scope);
  const made = grants.get(topic) ?? new Map<string, Grant>();
  grants.set(topic, made);
  const grant = made.get(`${service} ${account}`) ?? topic.grantPublish(new ServicePrincipal(service, {
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  }));
  made.set(`${service} ${account}`, grant);
  return grant;
}

/** What is granted already, as a topic of many alarms would be asked for the same over and over. */
const grants = new WeakMap<ITopic, Map<string, Grant>>();
