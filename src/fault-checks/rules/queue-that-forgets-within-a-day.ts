import { figuresOf, span } from '../../fault-simulation/template/figures';
import { judgeFigures } from '../figures';
import { Rule } from '../rule';

/** After how long somebody has mended what works on a queue, as the simulation takes it. */
const RECOVERY = 24 * 3600;

export const queueThatForgetsWithinADay: Rule = {
  id: 'SQS2',
  title: 'A queue keeps messages for less than a day',
  severity: 'error',
  reason: 'What is in a queue waits for its consumers to come back. If they stay away for longer than it keeps messages, the work is lost, and not only late.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Simple Queue Service"',
    'Fault-Tolerant Components on AWS (2019), "Using Amazon SQS with Other AWS Infrastructure Web Services"',
  ],
  fix: 'Leave MessageRetentionPeriod out, which makes it four days, or set it to up to 14 days.',
  types: ['AWS::SQS::Queue'],
  needsTopology: false,
  bad: 'Queue: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 3600}}',
  good: 'Queue: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}',
  judge: ({ properties }) => judgeFigures(figuresOf(properties.MessageRetentionPeriod, 4 * RECOVERY), 'MessageRetentionPeriod', seconds =>
    seconds < RECOVERY ? `it keeps messages for ${span(seconds)}, and who works on them may be away for a day` : undefined),
};
