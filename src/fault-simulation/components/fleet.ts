import { hookFails, launchHookSeconds } from './launch-hooks';
import { machineOf, needsOfMachine, needsStore, takenTemplate } from './machine';
import { withoutProgram } from './programs';
import { stateOfNeed, stateOfNeeds, wayFrom, wayOutside, wayToService } from './reach';
import { stateOfBadVersion } from './rollout';
import { distinct, goneOf, mostIn, samePlace, Spot } from './spread';
import { SHALLOW_HEALTH_CHECK_METADATA } from '../../shared/health-check-metadata';
import { Context } from '../model';
import { Need, Needs } from '../needs';
import { secondsOf } from '../recovery-times';
import { allOf, decidedBy, downOf, isLost, isWell, lost, State, undecided, WELL, Why, worse } from '../state';
import { asNumber, at, listOf, Unknown, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';
import { Place, placeOf } from '../zones';

/** What decides how a fleet of equal members stands, whatever it is made of. */
export interface Fleet {
  readonly resource: Resource;
  /** Each steady size, and why it is not known where it is not. */
  readonly sizes: readonly (number | string)[];
  readonly subnets: readonly { readonly place: Place; readonly subnet?: Value }[];
  /** The property that gives the subnets. */
  readonly spread: string;
  /** The property that gives the size. */
  readonly sized: string;
  readonly needs: Needs;
  readonly relaunchSeconds: number;
  /** Why nothing is ever started anew; undefined if something is. */
  readonly stopped: Why | undefined;
  /** Why nothing is started in another zone for what is gone with one; undefined if something is. */
  readonly held: Why | undefined;
  /** Whether all members may be in one place, or on one host. */
  readonly packed: boolean;
}

/** An Auto Scaling group. */
export function stateOfGroup(group: Resource, context: Context): State {
  const { damage } = context;
  const fleet = fleetOfGroup(group, context);
  const own = stateOfFleet(fleet, context);
  const needed = stateOfNeeds(fleet.needs, group, context);
  const hit = [
    ...damage.hits('bad-version', group.key) ? [stateOfBadVersion(fleet, context)] : [],
    ...damage.hits('program', group.key) ? [withoutProgram(group, leastOf(fleet), context)] : [],
  ];
  return withNeed(fleet, hit.length === 0 ? own : allOf([own, ...hit]), replacedWithStore(fleet, needed, context), context);
}

function fleetOfGroup(group: Resource, context: Context): Fleet {
  const { topology } = context;
  const needs = needsOfMachine(group, machineOf(group, topology), topology);
  const hook = launchHookSeconds(group, needs, topology);
  return {
    resource: group,
    sizes: sizesOf(group, context.topology),
    subnets: subnetsOf(group, context),
    spread: group.properties.VPCZoneIdentifier === undefined ? 'AvailabilityZones' : 'VPCZoneIdentifier',
    sized: group.properties.DesiredCapacity === undefined ? 'MinSize' : 'DesiredCapacity',
    needs,
    relaunchSeconds: secondsOf('relaunch') + (hook ?? 0),
    stopped: hook === undefined ? hookFails(group) : takenTemplate(group, context),
    held: whyHeld(group, topology),
    packed: false,
  };
}

/** By its spread, or by a shift away from the zone, which begins by itself and leaves what is gone where it was. */
function whyHeld(group: Resource, topology: Topology): Why | undefined {
  const { AvailabilityZoneDistribution: distribution, AvailabilityZoneImpairmentPolicy: impairment } = group.properties;
  if (at(distribution, 'CapacityDistributionStrategy') === 'balanced-only') {
    const decision = decidedBy(group, 'AvailabilityZoneDistribution', 'balanced-best-effort');
    return { what: `${group.key} goes on trying the zone that is gone`, decision };
  }
  const shifts = topology.whoMentions(group.key, 'AWS::ARCZonalShift::ZonalAutoshiftConfiguration')
    .some(({ properties }) => properties.ZonalAutoshiftStatus === 'ENABLED');
  if (!shifts || at(impairment, 'ImpairedZoneHealthCheckBehavior') !== 'IgnoreUnhealthy') { return undefined; }
  const decision = decidedBy(group, 'AvailabilityZoneImpairmentPolicy.ImpairedZoneHealthCheckBehavior', 'ReplaceUnhealthy');
  return { what: `${group.key} replaces nothing in a zone that a shift leads away from`, decision };
}

/** A fleet by its zones, its size and the ways from there; what it needs besides is the caller's to add. */
export function stateOfFleet(fleet: Fleet, context: Context): State {
  return fleet.sizes.map(size => typeof size === 'string' ? stateOfAnySize(fleet, size, context)
    : stateOfSize(fleet, size, context)).reduce(worse);
}

/** A fleet whose size is not known is well where one of any size is. */
function stateOfAnySize(fleet: Fleet, why: string, context: Context): State {
  return isWell(stateOfSize(fleet, 1, context)) ? WELL : undecided(why, decidedBy(fleet.resource, fleet.sized));
}

/** The smallest of the sizes that are known. */
function leastOf({ sizes }: Pick<Fleet, 'sizes'>): number | undefined {
  const known = sizes.flatMap(one => typeof one === 'number' ? [one] : []);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A fleet with what it needs, and with whether what is left is as much as has to be; of several sizes the smallest counts. */
export function withNeed({ resource, sizes }: Fleet, own: State, needed: State, { topology }: Context): State {
  const state = allOf([own, needed]);
  const need = topology.needOf(resource);
  const size = leastOf({ sizes });
  if (!need || size === undefined || state.now === undefined || state.now === 1) { return state; }
  const isEnough = (share = 0) => share * size >= need.count - 1e-9;
  // while all members are there, it is down only as long as what it needs is
  const short = isEnough(own.now) ? 0 : isEnough(own.later) ? own.seconds : Infinity;
  return { ...state, need: { met: isEnough(state.now), source: need.source }, down: Math.max(downOf(state), short) };
}

function stateOfSize(fleet: Fleet, size: number, context: Context): State {
  const { damage } = context;
  const { resource } = fleet;
  const spots = spotsOf(fleet, context).filter(({ up }) => up !== false || !context.elsewhere?.has(resource.key));
  if (spots.length === 0) { return damage.hasAnyZone ? undecided(`${resource.key} is in no subnet that can be read`, decidedBy(resource, fleet.spread)) : WELL; }
  const open = spots.find(({ works, later }) => works === undefined || later === undefined);
  if (open) {
    return open.up === undefined && open.place instanceof Unknown ? undecided(open.place.reason, decidedBy(resource, fleet.spread))
      : { ...undecided(`what ${resource.key} needs is not decided`), why: open.why };
  }
  const killed = damage.hits('all-instances', resource.key) ? size : (['instance', 'host'] as const).some(kind => damage.hits(kind, resource.key)) ? 1 : 0;
  const hit = (bad: (spot: Spot) => boolean) => Math.min(size, mostBad(fleet, size, spots, bad) + killed);
  const now = (size - hit(({ works }) => !works)) / size;
  if (now === 1) { return WELL; }
  const unmended = (size - hit(({ later }) => !later)) / size;
  const dead = mostBad(fleet, size, spots, ({ up }) => !up) + killed;
  const relaunch = relaunchOf(fleet, size, spots, context);
  if (dead > 0 && relaunch.share === undefined) { return { ...undecided(''), why: relaunch.why }; }
  const later = dead > 0 ? Math.max(unmended, relaunch.share ?? 0) : unmended;
  const ways = Math.max(0, ...spots.map(({ seconds }) => seconds));
  const seconds = later <= now ? 0 : dead > 0 && later > unmended ? Math.max(fleet.relaunchSeconds, ways) : ways;
  const why = [...reasons(fleet, size, dead, spots), ...dead > 0 && later < 1 ? relaunch.why : []];
  return { now, later: Math.max(now, later), seconds, why, data: lostWith(fleet, now, context) };
}

/** The most members that can be in spots of which this is true; all, if what is attached binds them there. */
function mostBad(fleet: Fleet, size: number, spots: readonly Spot[], bad: (spot: Spot) => boolean): number {
  const possible = spots.filter(spot => worksThere(fleet, spot));
  if (possible.length < spots.length && possible.length > 0) { return possible.some(bad) ? size : 0; }
  return fleet.packed && spots.some(bad) ? size : mostIn(size, spots.length, spots.filter(bad).length);
}

function reasons({ resource, spread, sized }: Fleet, size: number, dead: number, spots: readonly Spot[]): Why[] {
  const byZone = spots.some(({ up }) => !up);
  const decision = byZone ? decidedBy(resource, spread, spots.length < 2 ? 'subnets of two or more zones' : undefined)
    : decidedBy(resource, sized, size < 2 ? 'two or more' : undefined);
  return [
    ...dead > 0 ? [{ what: `${resource.key} loses up to ${Math.min(size, dead)} of ${size}`, decision }] : [],
    ...spots.filter(({ up, works }) => up && !works).flatMap(({ why }) => why),
  ];
}

/** What is attached to the only member goes with it, as far as that is lost. */
function lostWith(fleet: Fleet, now: number, context: Context): State['data'] {
  if (now > 0) { return undefined; }
  return fleet.needs.attached.map(({ reference }) => context.state(reference.resource).data).find(data => data !== undefined && data !== 'none');
}

/** What becomes of what is dead. */
interface Relaunch {
  /** The share when it has been started anew, as far as it can be; undefined where that is not decided. */
  readonly share: number | undefined;
  readonly why: readonly Why[];
}

function relaunchOf(fleet: Fleet, size: number, spots: readonly Spot[], context: Context): Relaunch {
  const up = spots.filter(spot => spot.up);
  if (up.length === 0) { return { share: 0, why: [] }; }
  if (fleet.stopped) { return { share: 0, why: [fleet.stopped] }; }
  if (fleet.held && up.length < spots.length) { return { share: 0, why: [fleet.held] }; }
  const boot = bootIn(fleet, up, context);
  if (boot.later === undefined || boot.later === 0) { return { share: boot.later, why: boot.why }; }
  const failing = up.filter(spot => !spot.later || !worksThere(fleet, spot)).length;
  return { share: (size - mostIn(size, up.length, failing)) / size, why: up.flatMap(spot => spot.later ? [] : spot.why) };
}

/** How what new members fetch stands, from all of these places. */
function bootIn({ resource, needs, subnets }: Fleet, up: readonly Spot[], context: Context): State {
  const places = new Set(up.map(({ place }) => place));
  const ways = subnets.filter(({ place }) => places.has(place)).flatMap(({ subnet }) => [
    ...needs.fetchesAtBoot ? [wayOutside(resource.key, subnet, context)] : [],
    ...needs.bootServices.map(service => wayToService(resource.key, subnet, service, context)),
  ]);
  const all = allOf([...ways, ...needs.booting.map(need => stateOfNeed(need, resource, context))]);
  return { ...all, why: all.why.map(why => 'needer' in why ? { ...why, isForStart: true } : why) };
}

function worksThere(fleet: Fleet, { place }: Spot): boolean {
  return bindings.get(fleet)?.every(allowed => allowed.some(one => samePlace(one, place))) ?? true;
}

/** For each thing that binds a fleet, the places where it can be used. */
const bindings = new WeakMap<Fleet, readonly (readonly Place[])[]>();

function spotsOf(fleet: Fleet, context: Context): Spot[] {
  const attached = fleet.needs.attached.map(need => attachment(need, fleet, context));
  bindings.set(fleet, attached.flatMap(({ places }) => places ? [places] : []));
  const shared = allOf([...attached.map(({ state }) => state), ...fleet.needs.boundZones.map(zone => stateOfZone(zone, context))]);
  const places = distinct(fleet.subnets.map(({ place }) => place));
  const gone = goneOf(places, context);
  return places.map((place, index) => {
    const ways = fleet.subnets.filter(one => samePlace(one.place, place))
      .map(({ subnet }) => wayFrom(fleet.resource.key, subnet, fleet.needs, context));
    const way = allOf([...ways, shared]);
    const stands = (share: number | undefined) => {
      if (gone[index] === true) { return false; }
      return gone[index] === undefined || share === undefined ? undefined : share > 0;
    };
    const up = gone[index] === undefined ? undefined : !gone[index];
    return { place, works: stands(way.now), later: stands(way.later), seconds: way.seconds, up, why: way.why };
  });
}

function stateOfZone(zone: string, { damage }: Context): State {
  const place = placeOf(zone);
  return typeof place === 'string' && damage.hasZone(place) ? lost(`a mount is bound to ${zone}`) : WELL;
}

/** How a thing stands that is mounted or attached, and where it can be. */
function attachment(need: Need, fleet: Fleet, context: Context): { state: State; places?: readonly Place[] } {
  const { topology } = context;
  const target = topology.resource(need.reference);
  const state = stateOfNeed(need, fleet.resource, context);
  if (!target) { return { state }; }
  switch (target.type) {
    case 'AWS::EC2::Volume': return { state, places: [topology.place(target.properties.AvailabilityZone)] };
    case 'AWS::EC2::NetworkInterface': return { state, places: [topology.zoneOfSubnet(target.properties.SubnetId)] };
    case 'AWS::EFS::FileSystem': {
      if (fleet.needs.boundZones.length > 0) { return { state }; }
      const targets = topology.whoMentions(target.key, 'AWS::EFS::MountTarget');
      return { state, places: targets.map(({ properties }) => topology.zoneOfSubnet(properties.SubnetId)) };
    }
    default: return { state };
  }
}

/** An outage of the store that is longer than the health check allows makes the group replace all of its instances, if it can. */
function replacedWithStore(fleet: Fleet, needed: State, context: Context): State {
  const { resource: group, needs } = fleet;
  const { topology } = context;
  const looksAtBalancer = String(group.properties.HealthCheckType ?? '').includes('ELB');
  if (!looksAtBalancer || needed.now !== 0 || isLost(needed) || !needsStore(needs, topology)) { return needed; }
  const { TargetGroupARNs, TrafficSources } = group.properties;
  const sources = [...listOf(TargetGroupARNs), ...listOf(TrafficSources).map(source => at(source, 'Identifier'))];
  const checks = sources.flatMap(target => topology.resource(target) ?? [])
    .filter(({ properties, raw }) => String(properties.HealthCheckProtocol ?? properties.Protocol ?? 'HTTP').startsWith('HTTP')
      && raw.Metadata?.[SHALLOW_HEALTH_CHECK_METADATA] !== true);
  const patience = checks.map(({ properties }) =>
    (asNumber(properties.HealthCheckIntervalSeconds) ?? 30) * (asNumber(properties.UnhealthyThresholdCount) ?? 2));
  if (!patience.some(seconds => needed.seconds > seconds)) { return needed; }
  const relaunch = relaunchOf(fleet, 1, spotsOf(fleet, context), context);
  const decision = decidedBy(group, 'HealthCheckType', 'a health check that does not need the store, or one of EC2');
  const replaced: Why = { what: `the health check of ${group.key} fails with the store, so that all of its instances are replaced`, decision };
  const seconds = needed.seconds + secondsOf('relaunch');
  return { ...needed, later: relaunch.share, seconds, down: undefined, why: [...needed.why, ...relaunch.why, replaced] };
}

/** Every steady size of a group, by default and as scheduled, or why it is not known. */
export function sizesOf(group: Resource, topology: Topology): (number | string)[] {
  const { DesiredCapacity: desired, MinSize: min } = group.properties;
  const scheduled = topology.whoMentions(group.key, 'AWS::AutoScaling::ScheduledAction')
    .flatMap(({ properties }) => properties.DesiredCapacity ?? properties.MinSize ?? []);
  const scaled = topology.whoMentions(group.key, 'AWS::AutoScaling::ScalingPolicy').length > 0;
  return [desired ?? min ?? 0, ...scheduled].map(value => {
    const size = asNumber(value);
    if (size === undefined) { return value instanceof Unknown ? value.reason : `the size of ${group.key} is not a number`; }
    if (size > 0) { return size; }
    return scaled ? 1 : `${group.key} has no instance by default, and nothing in the template says that it gets one`;
  });
}

/** Subnets with their places; a list that is not known is one place that is not known. */
export function placed(subnets: Value | undefined, topology: Topology): Fleet['subnets'] {
  const places = topology.zonesOfSubnets(subnets);
  const list = listOf(subnets);
  return places instanceof Unknown ? [{ place: places }] : places.map((place, index) => ({ place, subnet: list[index] }));
}

/** The subnets of a group; of these only those in the listed zones, if there is such a list. */
function subnetsOf({ properties }: Resource, { topology }: Context): Fleet['subnets'] {
  const { VPCZoneIdentifier: subnets, AvailabilityZones: zones } = properties;
  if (subnets !== undefined) {
    const all = placed(subnets, topology);
    const among = listOf(zones).map(zone => topology.place(zone));
    const isOpen = among.length === 0 || [...among, ...all.map(({ place }) => place)].some(place => typeof place !== 'string');
    return all.filter(({ place }) => isOpen || among.includes(place));
  }
  return zones instanceof Unknown ? [{ place: zones }] : listOf(zones).map(zone => ({ place: topology.place(zone) }));
}
