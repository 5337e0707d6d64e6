import { judgeOwner } from '../members';
import { Rule } from '../rule';
import { judgeBackups } from '../settings';

export const databaseBackupsShort: Rule = {
  id: 'RDS5',
  title: 'Backups of a database are off, or kept for less than a week',
  severity: 'error',
  reason: 'A bad write is in the standby at once; without a backup from before it, or once that has expired, what it destroyed is gone.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Relational Database Service"',
    'Amazon RDS User Guide, "Backup retention period" (2026-11-20)',
  ],
  fix: 'Set BackupRetentionPeriod to 7 days or more.',
  types: ['AWS::RDS::DBInstance', 'AWS::RDS::DBCluster'],
  needsTopology: false,
  bad: `
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBInstanceClass: db.m6g.large, AllocatedStorage: '100', MultiAZ: true}}`,
  good: `
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBInstanceClass: db.m6g.large, AllocatedStorage: '100', MultiAZ: true, BackupRetentionPeriod: 7}}`,
  judge: database => judgeOwner(database, () => judgeBackups(database)),
};
