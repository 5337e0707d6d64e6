import { all, BACK, found, get, host, LESS, LOST, open, phases, REFILLED, region, standing, three, UNDECIDED, WELL } from './standing';
import { both, Resources, simulationOf, stackOf, subnets, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';

describe('Kafka', () => {
  const kafka = (ClientSubnets: unknown, NumberOfBrokerNodes: unknown, settings?: string): Resources => ({
    ...three,
    ...settings === undefined ? {} : { Settings: ['MSK::Configuration', { ServerProperties: settings }] as const },
    It: ['MSK::Cluster', {
      NumberOfBrokerNodes, BrokerNodeGroupInfo: { ClientSubnets }, ...settings === undefined ? {} : { ConfigurationInfo: { Arn: get('Settings'), Revision: 1 } },
    }],
  });

  test('goes on in two of three zones, with what was written', () => {
    expect(found(kafka(all, 6), zone(1))).toMatchObject({ ...phases(LESS), capacityLeft: 2 / 3, data: 'none', chain: [{ property: 'Stack/It.BrokerNodeGroupInfo.ClientSubnets' }] });
    expect(found(kafka(all, 3), host('It'))).toMatchObject({ ...phases(REFILLED), recoverySeconds: 1200, data: 'none' });
  });

  test('of two zones goes on with a half, without what only one copy has', () => {
    expect(found(kafka(both, 2), zone(1))).toMatchObject({ ...phases(LESS), capacityLeft: 0.5, data: 'minutes' });
    expect(standing(kafka(both, 2), zone(2))).toEqual(WELL);
    expect(found(kafka(both, 2), region)).toMatchObject({ atOnce: 'lost', data: 'everything' });
  });

  test('is lost where more copies have to take a write than are left', () => {
    const strict = kafka(both, 2, 'default.replication.factor=2\nmin.insync.replicas = 2');
    expect(found(strict, zone(0))).toMatchObject({ atOnce: 'lost', data: 'none', chain: [{ property: 'Stack/Settings.ServerProperties' }] });
    expect(standing(strict, host('It'))).toEqual(BACK);
    expect(found(kafka(all, 3, 'default.replication.factor=1\nmin.insync.replicas=1'), zone(0))).toMatchObject({ atOnce: 'lost', data: 'everything' });
    const topic = { Topic: ['MSK::Topic', { ClusterArn: get('It'), ReplicationFactor: 1 }] } as const;
    expect(standing({ ...kafka(all, 3), ...topic }, zone(0))).toEqual(LOST);
  });

  test('is undecided where its subnets, its brokers or its settings are', () => {
    expect(standing(kafka(open, 3), zone(0))).toEqual(UNDECIDED);
    expect(standing(kafka(open, 3), host('It'))).toEqual(REFILLED);
    expect(standing(kafka(all, open), zone(0))).toEqual(UNDECIDED);
    expect(standing({ ...three, It: ['MSK::Cluster', { NumberOfBrokerNodes: 3, BrokerNodeGroupInfo: { ClientSubnets: all }, ConfigurationInfo: { Arn: open } }] }, zone(0)))
      .toEqual(UNDECIDED);
  });

  test('without brokers is reached from the subnets that are left', () => {
    const serverless = (SubnetIds: unknown): Resources => ({ ...subnets, It: ['MSK::ServerlessCluster', { VpcConfigs: [{ SubnetIds }] }] });
    expect([both, [{ Ref: 'A' }], open].map(list => standing(serverless(list), zone(0)))).toEqual([WELL, LOST, UNDECIDED]);
  });
});

describe.each([['OpenSearchService', 'ClusterConfig'], ['Elasticsearch', 'ElasticsearchClusterConfig']])('a domain of %s', (service, name) => {
  const domain = (config: object, SubnetIds?: unknown): Resources =>
    ({ ...three, It: [`${service}::Domain`, { [name]: config, ...SubnetIds ? { VPCOptions: { SubnetIds } } : {} }] });
  const over = (AvailabilityZoneCount: number) => ({ ZoneAwarenessEnabled: true, ZoneAwarenessConfig: { AvailabilityZoneCount } });

  test.each<[string, object, unknown, Fault, string[]]>([
    ['in three zones keeps two thirds', { InstanceCount: 3, ...over(3) }, all, zone(0), REFILLED],
    ['whose three zones AWS chooses keeps two thirds', { InstanceCount: 3, ...over(3) }, undefined, zone(0), REFILLED],
    ['in two zones elects no master', { InstanceCount: 4, ...over(2) }, both, zone(0), BACK],
    ['in two zones stands without a third', { InstanceCount: 4, ...over(2) }, both, zone(2), WELL],
    ['in two zones with masters in three goes on', { InstanceCount: 4, ...over(2), DedicatedMasterEnabled: true, DedicatedMasterCount: 3 }, both, zone(0), REFILLED],
    ['with a standby moves to it', { InstanceCount: 3, ...over(3), MultiAZWithStandbyEnabled: true, DedicatedMasterEnabled: true }, all, zone(0), REFILLED],
    ['in one zone is lost with it', { InstanceCount: 3 }, [{ Ref: 'A' }], zone(0), LOST],
    ['in one zone stands without another', { InstanceCount: 3 }, [{ Ref: 'A' }], zone(1), WELL],
    ['whose only zone AWS chooses is lost', {}, undefined, zone(1), LOST],
    ['without a Region is lost', { InstanceCount: 3, ...over(3) }, all, region, LOST],
    ['without two of three zones is lost', { InstanceCount: 3, ...over(3) }, all, { kind: 'pair', faults: [zone(0), zone(1)] }, LOST],
    ['of one node is lost with it', {}, undefined, host('It'), LOST],
    ['of two nodes elects no master without one', { InstanceCount: 2 }, undefined, host('It'), BACK],
    ['of three nodes goes on without one', { InstanceCount: 3 }, undefined, host('It'), REFILLED],
    ['whose zones are left open is undecided', { InstanceCount: 3, ZoneAwarenessEnabled: open }, undefined, zone(0), UNDECIDED],
    ['whose subnets are left open is undecided', { InstanceCount: 3, ...over(3) }, open, zone(0), UNDECIDED],
    ['whose nodes are left open is undecided', { InstanceCount: open, ...over(3) }, all, zone(0), UNDECIDED],
  ])('%s', (_, config, list, fault, expected) => {
    expect(standing(domain(config, list), fault)).toEqual(expected);
  });

  test('has as much left as it has nodes in the other zones, and its snapshots', () => {
    expect(found(domain({ InstanceCount: 6, ...over(3) }, all), zone(0))).toMatchObject({ capacityLeft: 2 / 3, recoverySeconds: 1800, data: 'none' });
    const withStandby = domain({ InstanceCount: 6, ...over(3), MultiAZWithStandbyEnabled: true }, all);
    expect(found(withStandby, zone(0))).toMatchObject({ capacityLeft: 0.5, recoverySeconds: 60 });
    expect(found(domain({}), zone(0))).toMatchObject({ data: 'since-snapshot', chain: [{ property: `Stack/It.${name}.ZoneAwarenessEnabled` }] });
    expect(found(domain({}), { kind: 'bad-data', of: 'Stack/It' })?.data).toBe('since-snapshot');
  });
});

describe('a broker', () => {
  const broker = (DeploymentMode: unknown, SubnetIds?: unknown): Resources => ({ ...three, It: ['AmazonMQ::Broker', { DeploymentMode, ...SubnetIds ? { SubnetIds } : {} }] });

  test.each<[string, Resources, Fault, string[]]>([
    ['that is alone is lost with its zone', broker('SINGLE_INSTANCE', [{ Ref: 'A' }]), zone(0), LOST],
    ['that is alone stands without another zone', broker('SINGLE_INSTANCE', [{ Ref: 'A' }]), zone(1), WELL],
    ['that is alone is put on other hardware', broker('SINGLE_INSTANCE', [{ Ref: 'A' }]), host('It'), BACK],
    ['that is alone anywhere is lost', broker('SINGLE_INSTANCE'), zone(2), LOST],
    ['with a standby moves to it', broker('ACTIVE_STANDBY_MULTI_AZ', both), zone(1), BACK],
    ['with a standby moves to it from broken hardware', broker('ACTIVE_STANDBY_MULTI_AZ', both), host('It'), BACK],
    ['with a standby has nothing in a third zone', broker('ACTIVE_STANDBY_MULTI_AZ', both), zone(2), WELL],
    ['with a standby anywhere moves to it', broker('ACTIVE_STANDBY_MULTI_AZ'), zone(2), BACK],
    ['of three nodes goes on with two', broker('CLUSTER_MULTI_AZ', all), zone(0), LESS],
    ['of three nodes gets another one', broker('CLUSTER_MULTI_AZ'), host('It'), REFILLED],
    ['of three nodes is reached from one zone only', broker('CLUSTER_MULTI_AZ', [{ Ref: 'A' }]), zone(0), LOST],
    ['of three nodes is lost without its Region', broker('CLUSTER_MULTI_AZ'), region, LOST],
    ['whose mode is left open is undecided', broker(open, both), zone(0), UNDECIDED],
    ['whose subnets are left open is undecided', broker('ACTIVE_STANDBY_MULTI_AZ', open), zone(0), UNDECIDED],
  ])('%s', (_, resources, fault, expected) => {
    expect(standing(resources, fault)).toEqual(expected);
  });

  test('that is alone takes its messages along', () => {
    expect(found(broker('SINGLE_INSTANCE'), zone(0))?.data).toBe('everything');
    expect(found(broker('CLUSTER_MULTI_AZ'), zone(0))).toMatchObject({ capacityLeft: 2 / 3, data: 'none' });
  });
});

test('each type that has a host or members has a fault of it', () => {
  const types = ['DocDB::DBCluster', 'Neptune::DBCluster', 'MemoryDB::Cluster', 'Redshift::Cluster', 'MSK::Cluster', 'AmazonMQ::Broker', 'OpenSearchService::Domain',
    'Elasticsearch::Domain', 'EKS::Nodegroup'];
  const simulation = simulationOf(stackOf(Object.fromEntries(types.map((type, index) => [`It${index}`, [type] as const]))));
  expect(simulation.singleFaults.map(({ kind }) => kind)).toEqual(['zone', ...types.slice(1).map(() => 'primary-host'), 'instance']);
  expect(simulation.singleFaults.flatMap(({ fault }) => simulation.whyHarmless(fault) ?? [])).toEqual([]);
});
