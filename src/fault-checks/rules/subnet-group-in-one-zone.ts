import { asBoolean, asNumber } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { COMPLIANT, NOT_APPLICABLE, Rule } from '../rule';
import { judgeZones } from '../spread';

/** By the type of a group, the property that names it. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::DAX::SubnetGroup': 'SubnetGroupName',
  'AWS::DMS::ReplicationSubnetGroup': 'ReplicationSubnetGroupIdentifier',
  'AWS::DocDB::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::ElastiCache::SubnetGroup': 'CacheSubnetGroupName',
  'AWS::MemoryDB::SubnetGroup': 'SubnetGroupName',
  'AWS::Neptune::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::RDS::DBSubnetGroup': 'DBSubnetGroupName',
  'AWS::Redshift::ClusterSubnetGroup': 'ClusterSubnetGroupName',
};
const USERS = [
  'AWS::DAX::Cluster', 'AWS::DMS::ReplicationInstance', 'AWS::DocDB::DBCluster', 'AWS::ElastiCache::CacheCluster', 'AWS::ElastiCache::ReplicationGroup',
  'AWS::MemoryDB::Cluster', 'AWS::Neptune::DBCluster', 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::Redshift::Cluster',
];

export const subnetGroupInOneZone: Rule = {
  id: 'RDS4',
  title: 'A subnet group of a data store has too few zones',
  severity: 'error',
  reason: 'A standby or a replica stands in a zone of the group; where there is none beside that of the primary, nothing takes over.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "High Availability Through Multiple Availability Zones"',
    'Amazon RDS User Guide, "Working with DB subnet groups" and "Multi-AZ DB cluster deployments for Amazon RDS" (2026-11-20)',
  ],
  fix: 'Give it subnets of two zones at least; of three for a Multi-AZ cluster.',
  types: Object.keys(NAMES),
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
Group: {Type: AWS::ElastiCache::SubnetGroup, Properties: {Description: cache, SubnetIds: [!Ref A]}}
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: cache, NumCacheClusters: 2, CacheSubnetGroupName: !Ref Group}}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Group: {Type: AWS::ElastiCache::SubnetGroup, Properties: {Description: cache, SubnetIds: [!Ref A, !Ref B]}}
Cache: {Type: AWS::ElastiCache::ReplicationGroup, Properties: {ReplicationGroupDescription: cache, NumCacheClusters: 2, CacheSubnetGroupName: !Ref Group}}`,
  judge: (group, topology) => {
    const users = usersOf(group, topology).filter(needsZones);
    if (users.length === 0) { return NOT_APPLICABLE; }
    const least = users.some(({ properties }) => properties.DBClusterInstanceClass !== undefined) ? 3 : 2;
    return judgeZones(topology.zonesOfSubnets(group.properties.SubnetIds), least, 'SubnetIds') ?? COMPLIANT;
  },
};

/** Whether they refer to the group or write its name down. */
function usersOf({ key, type, region, properties }: Resource, topology: Topology): readonly Resource[] {
  const name = properties[NAMES[type]];
  const [, service] = type.split('::');
  const byName = topology.ofType(...USERS).filter(user => user.type.split('::')[1] === service && user.region === region
    && typeof name === 'string' && user.properties[NAMES[type]] === name);
  return [...topology.whoMentions(key, ...USERS), ...byName];
}

/** What stands in one zone anyway is for other rules. */
function needsZones({ type, properties }: Resource): boolean {
  switch (type) {
    case 'AWS::DAX::Cluster': return asNumber(properties.ReplicationFactor) !== 1;
    case 'AWS::DMS::ReplicationInstance': return asBoolean(properties.MultiAZ) === true;
    case 'AWS::ElastiCache::CacheCluster': return asNumber(properties.NumCacheNodes) !== 1;
    case 'AWS::MemoryDB::Cluster': return asNumber(properties.NumReplicasPerShard) !== 0;
    case 'AWS::Redshift::Cluster': return [properties.MultiAZ, properties.AvailabilityZoneRelocation].some(value => asBoolean(value) === true);
    default: return true;
  }
}
