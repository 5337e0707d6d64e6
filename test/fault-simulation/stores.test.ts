import { BACK, found, get, gone, host, LOST, open, region, standing, UNDECIDED, WELL } from './standing';
import { both, REGION, Resources, subnets, zone } from './template-of';
import { Fault } from '../../src/fault-simulation/faults';

describe.each(['DocDB', 'Neptune'])('a cluster of %s', service => {
  const cluster = (members: Record<string, string | undefined>, group: unknown = { Ref: 'Group' }): Resources => ({
    ...subnets,
    Group: [`${service}::DBSubnetGroup`, { SubnetIds: both }],
    It: [`${service}::DBCluster`, { DBSubnetGroupName: group }],
    ...Object.fromEntries(Object.entries(members).map(([id, AvailabilityZone]) =>
      [id, [`${service}::DBInstance`, { DBClusterIdentifier: { Ref: 'It' }, ...AvailabilityZone ? { AvailabilityZone } : {} }] as const])),
  });

  test('goes on with a member in another zone, within two minutes, and keeps its data', () => {
    const apart = cluster({ One: `${REGION}a`, Two: `${REGION}b` });
    expect(found(apart, zone(0))).toMatchObject({ atOnce: 'interrupted', afterRecovery: 'unaffected', recoverySeconds: 120, data: 'none' });
    expect([zone(2), host('It')].map(fault => standing(apart, fault))).toEqual([WELL, BACK]);
    expect(standing(apart, zone(0), 'One')).toEqual(LOST);
  });

  test('is lost with the zone in which all members may stand; DocumentDB keeps them apart', () => {
    expect(standing(cluster({ One: undefined, Two: undefined }), zone(1))).toEqual(service === 'DocDB' ? BACK : LOST);
    expect(standing(cluster({ One: undefined }), zone(1))).toEqual(LOST);
    expect(found(cluster({ One: undefined }), host('It'))).toMatchObject({ atOnce: 'interrupted', recoverySeconds: 600 });
    expect(standing(cluster({ One: undefined }), zone(1), 'One')).toEqual(LOST);
  });

  test('is undecided where its subnets are', () => {
    expect(standing(cluster({ One: undefined }, open), zone(0))).toEqual(UNDECIDED);
    expect(standing({ It: [`${service}::DBInstance`, { DBClusterIdentifier: 'of-somebody' }] }, zone(0))).toEqual(UNDECIDED);
  });

  test('is kept by its protection', () => {
    const fault: Fault = { kind: 'operator-deletes', of: 'Stack/It' };
    expect(standing({ It: [`${service}::DBCluster`, { DeletionProtection: true }] }, fault)).toEqual(WELL);
    expect(found(cluster({}), fault)).toMatchObject({ atOnce: 'lost', data: 'everything', chain: [{ property: 'Stack/It.DeletionProtection' }] });
    expect(found(cluster({}), { kind: 'bad-data', of: 'Stack/It' })).toMatchObject({ data: 'minutes' });
  });
});

describe('MemoryDB', () => {
  const cluster = (properties: object, list: object[] = both): Resources => ({
    ...subnets,
    Group: ['MemoryDB::SubnetGroup', { SubnetIds: list }],
    It: ['MemoryDB::Cluster', { SubnetGroupName: { Ref: 'Group' }, ...properties }],
  });

  test('promotes a replica in another zone, of which there is one by default, and loses nothing', () => {
    expect(found(cluster({}), zone(0))).toMatchObject({ atOnce: 'interrupted', afterRecovery: 'unaffected', recoverySeconds: 60, data: 'none' });
    expect([zone(2), host('It')].map(fault => standing(cluster({}), fault))).toEqual([WELL, BACK]);
    expect(standing({ It: ['MemoryDB::Cluster'] }, zone(0))).toEqual(BACK);
  });

  test('is lost without replicas, or with all of them in one zone', () => {
    expect(standing(cluster({ NumReplicasPerShard: 0 }), zone(0))).toEqual(LOST);
    expect(standing(cluster({}, [{ Ref: 'A' }]), zone(0))).toEqual(LOST);
    expect(found(cluster({ NumReplicasPerShard: 0 }), host('It'))).toMatchObject({ atOnce: 'interrupted', recoverySeconds: 600, data: 'none' });
    expect(standing(cluster({}), { kind: 'pair', faults: [zone(0), zone(1)] })).toEqual(LOST);
  });

  test('is undecided where its replicas, or its subnets, are', () => {
    expect(standing(cluster({ NumReplicasPerShard: open }), zone(0))).toEqual(UNDECIDED);
    expect(standing(cluster({ NumReplicasPerShard: open }), zone(2))).toEqual(WELL);
    expect(standing(cluster({ SubnetGroupName: open }), zone(0))).toEqual(UNDECIDED);
  });

  test.each([[0, 'everything'], [1, 'since-snapshot']])('with snapshots of %p days has after bad data lost %s', (SnapshotRetentionLimit, data) => {
    expect(found(cluster({ SnapshotRetentionLimit }), { kind: 'bad-data', of: 'Stack/It' })?.data).toBe(data);
  });
});

