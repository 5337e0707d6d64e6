import { Simulation } from '../../src/fault-simulation/simulation';
import { World } from '../../src/fault-simulation/template/world';

function membersOf(Type: string, Properties: Record<string, unknown>): number | undefined {
  const simulation = new Simulation(new World([{ name: 'S', region: 'eu-west-1', template: { Resources: { One: { Type, Properties } } } }]));
  const [component] = simulation.components;
  return simulation.membersOf(component);
}

describe('how many members can fail', () => {
  test.each<[type: string, properties: Record<string, unknown>, members: number | undefined]>([
    ['AWS::AutoScaling::AutoScalingGroup', { MinSize: '2', DesiredCapacity: '5' }, 5],
    ['AWS::AutoScaling::AutoScalingGroup', { MinSize: '2' }, 2],
    ['AWS::AutoScaling::AutoScalingGroup', { MinSize: '0' }, undefined],
    ['AWS::ECS::Service', { DesiredCount: 3 }, 3],
    ['AWS::ECS::Service', { DesiredCount: 0 }, undefined],
    ['AWS::EKS::Nodegroup', { ScalingConfig: { MinSize: 2, DesiredSize: 4 } }, 4],
    ['AWS::EKS::Nodegroup', {}, undefined],
    ['AWS::ElastiCache::ReplicationGroup', { NumNodeGroups: 3 }, 3],
    ['AWS::ElastiCache::ReplicationGroup', { NodeGroupConfiguration: [{}, {}] }, 2],
    ['AWS::ElastiCache::ReplicationGroup', { NumCacheClusters: 3 }, 1],
    ['AWS::ElastiCache::CacheCluster', { NumCacheNodes: 4 }, 4],
    ['AWS::MemoryDB::Cluster', { NumShards: 2 }, 2],
    ['AWS::MemoryDB::Cluster', {}, 1],
    ['AWS::MSK::Cluster', { NumberOfBrokerNodes: 6 }, 6],
    ['AWS::OpenSearchService::Domain', { ClusterConfig: { InstanceCount: 3 } }, 3],
    ['AWS::OpenSearchService::Domain', {}, 1],
    ['AWS::Elasticsearch::Domain', { ElasticsearchClusterConfig: { InstanceCount: 2 } }, 2],
    ['AWS::EC2::Instance', {}, 1],
    ['AWS::RDS::DBInstance', { MultiAZ: true }, 1],
  ])('of %s with %j are %s', (type, properties, members) => {
    expect(membersOf(type, properties)).toBe(members);
  });

  test('are not known where the template does not say', () => {
    expect(membersOf('AWS::ElastiCache::CacheCluster', { NumCacheNodes: { 'Fn::ImportValue': 'Nodes' } })).toBeUndefined();
    expect(membersOf('AWS::AutoScaling::AutoScalingGroup', { DesiredCapacity: { 'Fn::ImportValue': 'Size' } })).toBeUndefined();
  });
});
