import { redriveOf } from '../../fault-simulation/dead-letters';
import { figuresOf } from '../../fault-simulation/template/figures';
import { at, Unknown } from '../../fault-simulation/template/value';
import { judgeFigures } from '../figures';
import { NOT_APPLICABLE, Rule, undecided } from '../rule';

/** A worker that dies has received its messages once, and so has the one that is stopped with its zone. */
const LEAST = 3;
/** What SQS takes where nothing is given. */
const DEFAULT = 10;

export const messageGivenUpEarly: Rule = {
  id: 'SQS4',
  title: 'A queue gives messages up after fewer than three attempts',
  severity: 'warning',
  reason: 'Each worker that dies in the middle counts as an attempt. With one or two attempts the loss of an instance or a zone alone puts good messages aside, until somebody sends them back.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Simple Queue Service"',
    'Amazon SQS Developer Guide, "Using dead-letter queues in Amazon SQS" (2026-11-21)',
  ],
  fix: 'Set maxReceiveCount to 3 at least, or to 5 for a function.',
  types: ['AWS::SQS::Queue'],
  needsTopology: false,
  bad: `
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 1}}}`,
  good: `
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}`,
  judge: queue => {
    const redrive = redriveOf(queue);
    if (redrive instanceof Unknown) { return undecided(redrive.reason, 'RedrivePolicy'); }
    if (!at(redrive, 'deadLetterTargetArn')) { return NOT_APPLICABLE; }
    return judgeFigures(figuresOf(at(redrive, 'maxReceiveCount'), DEFAULT), 'RedrivePolicy.maxReceiveCount', count =>
      count < LEAST ? `a message is put aside after ${count === 1 ? 'one attempt' : `${count} attempts`}` : undefined);
  },
};
