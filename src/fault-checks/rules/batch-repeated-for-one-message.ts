import { figuresOf } from '../../fault-simulation/template/figures';
import { asBoolean, firstUnknown, listOf } from '../../fault-simulation/template/value';
import { judgeFigures } from '../figures';
import { kindOfSource } from '../functions';
import { COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const batchRepeatedForOneMessage: Rule = {
  id: 'SQS8',
  title: 'A function repeats a whole batch of messages for one that fails',
  severity: 'warning',
  reason: 'One bad message sends all of its batch back. The good ones are worked on again, count an attempt each time, and go to the dead-letter queue with it.',
  sources: ['AWS Lambda Developer Guide, "Handling errors for an SQS event source in Lambda" (2026-11-21)'],
  fix: 'Add ReportBatchItemFailures to FunctionResponseTypes and let the function return what failed, or set BatchSize to 1.',
  types: ['AWS::Lambda::EventSourceMapping'],
  needsTopology: true,
  bad: `
Queue: {Type: AWS::SQS::Queue}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: worker}}`,
  good: `
Queue: {Type: AWS::SQS::Queue}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn, FunctionName: worker, FunctionResponseTypes: [ReportBatchItemFailures]}}`,
  judge: (mapping, topology) => {
    const { FunctionResponseTypes: answers, BatchSize: size, Enabled: enabled } = mapping.properties;
    if (asBoolean(enabled) === false || kindOfSource(mapping, topology) !== 'queue') { return NOT_APPLICABLE; }
    if (listOf(answers).includes('ReportBatchItemFailures')) { return COMPLIANT; }
    const judgement = judgeFigures(figuresOf(size, 10), 'FunctionResponseTypes', count =>
      count > 1 ? `a batch has up to ${count} messages, and all of them come back with one that fails` : undefined);
    const open = firstUnknown([answers, ...listOf(answers)]);
    return open && judgement.compliance === 'non-compliant' ? undecided(open.reason, 'FunctionResponseTypes') : judgement;
  },
};
