import { stateAfterHand } from './deletion';
import { isGone } from './spread';
import { countedMembers, servedBy } from './tier';
import { Context, stateFor } from '../model';
import { secondsOf } from '../recovery-times';
import { allOf, asNeeded, decidedBy, Dependence, interrupted, isLost, lost, State, sumOf, undecided, WELL } from '../state';
import { asBoolean, asNumber, at, listOf, Reference, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { keysIn } from '../topology';
import { Place } from '../zones';

/** All that is asked where no fault is looked at. */
type Within = Pick<Context, 'topology'>;

export const TARGETS = ['AWS::AutoScaling::AutoScalingGroup', 'AWS::ECS::Service'];

/** A load balancer of the second generation: its nodes, and all target groups that its listeners lead to. */
export function stateOfBalancer(balancer: Resource, context: Context): State {
  const { damage } = context;
  if (damage.hasRegion(balancer.region)) { return lost(`${balancer.key} is in the lost Region`); }
  const places = placesOfBalancer(balancer, context);
  if (places instanceof Unknown) { return damage.hasAnyZone ? undecided(places.reason, decidedBy(balancer, 'Subnets')) : stateOfTargets(balancer, undefined, context); }
  const nodes = stateOfNodes(balancer, places, context);
  if (isLost(nodes) || nodes.now === undefined) { return nodes; }
  // without cross-zone each node has the targets of its zone, and clients leave the nodes that have none: the share is the same
  return stateOfTargets(balancer, places, context);
}

/** One node of a balancer: what is known by its address alone. */
export function stateOfNode(balancer: Resource, place: Place, context: Context): State {
  const { damage } = context;
  const gone = isGone(place, damage);
  const decision = decidedBy(balancer, 'SubnetMappings', 'a name that leads to all nodes');
  if (gone === undefined) { return undecided(`the template does not say in which zone the node of ${balancer.key} is`, decision); }
  if (gone) { return lost(`the node of ${balancer.key} stands in the lost zone`, decision); }
  return allOf([...takenByHand(balancer, context), ...targetGroupsOf(balancer, context).map(group => isCrossZone(balancer, group)
    ? stateOfTargetsFor(balancer, group, undefined, context) : stateOfZoneTargets(balancer, group, place, context))]);
}

/** The targets of one zone, which are all that a node has without balancing across zones. */
function stateOfZoneTargets(balancer: Resource, group: Resource, place: Place, context: Context): State {
  const needed = (key: string, property: string) => asNeeded(context.state(key), { needer: balancer.key, needed: key, property, certain: true });
  const here = fixedTargetsOf(group, context).filter(({ key }) => placeOfTarget(key, context) === place);
  const fleets = membersOf(group, context);
  // how much of a fleet is in this zone is not known, but what stops all of it stops that too
  const down = fleets.map(({ key }) => needed(key, `${key}.TargetGroupARNs`)).find(({ now }) => now === undefined || now === 0);
  if (down) { return down; }
  const hit = fleets.some(({ key }) => context.damage.hits('instance', key) || context.damage.hits('host', key));
  const remedy = decidedBy(balancer, 'LoadBalancerAttributes', 'balancing across zones');
  if (hit) { return interrupted(secondsOf('relaunch'), `the only target in the zone of the node of ${balancer.key} may be the one that is gone`, remedy); }
  return here.length === 0 ? WELL : sumOf(here.map(({ key, property }) => ({ state: needed(key, property), weight: 1 })));
}

function placeOfTarget(key: string, { topology }: Context): Place | undefined {
  const target = topology.world.resource(key);
  return target?.type === 'AWS::EC2::Instance' ? topology.place(new Reference(key, 'AvailabilityZone')) : undefined;
}

function stateOfNodes(balancer: Resource, places: readonly Place[], { damage }: Context): State {
  // an application or network load balancer has its subnets in different zones: AWS refuses anything else
  if (damage.onlyZone !== undefined && places.length > 1 && places.some(place => place instanceof Unknown)) { return WELL; }
  const gone = places.map(place => isGone(place, damage));
  if (gone.includes(false)) { return WELL; }
  const decision = decidedBy(balancer, balancer.properties.SubnetMappings === undefined ? 'Subnets' : 'SubnetMappings', 'a subnet of another zone in it');
  if (!gone.includes(undefined)) { return lost(`every node of ${balancer.key} stands in the lost zone`, decision); }
  return undecided(`the template does not say in which zones ${balancer.key} is`, decision);
}

/** Where the nodes of a balancer of the second generation stand. */
export function placesOfBalancer({ properties }: Resource, { topology }: Within): readonly Place[] | Unknown {
  const mappings = topology.zonesOfMappings(properties.SubnetMappings);
  return mappings instanceof Unknown || mappings.length > 0 ? mappings : topology.zonesOfSubnets(properties.Subnets);
}

/** What is said of balancing across zones: the attribute of the target group goes before that of the balancer. */
export function crossZoneSettings(balancer: Resource, group: Resource): readonly (Value | undefined)[] {
  return [...listOf(group.properties.TargetGroupAttributes), ...listOf(balancer.properties.LoadBalancerAttributes)]
    .flatMap(one => {
      const key = one instanceof Unknown ? one : at(one, 'Key');
      return key instanceof Unknown ? [key] : key === 'load_balancing.cross_zone.enabled' ? [at(one, 'Value')] : [];
    });
}

export function isCrossZone(balancer: Resource, group: Resource): boolean {
  const { Type: type } = balancer.properties;
  return crossZoneSettings(balancer, group).map(asBoolean).find(value => value !== undefined) ?? (type === undefined || type === 'application');
}

function stateOfTargets(balancer: Resource, places: readonly Place[] | undefined, context: Context): State {
  const groups = targetGroupsOf(balancer, context);
  return allOf([...takenByHand(balancer, context), ...groups.map(group => stateOfTargetsFor(balancer, group, places, context))]);
}

/** Listeners and target groups that somebody has taken away, each of which clients need; beside others, not a listener that only redirects. */
function takenByHand(balancer: Resource, context: Context): readonly State[] {
  const all = listenersOf(balancer, context);
  const listeners = all.filter(one => all.length === 1 || leadsToTargets(one, context));
  return [...listeners, ...targetGroupsOf(balancer, context)].flatMap(one => {
    const state = stateAfterHand(one, context);
    const property = listeners.includes(one) ? `${one.key}.LoadBalancerArn` : leadTo(one, context);
    return state ? [asNeeded(state, { needer: balancer.key, needed: one.key, property, certain: true })] : [];
  });
}

function leadsToTargets(listener: Resource, { topology }: Within): boolean {
  return [listener, ...topology.whoMentions(listener.key, 'AWS::ElasticLoadBalancingV2::ListenerRule')].some(one =>
    [...topology.mentionedBy(one)].some(key => topology.world.resource(key)?.type === 'AWS::ElasticLoadBalancingV2::TargetGroup'));
}

/** The property that leads to a target group. */
function leadTo({ key }: Resource, { topology }: Within): string {
  const [listener] = topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::Listener');
  const [rule] = topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::ListenerRule');
  return listener ? `${listener.key}.DefaultActions` : `${rule?.key}.Actions`;
}

function listenersOf({ key }: Resource, { topology }: Within): readonly Resource[] {
  return topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::Listener');
}

/** All target groups that the listeners of a balancer lead to. */
export function targetGroupsOf(balancer: Resource, { topology }: Within): readonly Resource[] {
  const listeners = listenersOf(balancer, { topology });
  const rules = listeners.flatMap(({ key }) => topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::ListenerRule'));
  const actions = [...listeners, ...rules].flatMap(({ properties }) => [...listOf(properties.DefaultActions), ...listOf(properties.Actions)]);
  // a weight of nought gets nothing
  const forwards = actions.flatMap(action => [action, ...listOf(at(action, 'ForwardConfig', 'TargetGroups')).filter(one => asNumber(at(one, 'Weight')) !== 0)]);
  return [...new Set(forwards.flatMap(forward => topology.resource(at(forward, 'TargetGroupArn')) ?? []))];
}

/** A target group by itself, whatever balancer has it. */
export function stateOfTargetGroup(group: Resource, context: Context): State {
  return stateOfTargetsFor(group, group, undefined, context);
}

/** Targets stand in for each other, by their number; one in a zone that the balancer does not have gets nothing. */
function stateOfTargetsFor(balancer: Resource, group: Resource, places: readonly Place[] | undefined, context: Context): State {
  const { topology } = context;
  const needer = balancer.key;
  const parts = membersOf(group, context).map(member => {
    const dependence = { needer, needed: member.key, property: `${member.key}.${member.type === 'AWS::ECS::Service' ? 'LoadBalancers' : 'TargetGroupARNs'}`, certain: true };
    return { state: withinZones(member, places, dependence, context), weight: weightOf(member), members: countedMembers(member, topology) };
  });
  const fixed = fixedTargetsOf(group, context).map(({ key, property }) =>
    ({ state: asNeeded(context.state(key), { needer, needed: key, property, certain: true }), weight: 1, members: 1 }));
  const elsewhere = listOf(group.properties.Targets).length - fixed.length;
  if (elsewhere > 0 && context.damage.hasAnyZone && !isOutside(group)) {
    return undecided(`where ${elsewhere} of the targets of ${group.key} stand is not in the template`, decidedBy(group, 'Targets'));
  }
  const all = [...parts, ...fixed];
  if (all.length === 0) { return WELL; }
  // what is said of a balancer is said of its targets, if they are one group
  const thing = topology.needOf(group) || targetGroupsOf(balancer, context).length > 1 ? group : balancer;
  return servedBy(all, topology.needOf(thing));
}

/** Targets that are written down, by what they are. */
export function fixedTargetsOf(group: Resource, { topology }: Pick<Context, 'topology'>): readonly { readonly key: string; readonly property: string }[] {
  const property = `${group.key}.Targets`;
  return listOf(group.properties.Targets).flatMap(target => {
    const id = at(target, 'Id');
    if (id instanceof Reference) { return topology.resource(id) ? [{ key: id.resource, property }] : []; }
    return topology.withAddress(id).map(({ key }) => ({ key, property }));
  });
}

/** Addresses in another network, or on premises, are no zone's. */
function isOutside({ properties }: Resource): boolean {
  return listOf(properties.Targets).every(target => at(target, 'AvailabilityZone') === 'all');
}

/** What registers its members with a target group by itself. */
export function membersOf(group: Resource, { topology }: Within): readonly Resource[] {
  return topology.whoMentions(group.key, ...TARGETS);
}

function weightOf({ properties }: Resource): number {
  const size = asNumber(properties.DesiredCapacity) ?? asNumber(properties.DesiredCount) ?? asNumber(properties.MinSize) ?? 1;
  return Math.max(1, size); // a group of nought is judged as one of one
}

/** A fleet as a balancer sees it that stands in some of its zones only: the rest is no capacity. */
function withinZones(member: Resource, places: readonly Place[] | undefined, dependence: Dependence, context: Context): State {
  const state = asNeeded(context.state(member.key), dependence);
  const ofService = at(member.properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets');
  const subnets = context.topology.zonesOfSubnets(member.properties.VPCZoneIdentifier ?? ofService);
  if (!places || subnets instanceof Unknown || subnets.length === 0) { return state; }
  const served = subnets.filter(place => typeof place !== 'string' || places.some(own => own === place || own instanceof Unknown));
  if (served.length === subnets.length || isLost(state)) { return state; }
  const alive = served.filter(place => isGone(place, context.damage) === false).length;
  const size = weightOf(member);
  const perZone = Math.floor(size / subnets.length);
  const hit = context.damage.hits('instance', member.key) || context.damage.hits('host', member.key);
  const left = Math.max(0, perZone * alive - (hit ? 1 : 0));
  const whole = perZone * served.length;
  const decision = decidedBy(member, 'VPCZoneIdentifier', 'the zones of the balancer, all of them');
  if (whole === 0) { return undecided(`${member.key} may have no instance in a zone that its balancer has`, decision); }
  const relaunches = alive > 0;
  if (left === whole) { return WELL; }
  return {
    now: left / whole,
    later: relaunches ? 1 : left / whole,
    seconds: relaunches ? secondsOf('relaunch') : 0,
    why: [{ what: `what of ${member.key} the balancer reaches is in ${served.length} of its ${subnets.length} zones`, decision }],
  };
}

export function placesOfClassicBalancer({ properties }: Resource, { topology }: Within): readonly Place[] | Unknown {
  const { AvailabilityZones: zones, Subnets: listed } = properties;
  const subnets = topology.zonesOfSubnets(listed);
  if (zones instanceof Unknown || subnets instanceof Unknown) { return zones instanceof Unknown ? zones : subnets; }
  return [...listOf(zones).map(zone => topology.place(zone)), ...subnets];
}

/** A Classic Load Balancer: instances, or the groups that name it. */
export function stateOfClassicBalancer(balancer: Resource, context: Context): State {
  const { topology, damage } = context;
  const places = placesOfClassicBalancer(balancer, context);
  if (places instanceof Unknown) {
    if (damage.hasAnyZone) { return undecided(places.reason, decidedBy(balancer, 'Subnets')); }
  } else {
    const nodes = stateOfNodes(balancer, places, context);
    if (isLost(nodes) || nodes.now === undefined) { return nodes; }
  }
  const instances = keysIn(balancer.properties.Instances).map(key => ({ state: stateFor(balancer, key, 'Instances', context), weight: 1 }));
  const groups = topology.whoMentions(balancer.key, 'AWS::AutoScaling::AutoScalingGroup').map(group => {
    const dependence = { needer: balancer.key, needed: group.key, property: `${group.key}.LoadBalancerNames`, certain: true };
    return { state: asNeeded(context.state(group.key), dependence), weight: weightOf(group) };
  });
  const all = [...instances, ...groups];
  return all.length === 0 ? WELL : sumOf(all);
}
