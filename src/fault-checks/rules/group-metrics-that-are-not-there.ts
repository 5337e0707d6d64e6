import { at, firstUnknown, listOf, Unknown, Value } from '../../fault-simulation/template/value';
import { BACKLOG_POLICY, WORKERS } from '../examples';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { groupMetricsAskedFor } from '../watching';

/** Whether a group reports a metric; all of them where a collection names none. */
function isCollected(metric: Value, collections: readonly Value[]): boolean | Unknown {
  const lists = collections.map(collection => collection instanceof Unknown ? collection : at(collection, 'Metrics'));
  if (lists.some(list => list === undefined || listOf(list).includes(metric))) { return true; }
  return firstUnknown([metric, ...lists, ...lists.flatMap(list => listOf(list))]) ?? false;
}

export const groupMetricsThatAreNotThere: Rule = {
  id: 'OBS5',
  title: 'An alarm or a policy goes by metrics that its group does not report',
  severity: 'warning',
  reason: 'A group reports its size only if it is told to. Until then the alarm never goes off, and the policy never scales, as there are no data.',
  sources: [
    'Amazon EC2 Auto Scaling API Reference, "EnableMetricsCollection" (2026-11-21)',
    'Amazon EC2 Auto Scaling User Guide, "Create a target tracking scaling policy using metric math" (2026-11-21)',
  ],
  fix: 'Give the group MetricsCollection: [{Granularity: 1Minute}].',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `${WORKERS()}${BACKLOG_POLICY}`,
  good: `${WORKERS('\n    MetricsCollection: [{Granularity: 1Minute}]')}${BACKLOG_POLICY}`,
  judge: (group, topology) => {
    const asked = groupMetricsAskedFor(group, topology);
    const { MetricsCollection: collections } = group.properties;
    if (asked.length === 0) { return NOT_APPLICABLE; }
    if (collections instanceof Unknown) { return undecided(collections.reason, 'MetricsCollection'); }
    const judged = asked.map(({ by, metric }) => ({ by, metric, collected: isCollected(metric, listOf(collections)) }));
    const missing = judged.find(({ collected }) => collected === false);
    if (missing) { return broken(`${missing.by} goes by ${JSON.stringify(missing.metric)}, which it does not report`, 'MetricsCollection'); }
    const open = firstUnknown(judged.map(({ collected }) => collected));
    return open ? undecided(open.reason, 'MetricsCollection') : COMPLIANT;
  },
};
