import { Fleet, placed, stateOfFleet, withNeed } from './fleet';
import { machineOf, needsOfMachine, storesThatLetIn } from './machine';
import { anyOfPlaces, regional } from './network';
import { stateOfNeeds } from './reach';
import { Context, stateFor } from '../model';
import { Needs, NO_NEEDS, united } from '../needs';
import { secondsOf } from '../recovery-times';
import { allOf, decidedBy, State, undecided, WELL } from '../state';
import { asNumber, at, keysReferredTo, listOf, Value } from '../template/value';
import { Resource } from '../template/world';

/** Services of AWS that a node of Kubernetes asks before it is ready (Amazon EKS User Guide, "Deploy private clusters with limited internet access"). */
const ASKED_BY_NODES = ['ec2', 'ecr.api', 'ecr.dkr', 's3'];

/** The control plane of Kubernetes is in several zones, and is reached by interfaces in these subnets; also as CDK makes one itself. */
export function stateOfControlPlane(cluster: Resource, context: Context): State {
  const { ResourcesVpcConfig: own, Config: ofCdk } = cluster.properties;
  const subnets = at(own, 'SubnetIds') ?? at(ofCdk, 'resourcesVpcConfig', 'subnetIds');
  return allOf([regional(cluster, context), anyOfPlaces(cluster, context.topology.zonesOfSubnets(subnets), 'ResourcesVpcConfig.SubnetIds', context)]);
}

/** The nodes of a managed node group, which an Auto Scaling group keeps; what runs on them is not in the template. */
export function stateOfNodegroup(nodegroup: Resource, context: Context): State {
  const { topology } = context;
  const { ClusterName: cluster, Subnets: subnets } = nodegroup.properties;
  const clusters = keysReferredTo(cluster);
  const needs = united([
    needsOfMachine(nodegroup, machineOf(nodegroup, topology), topology),
    // the security group of a cluster is an attribute of it, and that of its nodes
    { ...NO_NEEDS, bootServices: ASKED_BY_NODES, running: storesThatLetIn(clusters, topology) },
  ]);
  const fleet = fleetOf(nodegroup, nodesOf(nodegroup) ?? `how many nodes ${nodegroup.key} has is not in the template`, subnets, needs, context);
  return withNeed(fleet, stateOfFleet(fleet, context), allOf([
    stateOfNeeds(needs, nodegroup, context), ...clusters.map(key => stateFor(nodegroup, key, 'ClusterName', context)),
  ]), context);
}

/** How many nodes a node group has by default; undefined where that is none, or not in the template. */
export function nodesOf({ properties: { ScalingConfig: scaling } }: Resource): number | undefined {
  return asNumber(at(scaling, 'DesiredSize') ?? at(scaling, 'MinSize')) || undefined;
}

function fleetOf(resource: Resource, size: number | string, subnets: Value | undefined, needs: Needs, { topology }: Context, spread = 'Subnets'): Fleet {
  return {
    resource,
    sizes: [size],
    subnets: placed(subnets, topology),
    spread,
    sized: 'ScalingConfig',
    needs,
    relaunchSeconds: secondsOf('relaunch'),
    stopped: undefined,
    held: undefined,
    packed: false,
  };
}

/** Pods on Fargate are started in any of the subnets; how many there are is not in the template. */
export function stateOfFargateProfile(profile: Resource, context: Context): State {
  const { ClusterName: cluster, Subnets: subnets } = profile.properties;
  return allOf([
    anyOfPlaces(profile, context.topology.zonesOfSubnets(subnets), 'Subnets', context),
    ...keysReferredTo(cluster).map(key => stateFor(profile, key, 'ClusterName', context)),
  ]);
}

/** What Batch starts for jobs, of which all may be in one of the subnets: then it is started anew in another. */
export function stateOfComputeEnvironment(environment: Resource, context: Context): State {
  const { Type: type, ComputeResources: resources } = environment.properties;
  if (String(type).toUpperCase() !== 'MANAGED') {
    return context.damage.hasAnyZone ? undecided(`what ${environment.key} computes on is not in the template`, decidedBy(environment, 'Type')) : WELL;
  }
  const isFargate = String(at(resources, 'Type')).startsWith('FARGATE');
  const needs: Needs = { ...NO_NEEDS, bootServices: isFargate ? ['ecr.api', 'ecr.dkr', 's3'] : ['ecs'] };
  return stateOfFleet(fleetOf(environment, 1, at(resources, 'Subnets'), needs, context, 'ComputeResources.Subnets'), context);
}

/** The jobs of a queue may be in any of its environments, in their order. */
export function stateOfJobQueue(queue: Resource, context: Context): State {
  const environments = listOf(queue.properties.ComputeEnvironmentOrder).flatMap(one => keysReferredTo(at(one, 'ComputeEnvironment')));
  return allOf([regional(queue, context), ...environments.map(key => stateFor(queue, key, 'ComputeEnvironmentOrder', context))]);
}
