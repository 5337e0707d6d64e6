import { isProtected } from '../../fault-simulation/components/deletion';
import { asNumber } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { isKept, leavesCopies } from '../kept';
import { keepsLogs } from '../logs';
import { judgeOwner } from '../members';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const dataDeletedWithStack: Rule = {
  id: 'RDS7',
  title: 'Data are deleted with their stack, or with the resource that an update replaces',
  severity: 'warning',
  reason: 'A stack that is deleted, a resource that is taken out of it or a property whose change replaces it takes the data along, and no copy is left.',
  sources: ['AWS CloudFormation Template Reference, "DeletionPolicy attribute" and "UpdateReplacePolicy attribute" (2026-11-20)'],
  fix: 'Set both DeletionPolicy and UpdateReplacePolicy, to Retain, or to Snapshot where there is that.',
  types: [
    'AWS::Cognito::UserPool', 'AWS::DocDB::DBCluster', 'AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'AWS::EC2::Volume', 'AWS::EFS::FileSystem',
    'AWS::ElastiCache::ReplicationGroup', 'AWS::Elasticsearch::Domain', 'AWS::MemoryDB::Cluster', 'AWS::Neptune::DBCluster', 'AWS::OpenSearchService::Domain',
    'AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::Redshift::Cluster', 'AWS::RedshiftServerless::Namespace', 'AWS::S3::Bucket', 'AWS::Timestream::Table',
  ],
  needsTopology: true,
  bad: `
Files: {Type: AWS::EFS::FileSystem, Properties: {}}`,
  good: `
Files: {Type: AWS::EFS::FileSystem, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {}}`,
  judge: (store, topology) => judgeOwner(store, () => {
    if (isCacheAlone(store) || (store.type === 'AWS::S3::Bucket' && (keepsLogs(store, topology) || isDeployed(store, topology)))) { return NOT_APPLICABLE; }
    if (isProtected(store) || store.properties.DeletionProtection === 'ACTIVE' || isRefused(store, topology)) { return COMPLIANT; }
    const [onDeletion, onReplacement] = [isKept(store, 'DeletionPolicy'), isKept(store, 'UpdateReplacePolicy')];
    if (onDeletion && onReplacement) { return COMPLIANT; }
    const copied = leavesCopies(store, topology);
    if (copied === true) { return COMPLIANT; }
    const property = onDeletion === true ? 'UpdateReplacePolicy' : 'DeletionPolicy';
    if (onDeletion === undefined) { return undecided('what becomes of it is worked out at deployment', property); }
    if (copied === undefined) { return undecided('whether copies of it are kept is not in the templates', property); }
    const when = [onDeletion ? [] : 'with its stack', onReplacement ? [] : 'when an update replaces it'].flat().join(', and ');
    return broken(`it is deleted ${when}`, property);
  }),
};

/** What nobody takes snapshots of can be had again. */
function isCacheAlone({ type, properties }: Resource): boolean {
  return type.startsWith('AWS::ElastiCache::') && (asNumber(properties.SnapshotRetentionLimit ?? 0) ?? 1) === 0;
}

/** What CDK puts into a bucket when it deploys is in the assembly. */
function isDeployed({ key }: Resource, topology: Topology): boolean {
  return topology.whoMentions(key, 'Custom::CDKBucketDeployment').length > 0;
}

/** S3 deletes no bucket with objects in it; unless something empties it first. */
function isRefused({ key, type }: Resource, topology: Topology): boolean {
  return type === 'AWS::S3::Bucket' && topology.whoMentions(key, 'Custom::S3AutoDeleteObjects').length === 0;
}
