import type { Fleet } from './fleet';
import { machineOf } from './machine';
import { Context } from '../model';
import { secondsOf } from '../recovery-times';
import { decidedBy, lost, State, undecided, WELL, Why, worse } from '../state';
import { asBoolean, asNumber, at, firstUnknown, listOf, Text, Value } from '../template/value';
import { Resource } from '../template/world';
import { Topology } from '../topology';
import { updatePolicyOf } from '../update-policy';

const PREFERENCES = 'UpdatePolicy.AutoScalingInstanceRefresh.Preferences';
/** Between two checkpoints, if a refresh does not say how long. */
const CHECKPOINT_DELAY = 3600;
/** An image that is looked up at each launch; a number at the end names one version of the parameter for good. */
const LOOKED_UP = /^resolve:ssm:(?!.*:\d+$)/;
/** Sizes at which it is tried whether the size matters. */
const ANY_SIZE = [1, 1000];

/** How a group stands that gets a version which starts, but passes no health check and sends no signal, in the way of its update policy. */
export function stateOfBadVersion({ resource: group, sizes, sized }: Fleet, { topology }: Context): State {
  const policy = updatePolicyOf(group, topology);
  const [rolling, refresh] = [at(policy, 'AutoScalingRollingUpdate'), at(policy, 'AutoScalingInstanceRefresh')];
  const open = firstUnknown([policy, rolling, refresh]);
  const remedy = 'an instance refresh of a group that looks at its balancer';
  if (open) { return undecided(open.reason, decidedBy(group, 'UpdatePolicy')); }
  if (rolling === undefined && refresh === undefined) {
    return undecided(`the template does not say how ${group.key} takes a new version`, decidedBy(group, 'UpdatePolicy', remedy));
  }
  const updated = (size: number) => refresh === undefined ? stateOfRollingUpdate(group, rolling, size, topology)
    : stateOfRefresh(group, refresh, size, topology);
  return sizes.map(size => {
    if (typeof size === 'number') { return updated(size); }
    const [one, many] = ANY_SIZE.map(updated);
    return one.now === many.now && one.later === many.later ? one : undecided(size, decidedBy(group, sized));
  }).reduce(worse);
}

function stateOfRollingUpdate(group: Resource, rolling: Value | undefined, size: number, topology: Topology): State {
  const decision = decidedBy(group, 'UpdatePolicy', 'a rolling update that waits for signals');
  if (asBoolean(at(rolling, 'WaitOnResourceSignals')) !== true) {
    return lost(`the update of ${group.key} waits for no signal, so every instance ends with the bad version`, decision);
  }
  const keeps = asNumber(at(rolling, 'MinInstancesInService')) ?? 0;
  const batch = asNumber(at(rolling, 'MaxBatchSize')) ?? 1;
  const why = { what: `the first batch of ${group.key} never signals, and the update is rolled back`, decision };
  return undone(group, Math.max(keeps, size - batch), size, secondsOf('updatePause'), why, topology);
}

/** Health checks hold a refresh back at its floor; alarms stop it when some are replaced; else it goes on to the last instance. */
function stateOfRefresh(group: Resource, refresh: Value, size: number, topology: Topology): State {
  const { HealthCheckType: checks, InstanceMaintenancePolicy: maintenance } = group.properties;
  const [preferences, strategy] = [at(refresh, 'Preferences'), at(refresh, 'Strategy')];
  const open = firstUnknown([checks, strategy, preferences, at(preferences, 'AlarmSpecification'), maintenance]);
  if (open) { return undecided(open.reason, decidedBy(group, 'UpdatePolicy')); }
  // root volumes are replaced without a look at the balancer
  const inPlace = strategy === 'ReplaceRootVolume';
  if (!inPlace && looksAtBalancer(group)) { return stateAtFloor(group, preferences, size, topology); }
  if (listOf(at(preferences, 'AlarmSpecification', 'Alarms')).length > 0) { return stateUnderAlarms(group, preferences, size, topology); }
  const decision = inPlace ? decidedBy(group, 'UpdatePolicy.AutoScalingInstanceRefresh.Strategy', 'Rolling')
    : decidedBy(group, 'HealthCheckType', 'ELB, with a target group');
  return lost(`the status checks of EC2 pass in ${group.key}, so that every instance ends with the bad version`, decision);
}

function looksAtBalancer({ properties }: Resource): boolean {
  const { HealthCheckType: checks, TargetGroupARNs, LoadBalancerNames, TrafficSources } = properties;
  return String(checks ?? '').includes('ELB') && [TargetGroupARNs, LoadBalancerNames, TrafficSources].some(attached => listOf(attached).length > 0);
}

