import { isCopied, originalOf } from '../backups';
import { COMPLIANT, Rule, undecided } from '../rule';
import { judgeSetting, valueAt } from '../settings';

export const fileSystemWithoutBackup: Rule = {
  id: 'EFS3',
  title: 'A file system has no backups',
  severity: 'warning',
  reason: 'All zones have the same files: what is deleted, overwritten or encrypted by somebody is so in all of them.',
  sources: [
    'Amazon EFS User Guide, "Backing up EFS file systems" (2026-11-20)',
    'Amazon EFS API Reference, "CreateFileSystem", Backup (2026-11-20)',
  ],
  fix: 'Set Status of BackupPolicy to ENABLED, or have a plan of AWS Backup select it.',
  types: ['AWS::EFS::FileSystem'],
  needsTopology: true,
  bad: `
Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true}}`,
  good: `
Files: {Type: AWS::EFS::FileSystem, Properties: {Encrypted: true, BackupPolicy: {Status: ENABLED}}}`,
  judge: (files, topology) => {
    const { AvailabilityZoneName: zone, BackupPolicy: policy } = files.properties;
    // of a One Zone file system backups are taken unless somebody says no
    const byDefault = zone === undefined ? 'DISABLED' : 'ENABLED';
    const verdict = judgeSetting(valueAt(policy, 'Status'), 'BackupPolicy', one => (one ?? byDefault) === 'ENABLED', 'no backups are taken of it');
    if (verdict.compliance === 'compliant') { return verdict; }
    const copied = isCopied([originalOf(files)], topology);
    return copied === undefined ? undecided('whether a plan of AWS Backup selects it is not in the templates', 'BackupPolicy') : copied ? COMPLIANT : verdict;
  },
};
