import { backupOf } from './stores';
import { Context } from '../model';
import { DataAtRisk, decidedBy, Decision, lost, State } from '../state';
import { asBoolean, asNumber, at, isObject, listOf, Properties, Unknown } from '../template/value';
import { Resource } from '../template/world';

/** What RDS keeps a snapshot of if the template says nothing (CloudFormation User Guide, "DeletionPolicy attribute"). */
const SNAPSHOT_BY_DEFAULT = new Set(['AWS::RDS::DBCluster']);

/** What becomes of a component when it, its stack, or its data are gone by somebody's hand; undefined if that does not happen. */
export function stateAfterHand(resource: Resource, context: Context): State | undefined {
  const { damage } = context;
  if (damage.hits('gone', resource.key)) { return lost(`${resource.key} is gone`, undefined, holdsData(resource) ? 'everything' : undefined); }
  if (damage.hits('bad-data', resource.key)) { return lost(`wrong data stand in ${resource.key}, and in its replicas`, undefined, earlierStateOf(resource)); }
  if (damage.deletesStack) { return afterStack(resource); }
  if (!damage.hits('operator-deletes', resource.key) || refusesOperator(resource, context)) { return undefined; }
  return lost(`nothing refuses the deletion of ${resource.key}`, protection(resource), holdsData(resource) ? 'everything' : undefined);
}

function afterStack(resource: Resource): State | undefined {
  const policy = resource.raw.DeletionPolicy ?? defaultPolicy(resource);
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate' || isProtected(resource)) { return undefined; }
  return lost(`${resource.key} goes with its stack`, decidedBy(resource, 'DeletionPolicy', 'Retain'), !holdsData(resource) ? undefined : policy === 'Snapshot' ? 'none' : 'everything');
}

/** What becomes of a resource with its stack if the template says nothing. */
export function defaultPolicy({ type, properties }: Resource): string {
  const standalone = type === 'AWS::RDS::DBInstance' && properties.DBClusterIdentifier === undefined;
  return standalone || SNAPSHOT_BY_DEFAULT.has(type) ? 'Snapshot' : 'Delete';
}

/** The settings of a table in its own Region: a global table has them with its replica there. */
function settingsOf({ properties, region }: Resource): Properties {
  const replica = listOf(properties.Replicas).find(one => {
    const own = at(one, 'Region');
    return (own instanceof Unknown ? own.identity : own) === region;
  });
  return isObject(replica) ? { ...properties, ...replica } : properties;
}

/** Whether the service refuses somebody who deletes it as it stands, with whatever options. */
function refusesOperator(resource: Resource, { topology }: Context): boolean {
  const { key, type, properties } = resource;
  switch (type) {
    case 'AWS::AutoScaling::AutoScalingGroup': return properties.DeletionProtection === 'prevent-all-deletion'
      || (properties.DeletionProtection === 'prevent-force-deletion' && (asNumber(properties.MinSize) ?? 0) > 0);
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': return listOf(properties.LoadBalancerAttributes)
      .some(one => at(one, 'Key') === 'deletion_protection.enabled' && asBoolean(at(one, 'Value')) === true);
    // what is in use
    case 'AWS::ElasticLoadBalancingV2::TargetGroup':
      return topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::Listener', 'AWS::ElasticLoadBalancingV2::ListenerRule').length > 0;
    case 'AWS::AutoScaling::LaunchConfiguration': return topology.whoMentions(key, 'AWS::AutoScaling::AutoScalingGroup').length > 0;
    default: return isProtected(resource);
  }
}

/** Whether the service refuses the deletion of a store, also if it is the stack that goes. */
export function isProtected(resource: Resource): boolean {
  const properties = settingsOf(resource);
  return [properties.DeletionProtection, properties.DeletionProtectionEnabled].some(value => asBoolean(value) === true);
}

function protection(resource: Resource): Decision | undefined {
  if (resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') { return decidedBy(resource, 'LoadBalancerAttributes', 'deletion_protection.enabled'); }
  if (resource.type === 'AWS::AutoScaling::AutoScalingGroup') { return decidedBy(resource, 'DeletionProtection', 'prevent-all-deletion'); }
  const property = resource.type.startsWith('AWS::DynamoDB::') ? 'DeletionProtectionEnabled' : 'DeletionProtection';
  return /^AWS::((RDS|DynamoDB)::|(DocDB|Neptune)::DBCluster$)/.test(resource.type) ? decidedBy(resource, property, 'true') : undefined;
}

export function holdsData({ type }: Resource): boolean {
  return /^AWS::(RDS|DynamoDB|S3|EFS|ElastiCache|FSx)::|^AWS::(EC2::Volume|SQS::Queue|Kinesis::Stream|AmazonMQ::Broker)$/.test(type)
    || /^AWS::((DocDB|Neptune)::DBCluster|(MemoryDB|Redshift)::Cluster|MSK::(Serverless)?Cluster|(OpenSearchService|Elasticsearch)::Domain)$/.test(type);
}

/** What is no store, but where somebody can write wrong data all the same. */
const KEEPS_SOMETHING = /^AWS::(EC2::Instance|(DocDB|Neptune)::DBInstance|Timestream::\w+|Cognito::UserPool|SSM::Parameter|SecretsManager::Secret)$/;

/** Of the services of stores, what only leads to data, or says who may and how. */
const LEADS_TO_DATA = /(Policy|(Subnet|Parameter|Option|Security|Target|User)Group|Proxy|ProxyEndpoint|EventSubscription|::User|MountTarget|AccessPoint)$/;

export function keepsData(resource: Resource): boolean {
  return (holdsData(resource) && !LEADS_TO_DATA.test(resource.type)) || KEEPS_SOMETHING.test(resource.type);
}

function earlierStateOf(resource: Resource): DataAtRisk {
  const { type } = resource;
  const properties = settingsOf(resource);
  if (/^AWS::(RDS|DocDB|Neptune|Redshift)::/.test(type)) { return backupOf(resource); }
  // OpenSearch Service takes snapshots by itself, MemoryDB where it is told to
  const days = asNumber(properties.SnapshotRetentionLimit) ?? 0;
  if (/^AWS::(OpenSearchService|Elasticsearch)::Domain$/.test(type) || (type === 'AWS::MemoryDB::Cluster' && days > 0)) { return 'since-snapshot'; }
  if (/^AWS::DynamoDB::/.test(type)) {
    return asBoolean(at(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled')) ? 'minutes' : 'everything';
  }
  if (type === 'AWS::S3::Bucket') { return at(properties, 'VersioningConfiguration', 'Status') === 'Enabled' ? 'none' : 'everything'; }
  return 'everything';
}
