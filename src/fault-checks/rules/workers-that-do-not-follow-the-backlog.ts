import { asString, at, firstUnknown, listOf, Properties, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { BACKLOG_POLICY, WORKERS } from '../examples';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { metricsIn, policiesOf, queuesWorkedOnBy } from '../scaling';

/** What a policy goes by: how busy the instances are, how many messages there are, or how much there is to do for each instance. */
type Signal = 'load' | 'messages' | 'backlog' | Unknown;

const OF_MACHINES = /cpu|memory|network|disk/i;

function signalsOf(policy: Resource, topology: Topology): readonly Signal[] {
  const { TargetTrackingConfiguration: tracked, PredictiveScalingConfiguration: predicted } = policy.properties;
  if (policy.type === 'AWS::AutoScaling::ScheduledAction') { return []; }
  if (tracked instanceof Unknown) { return [tracked]; }
  if (predicted !== undefined || at(tracked, 'PredefinedMetricSpecification') !== undefined) { return ['load']; }
  if (tracked !== undefined) { return [trackedSignal(at(tracked, 'CustomizedMetricSpecification'), policy.key)]; }
  const metrics = topology.whoMentions(policy.key, 'AWS::CloudWatch::Alarm').flatMap(({ properties }) => metricsIn(properties));
  if (metrics.length === 0) { return [new Unknown(`what triggers ${policy.key} is not in the template`)]; }
  // a step for each size of the backlog is a way of following it
  return metrics.map(signalOf).map(signal => signal === 'messages' ? 'backlog' : signal);
}

function trackedSignal(specification: Value | undefined, policy: string): Signal {
  const signals = metricsIn(specification).map(signalOf);
  if (signals.length === 0) { return new Unknown(`what ${policy} tracks is not in the template`); }
  const divides = listOf(at(specification, 'Metrics')).some(metric => JSON.stringify(at(metric, 'Expression') ?? '').includes('/'));
  if (signals.includes('messages')) { return divides ? 'backlog' : 'messages'; }
  return signals.find(signal => signal !== 'load') ?? 'load';
}

function signalOf({ Namespace: namespace, MetricName: name }: Properties): Signal {
  const open = firstUnknown([namespace, name]);
  if (open) { return open; }
  if (namespace === 'AWS/SQS') { return String(name).startsWith('ApproximateNumberOf') || name === 'NumberOfMessagesSent' ? 'messages' : 'backlog'; }
  return namespace === 'AWS/EC2' || OF_MACHINES.test(asString(name) ?? '') ? 'load' : 'backlog';
}

export const workersThatDoNotFollowTheBacklog: Rule = {
  id: 'SQS6',
  title: 'A worker group does not scale on what there is to do for each worker',
  severity: 'warning',
  reason: 'After an outage the queue is long and the workers may still look idle, as when they wait for something else. A group that scales on CPU does not grow then; one that tracks the number of messages does not know how many its workers get through.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Simple Queue Service"',
    'Amazon EC2 Auto Scaling User Guide, "Scaling policy based on Amazon SQS" (2026-11-21)',
  ],
  fix: 'Track the visible messages divided by the instances in service, or step up by the age of the oldest message.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `${WORKERS()}
Scaling:
  Type: AWS::AutoScaling::ScalingPolicy
  Properties:
    AutoScalingGroupName: !Ref Workers
    PolicyType: TargetTrackingScaling
    TargetTrackingConfiguration: {TargetValue: 50, PredefinedMetricSpecification: {PredefinedMetricType: ASGAverageCPUUtilization}}`,
  good: `${WORKERS()}${BACKLOG_POLICY}`,
  judge: (group, topology) => {
    const [queue] = queuesWorkedOnBy(group, topology);
    const signals = queue ? policiesOf(group, topology).flatMap(policy => signalsOf(policy, topology)) : [];
    if (signals.length === 0) { return NOT_APPLICABLE; }
    if (signals.includes('backlog')) { return COMPLIANT; }
    const open = firstUnknown(signals);
    if (open) { return undecided(open.reason); }
    return broken(signals.includes('messages') ? `it tracks how many messages ${queue.key} has, whatever its size`
      : `it works on ${queue.key}, and scales only on how busy its instances are`);
  },
};
