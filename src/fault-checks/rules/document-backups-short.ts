import { Rule } from '../rule';
import { judgeBackups } from '../settings';

export const documentBackupsShort: Rule = {
  id: 'DOC2',
  title: 'Backups of DocumentDB or Neptune are kept for less than a week',
  severity: 'error',
  reason: 'A bad write is in all copies at once; once the backup from before it has expired, what it destroyed is gone.',
  sources: [
    'Amazon DocumentDB Developer Guide, "Backing up and restoring in Amazon DocumentDB" (2026-11-20)',
    'Amazon Neptune User Guide, "Overview of backing up and restoring a Neptune DB cluster" (2026-11-20)',
  ],
  fix: 'Set BackupRetentionPeriod to 7 days or more.',
  types: ['AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'],
  needsTopology: false,
  bad: `
Graph: {Type: AWS::Neptune::DBCluster, Properties: {}}`,
  good: `
Graph: {Type: AWS::Neptune::DBCluster, Properties: {BackupRetentionPeriod: 7}}`,
  judge: judgeBackups,
};
