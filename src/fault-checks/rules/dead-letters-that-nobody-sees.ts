import { consumersOf } from '../../fault-simulation/components/consumers';
import { Unknown } from '../../fault-simulation/template/value';
import { isDeadLetterQueue } from '../dead-letters';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { isWatched, SEEN_QUEUE } from '../watching';

export const deadLettersThatNobodySees: Rule = {
  id: 'OBS4',
  title: 'No alarm watches a dead-letter queue',
  severity: 'warning',
  reason: 'Work that failed waits there for somebody, and expires after some days. If nobody is told, it is lost as it would be without the queue.',
  sources: [
    'Amazon SQS Developer Guide, "Creating alarms for dead-letter queues using Amazon CloudWatch" (2026-11-21)',
  ],
  fix: 'Have an alarm on ApproximateNumberOfMessagesVisible of the queue above nought.',
  types: ['AWS::SQS::Queue'],
  needsTopology: true,
  bad: `
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}`,
  good: `
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
Operators: {Type: AWS::SNS::Topic}
Waiting:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/SQS
    MetricName: ApproximateNumberOfMessagesVisible
    Dimensions: [{Name: QueueName, Value: !GetAtt Failed.QueueName}]
    Statistic: Maximum
    Period: 60
    EvaluationPeriods: 1
    ComparisonOperator: GreaterThanThreshold
    Threshold: 0
    AlarmActions: [!Ref Operators]`,
  judge: (queue, topology) => {
    if (!isDeadLetterQueue(queue, topology)) { return NOT_APPLICABLE; }
    // who works on it sees what is there
    const watched = consumersOf(queue, topology).length > 0 || isWatched([queue], SEEN_QUEUE, topology);
    if (watched instanceof Unknown) { return undecided(`an alarm may watch it: ${watched.reason}`); }
    return watched ? COMPLIANT : broken('no alarm of the stacks that are given has a metric of it, and nobody is shown to work on it');
  },
};
