import { asBoolean, firstUnknown, listOf, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { broken, COMPLIANT, Rule, undecided } from '../rule';

/** What can name an alarm as it is written down. */
const ASKERS = ['AWS::CloudWatch::CompositeAlarm', 'AWS::Route53::HealthCheck', 'AWS::CodeDeploy::DeploymentGroup', 'AWS::ECS::Service', 'AWS::FIS::ExperimentTemplate'];

/** Whether something else goes by the state of an alarm: another alarm, a health check, a deployment, or a rule for all alarms. */
function isAsked({ key, properties }: Resource, topology: Topology): boolean {
  const { AlarmName: name } = properties;
  const named = typeof name === 'string' && name !== ''
    && topology.ofType(...ASKERS).some(asker => asker.key !== key && JSON.stringify(asker.properties).includes(name));
  return named || topology.whoMentions(key).some(({ type }) => type !== 'AWS::CloudWatch::Dashboard')
    || topology.ofType('AWS::Events::Rule').some(rule => JSON.stringify(rule.properties.EventPattern ?? '').includes('"aws.cloudwatch"'));
}

export const alarmThatTellsNobody: Rule = {
  id: 'OBS2',
  title: 'An alarm has no action',
  severity: 'warning',
  reason: 'It turns red on a page that nobody looks at. Whoever it was made for learns of the outage from somebody else.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon CloudWatch"',
  ],
  fix: 'Give it a topic of people, or of a program, as AlarmActions, and leave ActionsEnabled on.',
  types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
  needsTopology: true,
  bad: `
Errors:
  Type: AWS::CloudWatch::Alarm
  Properties: {Namespace: Shop, MetricName: Errors, Statistic: Sum, Period: 60, EvaluationPeriods: 3, ComparisonOperator: GreaterThanThreshold, Threshold: 0}`,
  good: `
Operators: {Type: AWS::SNS::Topic}
Errors:
  Type: AWS::CloudWatch::Alarm
  Properties:
    {Namespace: Shop, MetricName: Errors, Statistic: Sum, Period: 60, EvaluationPeriods: 3, ComparisonOperator: GreaterThanThreshold, Threshold: 0, AlarmActions: [!Ref Operators]}`,
  judge: (alarm, topology) => {
    const { AlarmActions: actions, InsufficientDataActions: others, ActionsEnabled: enabled } = alarm.properties;
    if (isAsked(alarm, topology)) { return COMPLIANT; }
    if (asBoolean(enabled) === false) { return broken('its actions are switched off', 'ActionsEnabled'); }
    const all = [...listOf(actions), ...listOf(others)].filter(action => action !== '');
    const open = firstUnknown([enabled, ...all]);
    const known = all.some(action => !(action instanceof Unknown));
    if (open && (open === enabled || !known)) { return undecided(open.reason, open === enabled ? 'ActionsEnabled' : 'AlarmActions'); }
    return known ? COMPLIANT : broken('nothing happens when it goes off', 'AlarmActions');
  },
};
