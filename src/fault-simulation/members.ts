import { sizesOf } from './components/fleet';
import { nodesOf } from './components/nodegroups';
import { tasksOf } from './components/serverless';
import { asNumber, at, listOf, Value } from './template/value';
import { Resource } from './template/world';
import { Topology } from './topology';

/** Of equal members, which are started anew. */
export function isFleet({ type }: Resource): boolean {
  return /^AWS::(AutoScaling::AutoScalingGroup|ECS::Service|EKS::Nodegroup)$/.test(type);
}

/** How many equal members a component has, each of which can fail by itself; of several sizes the largest. Undefined where the template does not say. */
export function membersOf(component: Resource, topology: Topology): number | undefined {
  const { type, properties } = component;
  switch (type) {
    case 'AWS::AutoScaling::AutoScalingGroup': return largest(sizesOf(component, topology));
    case 'AWS::ECS::Service': return tasksOf(component, topology) || undefined;
    case 'AWS::EKS::Nodegroup': return nodesOf(component);
    // of a cache, the primary of each shard
    case 'AWS::ElastiCache::ReplicationGroup': return counted(properties.NumNodeGroups ?? Math.max(1, listOf(properties.NodeGroupConfiguration).length));
    case 'AWS::ElastiCache::CacheCluster': return counted(properties.NumCacheNodes);
    case 'AWS::MemoryDB::Cluster': return counted(properties.NumShards);
    case 'AWS::MSK::Cluster': return counted(properties.NumberOfBrokerNodes);
    case 'AWS::OpenSearchService::Domain': return counted(at(properties.ClusterConfig, 'InstanceCount'));
    case 'AWS::Elasticsearch::Domain': return counted(at(properties.ElasticsearchClusterConfig, 'InstanceCount'));
    default: return 1;
  }
}

/** How many members a fleet has at least, of several sizes; undefined of anything else, and where one of the sizes is not known. */
export function leastMembersOf(component: Resource, topology: Topology): number | undefined {
  if (component.type !== 'AWS::AutoScaling::AutoScalingGroup') { return isFleet(component) ? membersOf(component, topology) : undefined; }
  const sizes = sizesOf(component, topology);
  return sizes.every(size => typeof size === 'number') ? Math.min(...sizes) : undefined;
}

/** One, if a number is left out. */
function counted(value: Value | undefined): number | undefined {
  return value === undefined ? 1 : asNumber(value) || undefined;
}

function largest(sizes: readonly (number | string)[]): number | undefined {
  const known = sizes.flatMap(size => typeof size === 'number' ? [size] : []);
  return known.length === 0 ? undefined : Math.max(...known);
}
