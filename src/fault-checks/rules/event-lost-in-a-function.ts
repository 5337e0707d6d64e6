import { functionOf } from '../../fault-simulation/functions';
import { at, firstUnknown, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { invokedAsynchronously } from '../functions';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** Where a function, or what is configured for its invocations, puts events that fail. */
function destinationsOf(lambda: Resource, topology: Topology) {
  const { DeadLetterConfig: config, DeadLetterQueue: queue, EventInvokeConfig: own } = lambda.properties;
  const beside = topology.ofType('AWS::Lambda::EventInvokeConfig').filter(({ properties }) => functionOf(properties.FunctionName, topology) === lambda);
  return [
    config instanceof Unknown ? config : at(config, 'TargetArn'),
    // the serverless transform has names of its own
    at(queue, 'TargetArn'),
    ...[own, ...beside.map(({ properties }) => properties)].flatMap(one => {
      const destinations = at(one, 'DestinationConfig');
      const failed = at(destinations, 'OnFailure');
      return [destinations, failed].find(part => part instanceof Unknown) ?? at(failed, 'Destination') ?? (at(failed, 'Type') ? failed : undefined);
    }),
  ];
}

export const eventLostInAFunction: Rule = {
  id: 'LAM2',
  title: 'A function that is invoked asynchronously has no destination for events that fail',
  severity: 'warning',
  reason: 'Lambda tries an event three times within minutes. If what the function needs is away for longer, the event is thrown away, and whoever sent it is not told.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Using Serverless Architectures for High Availability"',
    'AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation" (2026-11-21)',
  ],
  fix: 'Give the function an on-failure destination or a dead-letter queue.',
  types: ['AWS::Lambda::Function'],
  needsTopology: true,
  bad: `
Worker: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: a}, Role: 'arn:aws:iam::111122223333:role/worker'}}
Uploads: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Worker.Arn}]}}}
Permission: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Worker, Principal: s3.amazonaws.com}}`,
  good: `
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Worker: {Type: AWS::Lambda::Function, Properties: {Code: {ZipFile: a}, Role: 'arn:aws:iam::111122223333:role/worker', DeadLetterConfig: {TargetArn: !GetAtt Failed.Arn}}}
Uploads: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Event: 's3:ObjectCreated:*', Function: !GetAtt Worker.Arn}]}}}
Permission: {Type: AWS::Lambda::Permission, Properties: {Action: 'lambda:InvokeFunction', FunctionName: !Ref Worker, Principal: s3.amazonaws.com}}`,
  judge: (lambda, topology) => {
    const by = invokedAsynchronously(topology).get(lambda.key);
    if (by === undefined) { return NOT_APPLICABLE; }
    const destinations = destinationsOf(lambda, topology);
    if (destinations.some(one => one && !(one instanceof Unknown))) { return COMPLIANT; }
    const open = firstUnknown(destinations);
    return open ? undecided(open.reason, 'DeadLetterConfig') : broken(`events that it gets by ${by} and cannot work on are thrown away`, 'DeadLetterConfig');
  },
};
