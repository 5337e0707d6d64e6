import { Annotations, Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { IConstruct } from 'constructs';
import { InstanceFleet } from './instance-fleet';
import { MultiAzWebTierProps } from './multi-az-web-tier';
import { WebHealthCheck } from './web-health-check';
import { WebRouting } from './web-routing';
import { WebScaling } from './web-scaling';
import { ConfigurationError } from '../shared/configuration-error';
import { firstRepeated } from '../shared/lists';
import { checkFixedDuration, checkWholeNumber } from '../shared/numbers';
import { checkNotSnapshot } from '../shared/removal-policy';
import { capacityIn, FleetSizes, sizeForZoneLoss, warnOfSizes } from '../shared/zone-loss-sizing';
import { checkSeveralZones, inWords, isStillToBeLookedUp, selectSubnets, zoneOf, zonesOf } from '../shared/zones';

/** What the props of a web tier come to: checked, with every default filled in. */
export interface WebTierPlan extends MultiAzWebTierProps {
  readonly instanceSubnets: ec2.ISubnet[];
  readonly loadBalancerSubnets: ec2.ISubnet[];
  /** The zones of the instances, where they are known. */
  readonly zones?: string[];
  readonly instancePort: number;
  readonly healthCheck: WebHealthCheck;
  readonly routing: WebRouting;
  readonly sizes: FleetSizes;
  readonly fleet: InstanceFleet;
  readonly scaling: WebScaling[];
  readonly latencyLimit: Duration;
  readonly removalPolicy: RemovalPolicy;
}

/** Checks all that can be known before anything is made. */
export function planWebTier(scope: IConstruct, props: MultiAzWebTierProps): WebTierPlan {
  const instanceSubnets = selectSubnets(scope, 'vpcSubnets', props.vpc,
    props.vpcSubnets ?? { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS });
  checkSeveralZones(scope, 'vpcSubnets', instanceSubnets);
  const zones = zonesOf(instanceSubnets);
  const fleet = props.fleet ?? InstanceFleet.overAllZones();
  const capacity = capacityIn(props.vpc, { ...fleet._options, neededCapacity: props.neededCapacity, maxCapacity: props.maxCapacity });
  const plan = {
    ...props,
    instanceSubnets,
    loadBalancerSubnets: loadBalancerSubnets(scope, props, instanceSubnets),
    zones,
    instancePort: props.instancePort ?? 80,
    healthCheck: props.healthCheck ?? (props.endpoint._front.isForConnections ? WebHealthCheck.tcp() : WebHealthCheck.http('/')),
    routing: props.routing ?? WebRouting.roundRobin(),
    sizes: sizesOf(scope, fleet, sizeForZoneLoss(scope, zones?.length, capacity), zones?.length),
    fleet,
    scaling: props.scaling ?? [WebScaling.onCpuUtilization(50)],
    latencyLimit: props.latencyLimit ?? Duration.seconds(2),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
  };
  checkWholeNumber(scope, 'instancePort', plan.instancePort, { from: 1, to: 65535 });
  plan.instanceTemplate._check(scope);
  plan.healthCheck._check(scope);
  plan.routing._check(scope);
  plan.endpoint._front.check(scope, plan);
  fleet._check(scope, zones?.length, plan.instanceTemplate._spotPercentAboveMinimum() > 0);
  checkScaling(scope, plan);
  checkLatencyLimit(scope, props);
  checkNotSnapshot(scope, plan.removalPolicy, 'a web tier');
  warnOfSizes(scope, plan.sizes, zones?.length, capacity);
  warnOfFleet(scope, plan);
  return plan;
}

function checkLatencyLimit(scope: IConstruct, { latencyLimit, endpoint }: MultiAzWebTierProps): void {
  if (!latencyLimit) { return; }
  checkFixedDuration(scope, 'latencyLimit', latencyLimit, { from: 1, to: 4000 });
  if (endpoint._front.isForConnections) {
    throw new ConfigurationError(scope, "'latencyLimit' is given, but 'endpoint' is a network load balancer, which sees connections and no requests",
      'leave it out, or take an endpoint by HTTP or HTTPS');
  }
}

function checkScaling(scope: IConstruct, { scaling, sizes, endpoint, vpc }: WebTierPlan): void {
  const range = isStillToBeLookedUp(vpc) ? { min: 0, max: Infinity } : sizes;
  scaling.forEach(one => one._check(scope, range));
  const twice = firstRepeated(scaling.flatMap(one => one._claims()));
  if (twice !== undefined) {
    throw new ConfigurationError(scope, `'scaling' goes by ${twice} twice, and EC2 Auto Scaling takes that once`,
      'leave one of them out, or give another figure or time');
  }
  if (endpoint._front.isForConnections && scaling.some(one => one._isOfRequests)) {
    throw new ConfigurationError(scope, "'scaling' is on the number of requests, but 'endpoint' is a network load balancer, which sees connections and no requests",
      'scale on something else, such as WebScaling.onNetworkIn, or take an endpoint by HTTP or HTTPS');
  }
}

/** The sizes of the fleet; of groups that are all alike, no fewer instances than are to run, and no more than may. */
function sizesOf(scope: IConstruct, { isPerZone }: InstanceFleet, sizes: FleetSizes, zones: number | undefined): FleetSizes {
  if (!isPerZone || zones === undefined) { return sizes; }
  const { need, min, max } = sizes;
  if (Token.isUnresolved(max)) {
    throw new ConfigurationError(scope, "'maxCapacity' is not known at synth, and it is shared out over the groups of InstanceFleet.inEachZone", 'give a number');
  }
  const [each, most] = [Math.ceil(min / zones), Math.floor(max / zones)];
  if (most < each) {
    throw new ConfigurationError(scope, `'maxCapacity' is ${max}, which lets ${most} run in each of ${zones} zones, and ${each} always do`,
      `give ${zones * each} or more`);
  }
  return { need, min: zones * each, max: zones * most };
}

/** Says where the promise is kept but weak. */
function warnOfFleet(scope: IConstruct, { fleet, sizes, zones = [] }: WebTierPlan): void {
  const { zoneFailureTolerance = 1 } = fleet._options;
  const refilled = sizes.max / zones.length * (zones.length - zoneFailureTolerance);
  if (fleet.isPerZone && sizes.max > sizes.min && refilled < sizes.min) {
    Annotations.of(scope).addWarningV2('cdk-fault-tolerance:maxStopsRefill',
      `'maxCapacity' lets ${sizes.max} run: without ${zoneFailureTolerance} of ${zones.length} zones the groups of the others grow to ${refilled} instances together, `
      + `and not to the ${sizes.min} that always run else; give ${Math.ceil(sizes.min / (zones.length - zoneFailureTolerance)) * zones.length} or more`);
  }
  const groups = fleet.isPerZone ? zones.length : 1;
  const kept = groups * Math.floor(sizes.min / groups * fleet._rollout._minHealthyPercentage / 100);
  if (kept < sizes.need) {
    Annotations.of(scope).addWarningV2('cdk-fault-tolerance:rolloutBelowNeed',
      `'fleet.rollout.minHealthyPercentage' leaves ${kept} of ${sizes.min} instances in service, fewer than the ${sizes.need} that are needed; `
      + `give ${Math.ceil(100 * sizes.need / sizes.min)} or more`);
  }
  if (fleet._isBalancedOnly) {
    Annotations.of(scope).addWarningV2('cdk-fault-tolerance:noRefill',
      "'fleet.distribution' is BALANCED_ONLY: while a zone is lost, what it had is not launched in the others; take BALANCED_BEST_EFFORT");
  }
}

/** The sizes of one of the groups of a fleet with a group in each zone. */
export function shareOf({ min, max }: FleetSizes, groups: number): Pick<FleetSizes, 'min' | 'max'> {
  return { min: min / groups, max: max / groups };
}

/** One subnet in each zone of the instances: a load balancer sends nothing to a zone in which it does not stand. */
function loadBalancerSubnets(scope: IConstruct, { vpc, endpoint }: MultiAzWebTierProps, instanceSubnets: ec2.ISubnet[]): ec2.ISubnet[] {
  const candidates = endpoint.isPublic ? vpc.publicSubnets : instanceSubnets;
  const zones = zonesOf(instanceSubnets);
  if (!zones || !zonesOf(candidates)) { return candidates; }
  const missing = zones.filter(zone => !candidates.some(subnet => zoneOf(subnet) === zone));
  if (missing.length > 0) {
    throw new ConfigurationError(scope,
      `'endpoint' is public, but the VPC has no public subnet for the load balancer in ${inWords(missing)}, where instances are`,
      'give each zone a public subnet, or choose an internal endpoint');
  }
  return zones.flatMap(zone => candidates.find(subnet => zoneOf(subnet) === zone) ?? []);
}
