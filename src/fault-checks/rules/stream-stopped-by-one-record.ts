import { figuresOf } from '../../fault-simulation/template/figures';
import { asBoolean, at, firstUnknown } from '../../fault-simulation/template/value';
import { judgeFigures } from '../figures';
import { kindOfSource } from '../functions';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const streamStoppedByOneRecord: Rule = {
  id: 'KIN1',
  title: 'A record that fails stops its part of a stream, or is dropped',
  severity: 'error',
  reason: 'Without bounds a function repeats a record that fails until it expires, a day later or more, and those behind it wait and expire with it. With bounds alone it is skipped, and nobody knows which it was.',
  sources: [
    'AWS Lambda Developer Guide, "Understanding retry behavior in Lambda" (2026-11-21)',
    'AWS Lambda API Reference, "GetEventSourceMapping", MaximumRetryAttempts (2026-11-21)',
  ],
  fix: 'Set MaximumRetryAttempts, BisectBatchOnFunctionError, and an on-failure destination for what is skipped.',
  types: ['AWS::Lambda::EventSourceMapping'],
  needsTopology: true,
  bad: `
Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
Mapping: {Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: worker, StartingPosition: TRIM_HORIZON}}`,
  good: `
Orders: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 2}}
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Mapping:
  Type: AWS::Lambda::EventSourceMapping
  Properties:
    EventSourceArn: !GetAtt Orders.Arn
    FunctionName: worker
    StartingPosition: TRIM_HORIZON
    MaximumRetryAttempts: 10
    BisectBatchOnFunctionError: true
    DestinationConfig: {OnFailure: {Destination: !GetAtt Failed.Arn}}`,
  judge: (mapping, topology) => {
    const { properties } = mapping;
    if (asBoolean(properties.Enabled) === false || kindOfSource(mapping, topology) !== 'stream') { return NOT_APPLICABLE; }
    const bounds = ['MaximumRetryAttempts', 'MaximumRecordAgeInSeconds'].map(name => judgeFigures(figuresOf(properties[name], -1), name, figure =>
      figure < 0 ? 'a record that fails is tried until it expires, and all behind it in its shard wait' : undefined));
    if (!bounds.includes(COMPLIANT)) { return bounds.find(({ compliance }) => compliance === 'unknown') ?? bounds[0]; }
    const failed = at(properties.DestinationConfig, 'OnFailure');
    const open = firstUnknown([properties.DestinationConfig, failed]);
    if (open) { return undecided(open.reason, 'DestinationConfig'); }
    return at(failed, 'Destination') ? COMPLIANT : broken('a record that fails too often is skipped, and put nowhere', 'DestinationConfig');
  },
};
