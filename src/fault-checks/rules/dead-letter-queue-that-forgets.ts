import { deadLetterQueueOf, redriveOf } from '../../fault-simulation/dead-letters';
import { figuresOf, span } from '../../fault-simulation/template/figures';
import { asBoolean, at, firstUnknown, Unknown } from '../../fault-simulation/template/value';
import { judgePairs } from '../figures';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

const DAY = 24 * 3600;
/** A queue cannot keep messages for longer. */
const LONGEST = 14 * DAY;

export const deadLetterQueueThatForgets: Rule = {
  id: 'SQS3',
  title: 'A dead-letter queue keeps messages no longer than its source, or is of the other kind',
  severity: 'warning',
  reason: 'A message in a dead-letter queue is as old as it was in its source. What has waited there through an outage expires soon after it was put aside, before anybody looks.',
  sources: ['Amazon SQS Developer Guide, "Setting-up dead-letter queue retention in Amazon SQS" (2026-11-21)'],
  fix: 'Let the dead-letter queue keep messages for 14 days, and make it a FIFO queue if its source is one.',
  types: ['AWS::SQS::Queue'],
  needsTopology: true,
  bad: `
Failed: {Type: AWS::SQS::Queue}
Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}`,
  good: `
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Queue: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}}}`,
  judge: (queue, topology) => {
    const redrive = redriveOf(queue);
    if (redrive instanceof Unknown) { return undecided(redrive.reason, 'RedrivePolicy'); }
    if (!at(redrive, 'deadLetterTargetArn')) { return NOT_APPLICABLE; }
    const failed = deadLetterQueueOf(queue, topology);
    if (!failed) { return undecided('its dead-letter queue is not in the template', 'RedrivePolicy'); }
    const { FifoQueue: fifo = false } = queue.properties;
    const { FifoQueue: alsoFifo = false } = failed.properties;
    const open = firstUnknown([fifo, alsoFifo]);
    if (open) { return undecided(open.reason, 'FifoQueue'); }
    if (asBoolean(fifo) !== asBoolean(alsoFifo)) { return broken(`only one of it and ${failed.key} is a FIFO queue, which SQS refuses`, 'RedrivePolicy'); }
    // in a FIFO queue a message that is put aside starts anew
    if (asBoolean(fifo)) { return COMPLIANT; }
    const [own, theirs] = [queue, failed].map(({ properties }) => figuresOf(properties.MessageRetentionPeriod, 4 * DAY));
    return judgePairs(own, theirs, 'RedrivePolicy', (kept, longer) => longer > kept || longer >= LONGEST ? undefined
      : `${failed.key} keeps messages for ${span(longer)}, and this queue for ${span(kept)}`);
  },
};