describe('a Redshift cluster', () => {
  const warehouse = (properties: object): Resources => ({
    ...subnets,
    Group: ['Redshift::ClusterSubnetGroup', { SubnetIds: both }],
    It: ['Redshift::Cluster', { ClusterSubnetGroupName: { Ref: 'Group' }, NumberOfNodes: 2, ...properties }],
  });

  test.each<[string, object, Fault, string[]]>([
    ['of two zones fails over', { MultiAZ: true }, zone(0), BACK],
    ['of two zones has nothing in the third', { MultiAZ: true }, zone(2), WELL],
    ['of two zones survives a node', { MultiAZ: true }, host('It'), BACK],
    ['of one zone may stand in any of them', {}, zone(1), LOST],
    ['of one zone is lost with it', { AvailabilityZone: `${REGION}a` }, zone(0), LOST],
    ['of one zone stands without another', { AvailabilityZone: `${REGION}a` }, zone(1), WELL],
    ['that may be relocated is', { AvailabilityZoneRelocation: true }, zone(0), BACK],
    ['that may be relocated is not without a Region', { AvailabilityZoneRelocation: true }, region, LOST],
    ['replaces one of its nodes', {}, host('It'), BACK],
    ['does not replace its only node', { NumberOfNodes: 1 }, host('It'), LOST],
    ['whose zones are left open is undecided', { MultiAZ: open }, zone(0), UNDECIDED],
    ['whose relocation is left open is undecided', { AvailabilityZoneRelocation: open }, zone(0), UNDECIDED],
    ['whose nodes are left open is undecided', { NumberOfNodes: open }, host('It'), UNDECIDED],
    ['whose subnets are left open is undecided', { ClusterSubnetGroupName: open }, zone(0), UNDECIDED],
  ])('%s', (_, properties, fault, expected) => {
    expect(standing(warehouse(properties), fault)).toEqual(expected);
  });

  test('has snapshots by default', () => {
    expect(found(warehouse({}), zone(0))?.data).toBe('since-snapshot');
    expect(found(warehouse({ AutomatedSnapshotRetentionPeriod: 0 }), zone(0))?.data).toBe('everything');
  });
});

describe('a volume of FSx', () => {
  const ontap = (SubnetIds: unknown, DeploymentType = 'MULTI_AZ_1'): Resources => ({
    ...subnets,
    Files: ['FSx::FileSystem', { SubnetIds, OntapConfiguration: { DeploymentType } }],
    Machine: ['FSx::StorageVirtualMachine', { FileSystemId: { Ref: 'Files' } }],
    It: ['FSx::Volume', { OntapConfiguration: { StorageVirtualMachineId: { Ref: 'Machine' } } }],
  });

  test('stands as its file system does', () => {
    expect([ontap(both), ontap([{ Ref: 'A' }], 'SINGLE_AZ_1'), ontap(open)].map(one => standing(one, zone(0)))).toEqual([BACK, LOST, UNDECIDED]);
    expect(standing(ontap([{ Ref: 'A' }], 'SINGLE_AZ_1'), zone(1))).toEqual(WELL);
    const openZfs: Resources = { ...ontap([{ Ref: 'A' }], 'SINGLE_AZ_1'), It: ['FSx::Volume', { OpenZFSConfiguration: { ParentVolumeId: get('Files', 'RootVolumeId') } }] };
    expect(standing(openZfs, zone(0))).toEqual(LOST);
  });
});

describe('a need of a store that lets somebody in', () => {
  const single = { AvailabilityZone: `${REGION}a` };
  test.each<[type: string, port: number, properties: (groups: unknown[]) => Record<string, unknown>]>([
    ['DocDB::DBCluster', 27017, VpcSecurityGroupIds => ({ VpcSecurityGroupIds, Port: 27017 })],
    ['Neptune::DBCluster', 8182, VpcSecurityGroupIds => ({ VpcSecurityGroupIds })],
    ['MemoryDB::Cluster', 6380, SecurityGroupIds => ({ SecurityGroupIds, Port: 6380, NumReplicasPerShard: 0 })],
    ['Redshift::Cluster', 5439, VpcSecurityGroupIds => ({ VpcSecurityGroupIds, ...single })],
    ['OpenSearchService::Domain', 443, SecurityGroupIds => ({ VPCOptions: { SecurityGroupIds, SubnetIds: [{ Ref: 'A' }] } })],
    ['MSK::Cluster', 9098, SecurityGroups => ({ NumberOfBrokerNodes: 1, BrokerNodeGroupInfo: { SecurityGroups, ClientSubnets: [{ Ref: 'A' }] } })],
    ['MSK::ServerlessCluster', 9098, SecurityGroups => ({ VpcConfigs: [{ SecurityGroups, SubnetIds: [{ Ref: 'A' }] }] })],
    ['AmazonMQ::Broker', 5671, SecurityGroups => ({ SecurityGroups, DeploymentMode: 'SINGLE_INSTANCE', SubnetIds: [{ Ref: 'A' }] })],
  ])('is found of %s at %p', (type, port, properties) => {
    const from = (at: number): Resources => ({
      ...subnets,
      Outer: ['EC2::SecurityGroup'],
      Inner: ['EC2::SecurityGroup', { SecurityGroupIngress: [{ FromPort: at, ToPort: at, SourceSecurityGroupId: get('Outer', 'GroupId') }] }],
      Store: [type, properties([get('Inner', 'GroupId')])],
      It: ['Lambda::Function', { VpcConfig: { SubnetIds: [{ Ref: 'B' }], SecurityGroupIds: [get('Outer', 'GroupId')] } }],
    });
    expect([port, 22].map(at => standing(from(at), gone('Store')))).toEqual([LOST, WELL]);
  });
});
