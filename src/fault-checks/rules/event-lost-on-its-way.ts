import { at, firstUnknown, isObject, listOf, referredTo, Unknown, Value } from '../../fault-simulation/template/value';
import { Topology } from '../../fault-simulation/topology';
import { comesAgain } from '../functions';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { worstOf } from '../worst';


/** Developers see that a pipeline did not start, and a line that is missing in a log does no harm. */
const HARMLESS = /:(codepipeline|codebuild|logs):|AWS::(CodePipeline|CodeBuild|Logs)::/;

function isHarmless(target: Value | undefined, topology: Topology): boolean {
  return HARMLESS.test(`${JSON.stringify(target)} ${referredTo(target).map(reference => topology.resource(reference)?.type).join(' ')}`);
}

export const eventLostOnItsWay: Rule = {
  id: 'EVT1',
  title: 'A target of an EventBridge rule has no dead-letter queue',
  severity: 'warning',
  reason: 'EventBridge tries for a day, and not at all where the target is gone or no longer lets it in. Then the event is dropped, and only a metric says so.',
  sources: ['Amazon EventBridge User Guide, "How EventBridge retries delivering events" (2026-11-21)'],
  fix: 'Give each target a DeadLetterConfig with a queue that lets EventBridge send to it.',
  types: ['AWS::Events::Rule'],
  needsTopology: true,
  bad: `
Queue: {Type: AWS::SQS::Queue}
Orders: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}, Targets: [{Id: queue, Arn: !GetAtt Queue.Arn}]}}`,
  good: `
Queue: {Type: AWS::SQS::Queue}
Failed: {Type: AWS::SQS::Queue, Properties: {MessageRetentionPeriod: 1209600}}
Orders:
  Type: AWS::Events::Rule
  Properties: {EventPattern: {source: [shop]}, Targets: [{Id: queue, Arn: !GetAtt Queue.Arn, DeadLetterConfig: {Arn: !GetAtt Failed.Arn}}]}`,
  judge: (rule, topology) => {
    if (comesAgain(rule)) { return NOT_APPLICABLE; }
    const { Targets: targets } = rule.properties;
    if (targets instanceof Unknown) { return undecided(targets.reason, 'Targets'); }
    return worstOf(listOf(targets).map(target => {
      const config = at(target, 'DeadLetterConfig');
      const open = firstUnknown([target, config]);
      if (open) { return undecided(open.reason, 'Targets'); }
      if (!isObject(target) || isHarmless(target.Arn, topology)) { return NOT_APPLICABLE; }
      return at(config, 'Arn') ? COMPLIANT : broken(`what its target ${JSON.stringify(target.Id)} does not take is dropped`, 'Targets');
    }));
  },
};
