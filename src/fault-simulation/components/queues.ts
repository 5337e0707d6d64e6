import { consumersOf } from './consumers';
import { A_DAY, withMessages, withPoison, Worker } from './messages';
import { regional } from './network';
import { countedMembers, servedBy } from './tier';
import { Context } from '../model';
import { allOf, asNeeded, isLost, State, WELL, withData } from '../state';
import { asNumber } from '../template/value';
import { Resource } from '../template/world';

/** A queue stands for the work in it if the template shows who does it, else for its storage. */
export function stateOfQueue(queue: Resource, context: Context): State {
  const own = regional(queue, context);
  if (isLost(own)) { return withData(own, 'everything'); }
  const { topology, damage } = context;
  const workers = workersOn(queue, context);
  const parts = workers.map(({ consumer, state }) => {
    const members = countedMembers(topology.world.resource(consumer.key), topology);
    return { state: asWorker(queue, { consumer, state }), weight: members ?? 1, members };
  });
  const work = withMessages(queue, parts.length === 0 ? WELL : servedBy(parts, topology.needOf(queue)), workers, context);
  return damage.hits('poison-message', queue.key) ? withPoison(queue, work, workers, context) : work;
}

/** The same of a stream: each of those who read it has work of its own with it. */
export function stateOfStream(stream: Resource, context: Context): State {
  const own = regional(stream, context);
  if (isLost(own)) { return withData(own, 'everything'); }
  const work = allOf(workersOn(stream, context).map(worker => asWorker(stream, worker)));
  const kept = (asNumber(stream.properties.RetentionPeriodHours) ?? 24) * 3600;
  const away = isLost(work) ? A_DAY : work.later === 1 ? work.seconds : 0;
  return withData(work, work.now === undefined ? 'unknown' : kept < away ? 'minutes' : 'none');
}

function workersOn(queue: Resource, { topology, state }: Context): readonly Worker[] {
  return consumersOf(queue, topology).map(consumer => ({ consumer, state: state(consumer.key) }));
}

function asWorker(queue: Resource, { consumer: { key, property, certain }, state }: Worker): State {
  return asNeeded(state, { needer: queue.key, needed: key, property, certain });
}
