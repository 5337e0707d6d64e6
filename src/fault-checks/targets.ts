import { leftOut, Places } from './cover';
import { mayMention } from './hidden';
import { broken, COMPLIANT, Judgement, undecided } from './rule';
import { placesOfGroup } from './spread';
import { crossZoneSettings, isCrossZone, membersOf, placesOfBalancer, targetGroupsOf, TARGETS } from '../fault-simulation/components/balancers';
import { hostsOf, tasksOf } from '../fault-simulation/components/serverless';
import { distinct } from '../fault-simulation/components/spread';
import { asBoolean, asNumber, at, firstUnknown, listOf, Reference, Unknown, Value } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';
import { nameOfZone, Place } from '../fault-simulation/zones';

/** Targets of a balancer that are started or registered together. */
export interface Targets {
  readonly of: string;
  readonly places: Places;
  /** Undefined where the template does not decide it. */
  readonly size: number | undefined;
  /** Whether nodes of all zones send to them, wherever they are. */
  readonly everywhere?: true;
}

/** What a target group of the second generation sends to. */
export function targetsOf(group: Resource, topology: Topology): readonly Targets[] {
  const fleets = membersOf(group, { topology }).map(member => fleetOf(member, topology));
  const open = topology.ofType(...TARGETS).flatMap((member): Targets[] => {
    const places = mayMention(member, group);
    return places ? [{ of: member.key, places, size: undefined }] : [];
  });
  return [...fleets, ...open, ...listOf(group.properties.Targets).map(target => targetOf(target, group, topology))];
}

/** What a classic balancer sends to. */
export function targetsOfClassic(balancer: Resource, topology: Topology): readonly Targets[] {
  const groups = topology.whoMentions(balancer.key, 'AWS::AutoScaling::AutoScalingGroup').map(group => fleetOf(group, topology));
  const instances = listOf(balancer.properties.Instances)
    .map((id): Targets => ({ of: balancer.key, places: [placeOfServer(id, topology)], size: 1 }));
  return [...groups, ...instances];
}

function fleetOf(fleet: Resource, topology: Topology): Targets {
  const { key: of, type, properties } = fleet;
  if (type !== 'AWS::ECS::Service') {
    return { of, places: placesOfGroup(fleet, topology), size: atLeastOne(asNumber(properties.DesiredCapacity ?? properties.MinSize)) };
  }
  const subnets = at(properties, 'NetworkConfiguration', 'AwsvpcConfiguration', 'Subnets');
  const hosts = hostsOf(fleet, { topology });
  const places = hosts instanceof Object ? placesOfGroup(hosts, topology)
    : subnets === undefined ? new Unknown(`where the tasks of ${of} run is not in the template`) : topology.zonesOfSubnets(subnets);
  const isOpen = properties.SchedulingStrategy === 'DAEMON'
    || topology.whoMentions(of, 'AWS::ApplicationAutoScaling::ScalableTarget').some(target => target.properties.MinCapacity instanceof Unknown);
  return { of, places, size: isOpen ? undefined : atLeastOne(tasksOf(fleet, topology)) };
}

/** A fleet of nought is started by hand or by a schedule: how many it then has is not known. */
function atLeastOne(size: number | undefined): number | undefined {
  return size === 0 ? undefined : size;
}

function targetOf(target: Value, { key: of, properties: { TargetType: type } }: Resource, topology: Topology): Targets {
  const zone = target instanceof Unknown ? target : at(target, 'AvailabilityZone');
  if (zone instanceof Unknown) { return { of, places: zone, size: undefined }; }
  if (zone === 'all') { return { of, places: [], size: 1, everywhere: true }; }
  const balancer = topology.resource(at(target, 'Id'));
  if (balancer?.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') {
    const places = placesOfBalancer(balancer, { topology });
    return { of, places, size: places instanceof Unknown ? undefined : places.length };
  }
  if (type === 'alb') { return { of, places: new Unknown(`the load balancer behind ${of} is not in the template`), size: undefined }; }
  return { of, places: [zone === undefined ? placeOfServer(at(target, 'Id'), topology) : topology.place(zone)], size: 1 };
}

function placeOfServer(id: Value | undefined, topology: Topology): Place {
  const server = topology.resource(id) ?? topology.withAddress(id)[0];
  return server?.type === 'AWS::EC2::Instance' ? topology.place(new Reference(server.key, 'AvailabilityZone'))
    : new Unknown('where a target stands is not in the template', `zone of ${JSON.stringify(id)}`);
}

/** What is so of a zone in which a balancer has a node and no target, or what leaves that open; undefined if each has one. */
function withoutTargets(places: Places, targets: readonly Targets[]): string | Unknown | undefined {
  if (places instanceof Unknown) { return places; }
  if (targets.some(({ everywhere }) => everywhere)) { return undefined; }
  if (targets.length === 0) { return new Unknown('its targets are not in the template'); }
  const empty = places.find(place => targets.every(one => typeof leftOut([place], one.places) === 'string'));
  if (typeof empty === 'string') { return `there is no target in ${nameOfZone(empty)}`; }
  // of nodes of which the zone is not known a condition may leave some out
  const nodes = distinct(places.filter(place => typeof place === 'string')).length;
  const most = targets.reduce<number | undefined>((sum, { size }) => sum === undefined || size === undefined ? undefined : sum + size, 0);
  if (most !== undefined && most < nodes) { return `there ${most === 1 ? 'is 1 target' : `are ${most} targets`} for ${nodes} zones`; }
  if (places.every(place => targets.some(one => fills(one) && leftOut([place], one.places) === undefined))) { return undefined; }
  const open = [...places, ...targets.flatMap(one => one.places instanceof Unknown ? [one.places] : one.places)];
  return firstUnknown(open) ?? new Unknown('how many targets there are in each zone is not in the template');
}

/** Whether there are as many as zones, over which they are spread evenly. */
function fills({ places, size }: Targets): boolean {
  return !(places instanceof Unknown) && size !== undefined && size >= distinct(places).length;
}

/** Application, network and gateway balancers that send to a target group. */
export function balancersOf(group: Resource, topology: Topology): readonly Resource[] {
  return topology.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').filter(balancer => targetGroupsOf(balancer, { topology }).includes(group));
}

/** What is against a balancer whose nodes keep to the targets of their zones, if they do, and one has none. */
export function judgeNodes(keeps: boolean | Unknown, places: Places, targets: readonly Targets[], property: string): Judgement {
  if (keeps === false) { return COMPLIANT; }
  const empty = withoutTargets(places, targets);
  if (empty === undefined) { return COMPLIANT; }
  const open = firstUnknown([empty, keeps]);
  return open ? undecided(open.reason, property) : broken(`${String(empty)}, and nodes keep to the targets of their zone`, property);
}

/** The same for what a balancer of the second generation sends to one of its target groups. */
export function judgeNodesFor(balancer: Resource, group: Resource, property: string, topology: Topology): Judgement {
  const [first] = crossZoneSettings(balancer, group).filter(value => value instanceof Unknown || asBoolean(value) !== undefined);
  const keeps = first instanceof Unknown ? first : !isCrossZone(balancer, group);
  return judgeNodes(keeps, placesOfBalancer(balancer, { topology }), targetsOf(group, topology), property);
}
