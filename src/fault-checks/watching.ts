import { metricsIn } from './scaling';
import { at, firstUnknown, keysReferredTo, listOf, Properties, referencesIn, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** How alarms name a thing: by dimensions of its metrics, by its own name, or all of its namespace in a search. */
export interface Seen {
  readonly dimensions: readonly string[];
  readonly namespace: string;
  /** The property that gives it a name. */
  readonly name?: string;
}

export const SEEN_QUEUE: Seen = { dimensions: ['QueueName'], namespace: 'AWS/SQS', name: 'QueueName' };

/** Whether somebody is told of the state of one of these things. */
export function isWatched(things: readonly Resource[], seen: Seen, topology: Topology): boolean | Unknown {
  const judged = topology.ofType('AWS::CloudWatch::Alarm').filter(alarm => !onlyScales(alarm, topology)).map(alarm => {
    const watches = watchesAny(alarm, things, seen);
    return watches === true && alarm.presence === 'unknown' ? new Unknown(`whether ${alarm.key} is there is decided at deployment`) : watches;
  });
  return judged.includes(true) || (judged.find(one => one instanceof Unknown) ?? false);
}

/** An alarm that only changes the size of something tells nobody. */
function onlyScales({ properties: { AlarmActions: actions } }: Resource, topology: Topology): boolean {
  const all = listOf(actions);
  return all.length > 0 && all.every(action => topology.resource(action)?.type.endsWith('::ScalingPolicy'));
}

function watchesAny({ properties }: Resource, things: readonly Resource[], { dimensions, namespace, name }: Seen): boolean | Unknown {
  const metrics = metricsIn(properties);
  const given = metrics.flatMap(metric => listOf(metric.Dimensions));
  const values = given.filter(dimension => dimensions.includes(String(at(dimension, 'Name')))).map(dimension => at(dimension, 'Value'));
  const isMeant = ({ key, properties: own }: Resource) => referencesIn(given).some(({ resource }) => resource === key)
    || values.some(value => name !== undefined && own[name] !== undefined && JSON.stringify(value) === JSON.stringify(own[name]));
  if (things.some(isMeant) || searches(properties, namespace)) { return true; }
  const parts = [properties.Metrics, ...metrics.map(metric => metric.Dimensions), ...given, ...values];
  return firstUnknown(parts) ?? false;
}

/** Whether it asks for all metrics of a namespace. */
function searches({ Metrics: metrics }: Properties, namespace: string): boolean {
  return listOf(metrics).some(metric => {
    const expression = JSON.stringify(at(metric, 'Expression') ?? '');
    return /SEARCH\(|SELECT/.test(expression) && expression.includes(namespace);
  });
}

/** The metrics of a group, by their names, for which somebody asks. */
export function groupMetricsAskedFor(group: Resource, topology: Topology): readonly { readonly by: string; readonly metric: Value }[] {
  const { AutoScalingGroupName: name } = group.properties;
  const isMeant = (value: Value | undefined) => keysReferredTo(value).includes(group.key) || (typeof name === 'string' && value === name);
  return topology.ofType('AWS::CloudWatch::Alarm', 'AWS::AutoScaling::ScalingPolicy').flatMap(({ key, properties }) => metricsIn(properties)
    .filter(metric => metric.Namespace === 'AWS/AutoScaling' && listOf(metric.Dimensions).some(dimension => isMeant(at(dimension, 'Value'))))
    .map(metric => ({ by: key, metric: metric.MetricName })));
}
