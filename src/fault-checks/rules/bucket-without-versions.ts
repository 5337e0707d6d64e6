import { asBoolean, at, listOf } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { keepsLogs } from '../logs';
import { NOT_APPLICABLE, Rule } from '../rule';
import { judgeSetting, valueAt } from '../settings';

export const bucketWithoutVersions: Rule = {
  id: 'S3-1',
  title: 'A bucket keeps no earlier versions of its objects',
  severity: 'warning',
  reason: 'All zones have the same objects: what a mistaken deployment or script overwrites or deletes is gone from all of them.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Simple Storage Service"',
    'Amazon S3 User Guide, "Retaining multiple versions of objects with S3 Versioning" (2026-11-20)',
  ],
  fix: 'Set Status of VersioningConfiguration to Enabled, with a lifecycle rule that expires versions of long ago.',
  types: ['AWS::S3::Bucket'],
  needsTopology: true,
  bad: `
Pictures: {Type: AWS::S3::Bucket, Properties: {}}`,
  good: `
Pictures: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}`,
  judge: (bucket, topology) => {
    const { ObjectLockEnabled: locked, VersioningConfiguration: versioning, WebsiteConfiguration: website } = bucket.properties;
    // which has no objects
    if (at(website, 'RedirectAllRequestsTo') !== undefined || isDisposable(bucket, topology) || keepsLogs(bucket, topology)) { return NOT_APPLICABLE; }
    // S3 turns it on with the lock
    return judgeSetting(valueAt(versioning, 'Status'), 'VersioningConfiguration', one => one === 'Enabled' || asBoolean(locked) === true, 'it has no versions');
  },
};

/** Whether all that is in it expires anyway, or is deleted with its stack on purpose. */
function isDisposable({ key, properties: { LifecycleConfiguration: lifecycle } }: Resource, topology: Topology): boolean {
  const narrows = ['Prefix', 'TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'];
  return topology.whoMentions(key, 'Custom::S3AutoDeleteObjects').length > 0 || listOf(at(lifecycle, 'Rules')).some(rule => at(rule, 'Status') === 'Enabled' && at(rule, 'ExpirationInDays') !== undefined
    && narrows.every(name => [undefined, ''].includes(at(rule, name) as string | undefined)));
}
