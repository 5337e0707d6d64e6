import { isDeadLetterQueue } from './dead-letters';
import { consumersOf } from '../fault-simulation/components/consumers';
import { isObject, keysReferredTo, listOf, Properties, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** The queues that a group works on, if that is what it is there for: a group behind a load balancer has requests to answer, too. */
export function queuesWorkedOnBy(group: Resource, topology: Topology): readonly Resource[] {
  const { TargetGroupARNs, LoadBalancerNames, TrafficSources } = group.properties;
  if ([TargetGroupARNs, LoadBalancerNames, TrafficSources].some(one => listOf(one).length > 0)) { return []; }
  return topology.ofType('AWS::SQS::Queue').filter(queue =>
    !isDeadLetterQueue(queue, topology) && consumersOf(queue, topology).some(({ key }) => key === group.key));
}

/** What changes the size of a group by itself. */
export function policiesOf(group: Resource, topology: Topology): readonly Resource[] {
  return topology.whoMentions(group.key, 'AWS::AutoScaling::ScalingPolicy', 'AWS::AutoScaling::ScheduledAction')
    .filter(({ properties }) => keysReferredTo(properties.AutoScalingGroupName).includes(group.key));
}

/** Every metric that is named anywhere in a value. */
export function metricsIn(value: Value | undefined): readonly Properties[] {
  if (Array.isArray(value)) { return value.flatMap(item => metricsIn(item)); }
  if (!isObject(value)) { return []; }
  const inner = Object.values(value).flatMap(one => metricsIn(one));
  return value.MetricName === undefined ? inner : [value, ...inner];
}
