import { regional } from './network';
import { Context } from '../model';
import { allOf, asNeeded, isLost, State, WELL } from '../state';
import { documentOf } from '../template/json-text';
import { at, isObject, keysReferredTo, listOf, Value } from '../template/value';
import { Resource } from '../template/world';

/** Who gets what is published, as a resource of its own or within the topic. */
interface Subscription {
  readonly properties: Value;
  readonly property: string;
}

/** A topic stands for what is published on it getting into the queues that are subscribed to it. */
export function stateOfTopic(topic: Resource, context: Context): State {
  const own = regional(topic, context);
  // few faults are about a queue
  if (!context.damage.components.some(key => context.topology.world.resource(key)?.type === 'AWS::SQS::Queue')) { return own; }
  const subscriptions = subscriptionsTo(topic, context);
  const deliveries = subscriptions.flatMap(one => at(one.properties, 'Protocol') === 'sqs' ? [deliveryOf(topic, one, context)] : []);
  // of several that are lost the one of which most is lost
  return allOf([own, ...deliveries].sort((one, other) => Number(other.data === 'everything') - Number(one.data === 'everything')));
}

/** To a queue that is gone SNS tries once, and throws away what has no queue for dead letters. */
function deliveryOf(topic: Resource, { properties, property }: Subscription, context: Context): State {
  const { topology, damage, state } = context;
  const queue = topology.resource(at(properties, 'Endpoint'));
  const isHit = queue !== undefined && damage.touches(queue.key) && !damage.hits('poison-message', queue.key);
  if (!isHit || !isLost(state(queue.key))) { return WELL; }
  const target = at(documentOf(at(properties, 'RedrivePolicy')), 'deadLetterTargetArn');
  const isPutAside = target !== undefined && !keysReferredTo(target).some(key => isLost(state(key)));
  const delivery = asNeeded(state(queue.key), { needer: topic.key, needed: queue.key, property, certain: true });
  return { ...delivery, data: isPutAside ? 'none' : 'everything', messages: { end: isPutAside ? 'put-aside' : 'forgotten' } };
}

function subscriptionsTo({ key, properties }: Resource, { topology }: Context): readonly Subscription[] {
  const beside = topology.whoMentions(key, 'AWS::SNS::Subscription').filter(one => keysReferredTo(one.properties.TopicArn).includes(key));
  return [
    ...beside.map(one => ({ properties: one.properties, property: `${one.key}.Endpoint` })),
    ...listOf(properties.Subscription).filter(isObject).map(one => ({ properties: one, property: `${key}.Subscription` })),
  ];
}
