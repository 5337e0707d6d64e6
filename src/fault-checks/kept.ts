import { isCopied, originalOf } from './backups';
import { defaultPolicy } from '../fault-simulation/components/deletion';
import { asBoolean, at, listOf } from '../fault-simulation/template/value';
import { Resource } from '../fault-simulation/template/world';
import { Topology } from '../fault-simulation/topology';

const KEEPS = ['Retain', 'RetainExceptOnCreate', 'Snapshot'];

/** Whether something is left of a resource that CloudFormation removes or replaces; undefined where the template does not decide it. */
export function isKept(resource: Resource, attribute: 'DeletionPolicy' | 'UpdateReplacePolicy'): boolean | undefined {
  const [onDeletion, onReplacement]: readonly unknown[] = [resource.raw.DeletionPolicy, resource.raw.UpdateReplacePolicy];
  // where one is worked out at deployment, so is the other
  if ([onDeletion, onReplacement].some(policy => typeof policy === 'object' && policy !== null)) { return undefined; }
  return KEEPS.includes(attribute === 'DeletionPolicy' ? String(onDeletion ?? defaultPolicy(resource)) : String(onReplacement ?? 'Delete'));
}

/** Whether copies of a resource are left without it: in a vault, or as its service keeps them; undefined where the template does not decide it. */
export function leavesCopies(resource: Resource, topology: Topology): boolean | undefined {
  const { type, properties } = resource;
  if (type === 'AWS::EFS::FileSystem' && at(properties.BackupPolicy, 'Status') === 'ENABLED') { return true; }
  if (properties.FinalSnapshotName !== undefined) { return true; }
  const settings = type.startsWith('AWS::DynamoDB::') ? [properties, ...listOf(properties.Replicas)] : [];
  // DynamoDB keeps what it needs for it for 35 days
  if (settings.some(one => asBoolean(at(one, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled')) === true)) { return true; }
  return isCopied([originalOf(resource)], topology);
}
