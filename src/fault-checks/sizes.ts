import { anyNumber, highestOf, lowestOf, Range, rangeOf } from './range';
import { placesOfGroup } from './spread';
import { distinct, mostIn } from '../fault-simulation/components/spread';
import { firstUnknown, Properties, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

/** Whether something in the templates makes a group larger and smaller. */
export function isScaled({ key }: Resource, topology: Topology): boolean {
  return topology.whoMentions(key, 'AWS::AutoScaling::ScalingPolicy', 'AWS::AutoScalingPlans::ScalingPlan').length > 0;
}

/** With how many instances a group stands while nothing scales it: as it is written down, and by each schedule, of which the smallest counts. */
export function steadySizeOf(group: Resource, topology: Topology): Range {
  const { DesiredCapacity: desired, MinSize: min } = group.properties;
  const written = highestOf([rangeOf(min ?? 0), ...desired === undefined ? [] : [rangeOf(desired)]]);
  const size = lowestOf([written, ...schedulesOf(group, topology, ({ DesiredCapacity, MinSize }) => DesiredCapacity ?? MinSize)]);
  return size.most > 0 || isScaled(group, topology) ? size
    : anyNumber(`${group.key} has no instance by default, and nothing in the template says that it gets one`);
}

/** How many instances a group keeps, whatever happens to its load. */
export function guaranteedSizeOf(group: Resource, topology: Topology): Range {
  if (!isScaled(group, topology)) { return steadySizeOf(group, topology); }
  return lowestOf([rangeOf(group.properties.MinSize ?? 0), ...schedulesOf(group, topology, ({ MinSize }) => MinSize)]);
}

/** The sizes that schedules set. What is switched off by one is meant to be off. */
function schedulesOf({ key }: Resource, topology: Topology, sizeOf: (properties: Properties) => Value | undefined): Range[] {
  return topology.whoMentions(key, 'AWS::AutoScaling::ScheduledAction').flatMap(({ properties }) => sizeOf(properties) ?? [])
    .map(rangeOf).filter(({ most }) => most > 0);
}

/** How many tasks a service keeps: as many as are asked for, or the least to which it is scaled. */
export function tasksOf({ key, properties }: Resource, topology: Topology): Range {
  if (properties.SchedulingStrategy === 'DAEMON') { return anyNumber(`${key} has a task for each instance`); }
  const scaled = topology.whoMentions(key, 'AWS::ApplicationAutoScaling::ScalableTarget').map(target => rangeOf(target.properties.MinCapacity));
  const tasks = highestOf([rangeOf(properties.DesiredCount ?? 1), ...scaled]);
  return tasks.most > 0 || scaled.length > 0 ? tasks : anyNumber(`${key} has no task by default, and nothing in the template says that it gets one`);
}

/** How many instances of a group are left at once when it loses a zone, the fullest of them. */
export function leftWithoutZone(group: Resource, topology: Topology): Range {
  const size = steadySizeOf(group, topology);
  const places = placesOfGroup(group, topology);
  if (places instanceof Unknown) { return { least: 0, most: size.most, why: places.reason }; }
  const different = distinct(places);
  const known = different.filter(place => typeof place === 'string').length;
  const open = firstUnknown(different);
  const fewest = topology.areApart(different) ? different.length : Math.max(known, Math.min(1, different.length));
  const left = (count: number, zones: number) => zones < 2 ? 0 : count === Infinity ? Infinity : count - mostIn(count, zones, 1);
  return { least: left(size.least, fewest), most: left(size.most, different.length), why: size.why ?? open?.reason };
}
