import { documentOf } from '../../fault-simulation/template/json-text';
import { asString, at, isObject, listOf, Unknown, Value } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { worstOf } from '../worst';


/** Protocols by which programs get notifications; people get them by others. */
const PROGRAMS = ['sqs', 'lambda', 'firehose', 'http', 'https'];

function judgeSubscription(subscription: Value, property: string): Judgement {
  const protocol = at(subscription, 'Protocol');
  const redrive = at(subscription, 'RedrivePolicy');
  if (redrive instanceof Unknown) { return undecided(redrive.reason, property); }
  if (at(documentOf(redrive), 'deadLetterTargetArn')) { return COMPLIANT; }
  if (protocol instanceof Unknown) { return undecided(protocol.reason, 'Protocol'); }
  if (!PROGRAMS.includes(asString(protocol)?.toLowerCase() ?? '')) { return NOT_APPLICABLE; }
  return broken(`what cannot be delivered by ${asString(protocol)} is thrown away`, property);
}

export const notificationLostOnItsWay: Rule = {
  id: 'SNS1',
  title: 'A subscription has no dead-letter queue',
  severity: 'warning',
  reason: 'SNS tries an HTTP endpoint for an hour at most, and a queue or function that is gone or no longer lets it in only once. Then the notification is thrown away.',
  sources: [
    'Amazon SNS Developer Guide, "Amazon SNS message delivery retries" (2026-11-21)',
    'Amazon SNS Developer Guide, "Amazon SNS dead-letter queues" (2026-11-21)',
  ],
  fix: 'Give the subscription a redrive policy with a dead-letter queue; one within a topic has to become a resource of its own for that.',
  types: ['AWS::SNS::Subscription', 'AWS::SNS::Topic'],
  needsTopology: false,
  bad: `
Topic: {Type: AWS::SNS::Topic}
Queue: {Type: AWS::SQS::Queue}
Subscription: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn}}`,
  good: `
Topic: {Type: AWS::SNS::Topic}
Queue: {Type: AWS::SQS::Queue}
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Subscription:
  Type: AWS::SNS::Subscription
  Properties: {TopicArn: !Ref Topic, Protocol: sqs, Endpoint: !GetAtt Queue.Arn, RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn}}`,
  judge: ({ type, properties }) => type === 'AWS::SNS::Subscription' ? judgeSubscription(properties, 'RedrivePolicy')
    : worstOf(listOf(properties.Subscription).filter(isObject).map(one => judgeSubscription(one, 'Subscription'))),
};
