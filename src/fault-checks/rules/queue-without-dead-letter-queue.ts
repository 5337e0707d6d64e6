import { consumersOf } from '../../fault-simulation/components/consumers';
import { redriveOf } from '../../fault-simulation/dead-letters';
import { at, Unknown } from '../../fault-simulation/template/value';
import { isDeadLetterQueue } from '../dead-letters';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const queueWithoutDeadLetterQueue: Rule = {
  id: 'SQS1',
  title: 'A queue that is worked on has no dead-letter queue',
  severity: 'warning',
  reason: 'A message that no consumer can work on comes back until it expires, holds up others meanwhile, and is then gone without anybody having seen it.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon Simple Queue Service"',
    'Amazon SQS Developer Guide, "Using dead-letter queues in Amazon SQS" (2026-11-21)',
  ],
  fix: 'Give it a redrive policy with a dead-letter queue that keeps messages longer than it does.',
  types: ['AWS::SQS::Queue'],
  needsTopology: true,
  bad: `
Queue: {Type: AWS::SQS::Queue}
Worker: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: a}, Role: 'arn:aws:iam::111122223333:role/worker'}}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Worker}}`,
  good: `
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}
Worker: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: a}, Role: 'arn:aws:iam::111122223333:role/worker'}}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Worker}}`,
  judge: (queue, topology) => {
    const consumers = consumersOf(queue, topology);
    if (consumers.length === 0 || isDeadLetterQueue(queue, topology)) { return NOT_APPLICABLE; }
    const redrive = redriveOf(queue);
    if (redrive instanceof Unknown) { return undecided(redrive.reason, 'RedrivePolicy'); }
    return at(redrive, 'deadLetterTargetArn') ? COMPLIANT
      : broken(`${consumers[0].key} works on its messages, and none that fails is put aside`, 'RedrivePolicy');
  },
};
