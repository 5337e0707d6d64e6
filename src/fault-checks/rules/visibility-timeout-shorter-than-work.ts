import { functionOf } from '../../fault-simulation/functions';
import { figuresOf, span } from '../../fault-simulation/template/figures';
import { asBoolean, keysReferredTo } from '../../fault-simulation/template/value';
import { judgePairs } from '../figures';
import { Rule, undecided } from '../rule';
import { worstOf } from '../worst';


/** So often a function may try before the message comes back, as it is throttled while others run. */
const TIMES = 6;

export const visibilityTimeoutShorterThanWork: Rule = {
  id: 'SQS5',
  title: 'A visibility timeout is shorter than six times the timeout of the function that works on the queue',
  severity: 'warning',
  reason: 'While a backlog is worked off, invocations are throttled and tried again. Messages that come back meanwhile are worked on twice, and count attempts until they are put aside.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Simple Queue Service"',
    'AWS Lambda Developer Guide, "Creating and configuring an Amazon SQS event source mapping" (2026-11-21)',
  ],
  fix: 'Set VisibilityTimeout to six times the timeout of the function at least.',
  types: ['AWS::SQS::Queue'],
  needsTopology: true,
  bad: `
Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
Worker: {Type: AWS::Lambda::Function, Properties: {Timeout: 60, Code: {ZipFile: a}, Role: 'arn:aws:iam::111122223333:role/worker'}}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Worker}}`,
  good: `
Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 360}}
Worker: {Type: AWS::Lambda::Function, Properties: {Timeout: 60, Code: {ZipFile: a}, Role: 'arn:aws:iam::111122223333:role/worker'}}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: !Ref Worker}}`,
  judge: (queue, topology) => {
    const mappings = topology.whoMentions(queue.key, 'AWS::Lambda::EventSourceMapping').filter(({ properties }) =>
      keysReferredTo(properties.EventSourceArn).includes(queue.key) && asBoolean(properties.Enabled) !== false);
    const hidden = figuresOf(queue.properties.VisibilityTimeout, 30);
    return worstOf(mappings.map(({ properties }) => {
      const worker = functionOf(properties.FunctionName, topology);
      if (!worker) { return undecided('the function that works on it is not in the template', 'VisibilityTimeout'); }
      return judgePairs(hidden, figuresOf(worker.properties.Timeout, 3), 'VisibilityTimeout', (seconds, timeout) => seconds >= TIMES * timeout ? undefined
        : `messages stay hidden for ${span(seconds)}, and ${worker.key} may take ${span(timeout)} for one attempt`);
    }));
  },
};
