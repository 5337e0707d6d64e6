import { CfnResource } from 'aws-cdk-lib';
import * as autoscaling from 'aws-cdk-lib/aws-autoscaling';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ReservedCapacityOptions } from './instance-fleet';
import { SHUTDOWN_HOOK, hookSeconds } from './shutdown-hook';
import { shareOf, WebTierPlan } from './web-tier-plan';
import { arnOf, createGroup, resourceOf } from '../shared/fleet';
import { SHALLOW_HEALTH_CHECK_METADATA } from '../shared/health-check-metadata';
import { NEEDED_CAPACITY_METADATA } from '../shared/needed-capacity';
import { idOfZone, zoneOf } from '../shared/zones';

/**
 * Makes the group of a tier, or one for each of its zones. `rolloutAlarms` stop the rollout of a new version.
 */
export function createWebTierGroups(
  tier: Construct, plan: WebTierPlan, launchTemplate: ec2.LaunchTemplate, rolloutAlarms: Alarm[],
): autoscaling.AutoScalingGroup[] {
  const { fleet, zones = [], instanceSubnets, sizes } = plan;
  if (fleet._options.warmPool?.poolState === autoscaling.PoolState.HIBERNATED) { letHibernate(launchTemplate); }
  const reservations = createReservations(tier, plan, launchTemplate.osType);
  const create = (scope: Construct, id: string, subnets: ec2.ISubnet[], own: string[]) => {
    const group = createGroup(scope, id, {
      ...fleet._groupProps(rolloutAlarms),
      vpc: plan.vpc,
      subnets,
      launchTemplate,
      instanceTypes: plan.instanceTemplate._instanceTypes(),
      spotPercentAboveMinimum: plan.instanceTemplate._spotPercentAboveMinimum(),
      ...fleet.isPerZone ? { sizes: shareOf(sizes, zones.length) } : { sizes, need: sizes.need },
      healthChecks: autoscaling.HealthChecks.withAdditionalChecks({
        additionalTypes: [autoscaling.AdditionalHealthCheckType.ELB, autoscaling.AdditionalHealthCheckType.EBS],
        gracePeriod: plan.healthCheck.gracePeriod,
      }),
      drainHook: fleet._options.shutdown && { name: SHUTDOWN_HOOK, timeoutSeconds: hookSeconds(fleet._options.shutdown) },
      removalPolicy: plan.removalPolicy,
    });
    completeGroup(group, plan, own);
    return group;
  };
  if (!fleet.isPerZone) { return [create(tier, 'Instances', instanceSubnets, reservations)]; }
  const groups = new Construct(tier, 'Instances');
  const made = zones.map((zone, index) =>
    create(groups, idOfZone(zone, index), instanceSubnets.filter(subnet => zoneOf(subnet) === zone), reservations.slice(index, index + 1)));
  // CloudFormation rolls out zone after zone, and stops at one that fails
  made.slice(1).forEach((group, index) => resourceOf(group).node.addDependency(resourceOf(made[index])));
  return made;
}

/** What the fault simulation is to know of the targets, and no property says. */
export function recordForSimulation(targetGroup: Construct, { fleet, healthCheck, sizes }: WebTierPlan): void {
  const resource = targetGroup.node.defaultChild as CfnResource;
  // of several groups what is needed is needed of all together
  if (fleet.isPerZone) { resource.addMetadata(NEEDED_CAPACITY_METADATA, sizes.need); }
  if (healthCheck.isShallow) { resource.addMetadata(SHALLOW_HEALTH_CHECK_METADATA, true); }
}

/** What the L2 has no property for. */
function completeGroup(group: autoscaling.AutoScalingGroup, { fleet, routing, zones = [] }: WebTierPlan, reservations: string[]): void {
  const resource = resourceOf(group);
  if (!fleet.isPerZone && fleet._zonalShift.isEnabled) {
    resource.availabilityZoneImpairmentPolicy = { zonalShiftEnabled: true, impairedZoneHealthCheckBehavior: 'ReplaceUnhealthy' };
    // the load balancer leaves the zone together with the group, whoever balances within it
    resource.skipZonalShiftValidation = routing._crossZone ? undefined : true;
  }
  if (reservations.length > 0) {
    resource.capacityReservationSpecification = {
      capacityReservationPreference: 'capacity-reservations-first',
      capacityReservationTarget: { capacityReservationIds: reservations },
    };
  }
  const { warmPool } = fleet._options;
  const groups = fleet.isPerZone ? zones.length : 1;
  if (warmPool) { group.addWarmPool({ ...warmPool, minSize: warmPool.minSize && Math.ceil(warmPool.minSize / groups) }); }
}

/** EC2 hibernates only what was launched for that. */
function letHibernate(launchTemplate: ec2.LaunchTemplate): void {
  (launchTemplate.node.defaultChild as ec2.CfnLaunchTemplate).addPropertyOverride('LaunchTemplateData.HibernationOptions', { Configured: true });
}

/** Reserves capacity in each zone; the ids of the reservations, in the order of the zones. */
function createReservations(
  tier: Construct, { fleet, zones = [], instanceTemplate }: WebTierPlan, osType: ec2.OperatingSystemType | undefined,
): string[] {
  const { reservedCapacity } = fleet._options;
  if (!reservedCapacity) { return []; }
  const reservations = new Construct(tier, 'CapacityReservations');
  const [instanceType] = instanceTemplate._instanceTypes();
  return zones.map((zone, index) => new ec2.CfnCapacityReservation(reservations, idOfZone(zone, index), {
    availabilityZone: zone,
    instanceType: instanceType.toString(),
    instanceCount: reservedCapacity.perZone,
    instancePlatform: platformOf(reservedCapacity, osType),
    // for this fleet alone
    instanceMatchCriteria: 'targeted',
    endDateType: 'unlimited',
  }).attrId);
}

function platformOf({ platform }: ReservedCapacityOptions, osType: ec2.OperatingSystemType | undefined): string {
  return platform ?? (osType === ec2.OperatingSystemType.WINDOWS ? 'Windows' : 'Linux/UNIX');
}

/** The ARNs of what a zonal shift of the tier shifts, by the ids of their configurations. */
export function shiftedArns({ fleet }: WebTierPlan, loadBalancerArn: string, [group]: autoscaling.AutoScalingGroup[]): Record<string, string> {
  // a group of a single zone has nowhere to go
  return { LoadBalancerAutoshift: loadBalancerArn, ...fleet.isPerZone ? {} : { InstancesAutoshift: arnOf(group) } };
}