/** At a floor of 100 % an old instance goes when a new one is healthy, which none ever is; below that, some go first, one at least. */
function stateAtFloor(group: Resource, preferences: Value | undefined, size: number, topology: Topology): State {
  const own = at(preferences, 'MinHealthyPercentage');
  const ofGroup = at(group.properties.InstanceMaintenancePolicy, 'MinHealthyPercentage');
  // -1 stands for none of its own
  const floor = own ?? (asNumber(ofGroup) === -1 ? undefined : ofGroup) ?? 100;
  const property = own === undefined ? 'InstanceMaintenancePolicy.MinHealthyPercentage' : `${PREFERENCES}.MinHealthyPercentage`;
  const percent = asNumber(floor);
  if (percent === undefined) { return undecided(`how much of ${group.key} a refresh keeps is not in the template`, decidedBy(group, property)); }
  const kept = percent >= 100 ? size : Math.min(size - 1, Math.ceil(size * percent / 100));
  const why = { what: `${size - kept} of ${size} in ${group.key} go for new ones that are never healthy`, decision: decidedBy(group, property, '100') };
  return undone(group, kept, size, secondsOf('refreshRetries') + secondsOf('relaunch'), why, topology);
}

/** An alarm stops a refresh that is under way: while it waits at its first checkpoint, or when all are replaced and it bakes. */
function stateUnderAlarms(group: Resource, preferences: Value | undefined, size: number, topology: Topology): State {
  const slowest = Math.max(...listOf(at(preferences, 'AlarmSpecification', 'Alarms')).map(alarm => secondsOfAlarm(topology.resource(alarm))));
  const delay = asNumber(at(preferences, 'CheckpointDelay') ?? CHECKPOINT_DELAY) ?? 0;
  const checkpoint = asNumber(listOf(at(preferences, 'CheckpointPercentages'))[0]) ?? 100;
  const replaced = checkpoint < 100 && delay > slowest ? Math.ceil(size * checkpoint / 100) : size;
  const bakes = asNumber(at(preferences, 'BakeTime') ?? 0) ?? 0;
  if (replaced === size && bakes <= slowest) {
    const decision = decidedBy(group, `${PREFERENCES}.BakeTime`, 'a bake time that is longer than the alarm takes');
    return undecided(`whether an alarm goes off before the refresh of ${group.key} is through is not in the template`, decision);
  }
  const decision = replaced === size ? decidedBy(group, 'HealthCheckType', 'ELB, with a target group') : decidedBy(group, `${PREFERENCES}.CheckpointPercentages`);
  const why = { what: `${replaced} of ${size} in ${group.key} are replaced before an alarm stops the refresh`, decision };
  return undone(group, size - replaced, size, secondsOf('refreshUndone'), why, topology);
}

/** How long an alarm takes to go off; not known of one that is not in the templates, or is made of others. */
function secondsOfAlarm(alarm: Resource | undefined): number {
  const metrics = listOf(alarm?.properties.Metrics).map(metric => at(metric, 'MetricStat', 'Period') ?? at(metric, 'Period'));
  const periods = [alarm?.properties.Period, ...metrics].flatMap(period => asNumber(period) ?? []);
  const evaluations = asNumber(alarm?.properties.EvaluationPeriods);
  return periods.length === 0 || evaluations === undefined ? Infinity : Math.max(...periods) * evaluations;
}

/** What is left is made whole again by the roll-back of the stack, if that launches the former version. */
function undone(group: Resource, kept: number, size: number, seconds: number, why: Why, topology: Topology): State {
  const stays = whyItStays(group, topology);
  if (kept >= size) { return stays ? { ...undecided(''), why: [stays] } : WELL; }
  const now = kept / size;
  return stays ? { now, later: now, seconds: 0, why: [why, stays] } : { now, later: 1, seconds, why: [why] };
}

/** Why whatever is launched from now on is of the bad version, after a roll-back too; undefined if it is not. */
function whyItStays(group: Resource, topology: Topology): Why | undefined {
  const mixed = at(group.properties, 'MixedInstancesPolicy', 'LaunchTemplate');
  const overrides = listOf(at(mixed, 'Overrides'));
  const templates = [at(group.properties, 'LaunchTemplate'), ...[mixed, ...overrides].map(one => at(one, 'LaunchTemplateSpecification'))];
  const version = templates.map(template => at(template, 'Version')).find(one => one === '$Latest' || one === '$Default');
  if (version !== undefined) {
    const decision = decidedBy(group, mixed === undefined ? 'LaunchTemplate.Version' : 'MixedInstancesPolicy', 'the number of a version, as by Fn::GetAtt');
    return { what: `${group.key} launches ${String(version)} of its launch template, which is bad after a roll-back, too`, decision };
  }
  const { properties, userData } = machineOf(group, topology);
  const images = [properties.ImageId, ...overrides.map(one => at(one, 'ImageId'))];
  if (!images.some(image => LOOKED_UP.test(String(image instanceof Text ? image.parts[0] : image)))) { return undefined; }
  const property = userData.replace(/UserData$/, 'ImageId');
  return { what: `${group.key} looks its image up at each launch, and finds the bad one after a roll-back, too`, decision: { property, remedy: 'the id of an image' } };
}
