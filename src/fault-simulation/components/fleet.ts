import { machineOf, needsOfMachine, needsStore } from './machine';
import { stateOfNeeds, wayFrom, wayOutside } from './reach';
import { distinct, isGone, mostIn, Spot } from './spread';
import { Context } from '../model';
import { Needs } from '../needs';
import { secondsOf } from '../recovery-times';
import { allOf, isLost, lost, State, undecided, WELL } from '../state';
import { asNumber, at, listOf, Reference, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { Place, placeOf, zoneCount } from '../zones';

/** What decides how a fleet of equal members stands, whatever it is made of. */
export interface Fleet {
  readonly key: string;
  readonly sizes: readonly (number | undefined)[];
  readonly subnets: readonly { readonly place: Place; readonly subnet?: Value }[];
  readonly needs: Needs;
  /** Undefined if nothing is ever started anew. */
  readonly relaunchSeconds: number | undefined;
  /** Members are started only where members are missing, also if the zone there is gone. */
  readonly balancedOnly: boolean;
}

/** An Auto Scaling group. */
export function stateOfGroup(group: Resource, context: Context): State {
  const { topology, damage } = context;
  const machine = machineOf(group, topology);
  const needs = needsOfMachine(group, machine, topology);
  const subnets = subnetsOf(group, context);
  if (subnets instanceof Unknown && damage.hasAnyZone) { return undecided(subnets.reason); }
  const hook = launchHookSeconds(group, needs, context);
  const own = stateOfFleet({
    key: group.key,
    sizes: sizesOf(group, context),
    subnets: subnets instanceof Unknown ? [{ place: subnets }] : subnets,
    needs,
    relaunchSeconds: hook === undefined ? undefined : secondsOf('relaunch') + hook,
    balancedOnly: at(group.properties, 'AvailabilityZoneDistribution', 'CapacityDistributionStrategy') === 'balanced-only',
  }, context);
  if (damage.hits('bad-version', group.key)) { return stateOfBadVersion(group, sizesOf(group, context)[0]); }
  const needed = stateOfNeeds(needs, group, context);
  return allOf([own, replacedWithStore(group, needs, needed, context)]);
}

/** A fleet by its zones, its size and the ways from there; what it needs besides is the caller's to add. */
export function stateOfFleet(fleet: Fleet, context: Context): State {
  const states = fleet.sizes.map(size => size === undefined
    ? undecided(`${fleet.key} has no instance by default, and nothing in the template says that it gets one`)
    : stateOfSize(fleet, size, context));
  return states.reduce(worse);
}

function stateOfSize(fleet: Fleet, size: number, context: Context): State {
  const { damage } = context;
  const spots = spotsOf(fleet, context);
  if (spots.length === 0) { return damage.hasAnyZone ? undecided(`${fleet.key} is in no subnet that can be read`) : WELL; }
  const open = spots.find(({ works, later }) => works === undefined || later === undefined);
  if (open) { return undecided(open.place instanceof Unknown ? open.place.reason : `what ${fleet.key} needs is not decided`); }
  const killed = (['instance', 'host'] as const).some(kind => damage.hits(kind, fleet.key)) ? 1 : 0;
  const hit = (bad: (spot: Spot) => boolean) => Math.min(size, mostBad(fleet, size, spots, bad) + killed);
  const now = (size - hit(({ works }) => !works)) / size;
  if (now === 1) { return WELL; }
  const unmended = (size - hit(({ later }) => !later)) / size;
  const dead = mostBad(fleet, size, spots, ({ up }) => !up) + killed;
  const later = dead > 0 ? Math.max(unmended, afterRelaunch(fleet, size, spots, context)) : unmended;
  const ways = Math.max(0, ...spots.map(({ seconds }) => seconds));
  const seconds = later <= now ? 0 : dead > 0 && later > unmended ? Math.max(fleet.relaunchSeconds ?? 0, ways) : ways;
  return { now, later: Math.max(now, later), seconds, why: reasons(fleet, size, dead, spots), data: lostWith(fleet, now, context) };
}

/** The most members that can be in spots of which this is true; all, if what is attached binds them there. */
function mostBad(fleet: Fleet, size: number, spots: readonly Spot[], bad: (spot: Spot) => boolean): number {
  const possible = spots.filter(spot => worksThere(fleet, spot));
  if (possible.length < spots.length && possible.length > 0) { return possible.some(bad) ? size : 0; }
  return mostIn(size, spots.length, spots.filter(bad).length);
}

function reasons({ key }: Fleet, size: number, dead: number, spots: readonly Spot[]): string[] {
  return [
    ...dead > 0 ? [`${key} loses up to ${Math.min(size, dead)} of ${size}`] : [],
    ...spots.some(({ up, works }) => up && !works) ? [`${key} loses a way, or a thing, that it needs`] : [],
  ];
}

/** What is attached to the only member goes with it, as far as that is lost. */
function lostWith(fleet: Fleet, now: number, context: Context): State['data'] {
  if (now > 0) { return undefined; }
  return fleet.needs.attached.map(({ resource }) => context.state(resource).data).find(data => data !== undefined && data !== 'none');
}

/** The share when what is dead has been started anew, as far as it can be. */
function afterRelaunch(fleet: Fleet, size: number, spots: readonly Spot[], context: Context): number {
  const up = spots.filter(spot => spot.up);
  const missesZone = fleet.balancedOnly && up.length < spots.length;
  if (fleet.relaunchSeconds === undefined || up.length === 0 || missesZone) { return 0; }
  if (fleet.needs.fetchesAtBoot && !bootsAnywhere(fleet, up, context)) { return 0; }
  const failing = up.filter(spot => !spot.later || !worksThere(fleet, spot)).length;
  return (size - mostIn(size, up.length, failing)) / size;
}

function bootsAnywhere(fleet: Fleet, up: readonly Spot[], context: Context): boolean {
  const places = new Set(up.map(({ place }) => place));
  return fleet.subnets.filter(({ place }) => places.has(place)).every(({ subnet }) => {
    const way = wayOutside(subnet, context);
    return way.later !== undefined && way.later > 0;
  });
}

function worksThere(fleet: Fleet, { place }: Spot): boolean {
  return bindings.get(fleet)?.every(allowed => allowed.some(one => samePlace(one, place))) ?? true;
}

/** For each thing that binds a fleet, the places where it can be used. */
const bindings = new WeakMap<Fleet, readonly (readonly Place[])[]>();

function spotsOf(fleet: Fleet, context: Context): Spot[] {
  const attached = fleet.needs.attached.map(reference => attachment(reference, fleet, context));
  bindings.set(fleet, attached.flatMap(({ places }) => places ? [places] : []));
  const shared = allOf([...attached.map(({ state }) => state), ...fleet.needs.boundZones.map(zone => stateOfZone(zone, context))]);
  const places = distinct(fleet.subnets.map(({ place }) => place));
  const gone = goneOf(places, context);
  return places.map((place, index) => {
    const ways = fleet.subnets.filter(one => samePlace(one.place, place)).map(({ subnet }) => wayFrom(subnet, fleet.needs, context));
    const way = allOf([...ways, shared]);
    const stands = (share: number | undefined) => {
      if (gone[index] === true) { return false; }
      return gone[index] === undefined || share === undefined ? undefined : share > 0;
    };
    const up = gone[index] === undefined ? undefined : !gone[index];
    return { place, works: stands(way.now), later: stands(way.later), seconds: way.seconds, up };
  });
}

/** Which of the places are gone. Of as many as the Region has zones, each in another one, one is gone with any zone. */
function goneOf(places: readonly Place[], { topology, damage }: Context): readonly (boolean | undefined)[] {
  const gone = places.map(place => isGone(place, damage));
  const one = damage.onlyZone;
  const asManyAsZones = one !== undefined && places.length === zoneCount(one.split('#')[0]);
  const everywhere = asManyAsZones && gone.every(state => state === undefined) && topology.areApart(places);
  return everywhere ? places.map((_, index) => index === 0) : gone;
}

function samePlace(one: Place, other: Place): boolean {
  return one === other || (one instanceof Unknown && other instanceof Unknown && one.identity === other.identity);
}

function stateOfZone(zone: string, { damage }: Context): State {
  const place = placeOf(zone);
  return typeof place === 'string' && damage.hasZone(place) ? lost(`a mount is bound to ${zone}`) : WELL;
}

/** How a thing stands that is mounted or attached, and where it can be. */
function attachment(reference: Reference, fleet: Fleet, context: Context): { state: State; places?: readonly Place[] } {
  const { topology } = context;
  const target = topology.resource(reference);
  if (!target) { return { state: WELL }; }
  switch (target.type) {
    case 'AWS::EC2::Volume': return { state: context.state(target.key), places: [topology.place(target.properties.AvailabilityZone)] };
    case 'AWS::EC2::NetworkInterface': return { state: context.state(target.key), places: [topology.zoneOfSubnet(target.properties.SubnetId)] };
    case 'AWS::EFS::MountTarget': return { state: context.state(target.key) };
    case 'AWS::EFS::FileSystem': {
      if (fleet.needs.boundZones.length > 0) { return { state: context.state(target.key) }; }
      const targets = topology.whoMentions(target.key, 'AWS::EFS::MountTarget');
      return { state: context.state(target.key), places: targets.map(({ properties }) => topology.zoneOfSubnet(properties.SubnetId)) };
    }
    default: return { state: context.state(target.key) };
  }
}

/** An outage of the store that is longer than the health check allows makes the group replace all of its instances. */
function replacedWithStore(group: Resource, needs: Needs, needed: State, { topology }: Context): State {
  const looksAtBalancer = String(group.properties.HealthCheckType ?? '').includes('ELB');
  if (!looksAtBalancer || needed.now !== 0 || isLost(needed) || !needsStore(needs, topology)) { return needed; }
  const checks = listOf(group.properties.TargetGroupARNs).flatMap(target => topology.resource(target) ?? [])
    .filter(({ properties }) => String(properties.HealthCheckProtocol ?? properties.Protocol ?? 'HTTP').startsWith('HTTP'));
  const patience = checks.map(({ properties }) =>
    (asNumber(properties.HealthCheckIntervalSeconds) ?? 30) * (asNumber(properties.UnhealthyThresholdCount) ?? 2));
  return patience.some(seconds => needed.seconds > seconds) ? { ...needed, seconds: needed.seconds + secondsOf('relaunch') } : needed;
}

function stateOfBadVersion(group: Resource, size = 1): State {
  const policy = at(group.raw as never, 'UpdatePolicy', 'AutoScalingRollingUpdate');
  if (policy === undefined) { return undecided(`the template does not say how ${group.key} takes a new version`); }
  const waits = String(at(policy, 'WaitOnResourceSignals')) === 'true';
  if (!waits) { return lost(`the update of ${group.key} waits for no signal, so every instance ends with the bad version`); }
  const keeps = asNumber(at(policy, 'MinInstancesInService')) ?? 0;
  const batch = asNumber(at(policy, 'MaxBatchSize')) ?? 1;
  const left = Math.max(keeps, size - batch);
  return { now: Math.min(1, left / size), later: 1, seconds: secondsOf('updatePause'), why: [`the first batch of ${group.key} never signals, and the update is rolled back`] };
}

/** Every steady size of a group: by default, and as scheduled. */
function sizesOf(group: Resource, { topology }: Context): (number | undefined)[] {
  const min = asNumber(group.properties.MinSize) ?? 0;
  const scheduled = topology.whoMentions(group.key, 'AWS::AutoScaling::ScheduledAction')
    .flatMap(({ properties }) => asNumber(properties.DesiredCapacity) ?? asNumber(properties.MinSize) ?? []);
  const scaled = topology.whoMentions(group.key, 'AWS::AutoScaling::ScalingPolicy').length > 0;
  return [asNumber(group.properties.DesiredCapacity) ?? min, ...scheduled].map(size => size > 0 ? size : scaled ? 1 : undefined);
}

function subnetsOf({ properties }: Resource, { topology }: Context): Fleet['subnets'] | Unknown {
  const { VPCZoneIdentifier: subnets, AvailabilityZones: zones } = properties;
  if (subnets !== undefined) {
    const places = topology.zonesOfSubnets(subnets);
    if (places instanceof Unknown) { return places; }
    const list = listOf(subnets);
    return places.map((place, index) => ({ place, subnet: list[index] }));
  }
  return zones instanceof Unknown ? zones : listOf(zones).map(zone => ({ place: placeOf(zone) }));
}

/** For how long a launch is held back; undefined if it never succeeds. */
function launchHookSeconds(group: Resource, needs: Needs, { topology }: Context): number | undefined {
  const beside = topology.whoMentions(group.key, 'AWS::AutoScaling::LifecycleHook').map(({ properties }) => properties);
  const within = listOf(group.properties.LifecycleHookSpecificationList);
  const launching = [...beside, ...within].filter(hook => String(at(hook, 'LifecycleTransition')).includes('LAUNCHING'));
  let seconds = 0;
  for (const hook of launching) {
    const completed = at(hook, 'NotificationTargetARN') !== undefined || needs.completesHook
      || topology.ofType('AWS::Events::Rule').some(({ properties }) => JSON.stringify(properties.EventPattern ?? '').includes('EC2 Instance-launch Lifecycle Action'));
    if (completed) { continue; }
    if (at(hook, 'DefaultResult') !== 'CONTINUE') { return undefined; }
    seconds += asNumber(at(hook, 'HeartbeatTimeout')) ?? secondsOf('launchHook');
  }
  return seconds;
}

/** Of two steady states, the one that is worse off. */
function worse(one: State, other: State): State {
  if (isLost(one) || isLost(other)) { return isLost(one) ? one : other; }
  if (one.now === undefined || other.now === undefined) { return one.now === undefined ? one : other; }
  if (one.now !== other.now) { return one.now < other.now ? one : other; }
  return (one.later ?? 0) <= (other.later ?? 0) ? one : other;
}
