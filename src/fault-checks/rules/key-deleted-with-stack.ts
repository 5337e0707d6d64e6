import { asNumber } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { isKept } from '../kept';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** Types of which the data are of no use without their key. */
const STORES = [
  'AWS::Backup::BackupVault', 'AWS::DocDB::DBCluster', 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::EC2::Volume', 'AWS::EFS::FileSystem',
  'AWS::ElastiCache::ReplicationGroup', 'AWS::Elasticsearch::Domain', 'AWS::FSx::FileSystem', 'AWS::MemoryDB::Cluster', 'AWS::Neptune::DBCluster',
  'AWS::OpenSearchService::Domain', 'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::Redshift::Cluster', 'AWS::S3::Bucket',
];

export const keyDeletedWithStack: Rule = {
  id: 'KMS1',
  title: 'A key is deleted with its stack, and with it the use of the data that it encrypts',
  severity: 'error',
  reason: 'What outlives the stack, as a snapshot, a bucket or a database that was kept, can be read by nobody once the key is gone.',
  sources: [
    'AWS Key Management Service Developer Guide, "Deleting AWS KMS keys" (2026-11-20)',
    'AWS CloudFormation Template Reference, "AWS::KMS::Key", PendingWindowInDays (2026-11-20)',
  ],
  fix: 'Set DeletionPolicy of the key to Retain.',
  types: ['AWS::KMS::Key'],
  needsTopology: true,
  bad: `
Key: {Type: AWS::KMS::Key, Properties: {PendingWindowInDays: 7, KeyPolicy: {Version: '2012-10-17', Statement: []}}}
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBInstanceClass: db.m6g.large, AllocatedStorage: '100', StorageEncrypted: true, KmsKeyId: !GetAtt Key.Arn}}`,
  good: `
Key: {Type: AWS::KMS::Key, DeletionPolicy: Retain, Properties: {PendingWindowInDays: 7, KeyPolicy: {Version: '2012-10-17', Statement: []}}}
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBInstanceClass: db.m6g.large, AllocatedStorage: '100', StorageEncrypted: true, KmsKeyId: !GetAtt Key.Arn}}`,
  judge: (key, topology) => {
    const [store] = encryptedWith(key, topology);
    if (store === undefined) { return NOT_APPLICABLE; }
    const kept = isKept(key, 'DeletionPolicy');
    if (kept === true) { return COMPLIANT; }
    if (kept === undefined) { return undecided('what becomes of it is worked out at deployment', 'DeletionPolicy'); }
    return broken(`it is deleted ${asNumber(key.properties.PendingWindowInDays) ?? 30} days after it has left the stack, and ${store.logicalId} is encrypted with it`, 'DeletionPolicy');
  },
};

/** The stores that name a key, or an alias of it. */
function encryptedWith({ key }: Resource, topology: Topology): readonly Resource[] {
  return [key, ...topology.whoMentions(key, 'AWS::KMS::Alias').map(alias => alias.key)].flatMap(name => topology.whoMentions(name, ...STORES));
}
