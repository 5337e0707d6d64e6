import { isMirrored } from '../../fault-simulation/components/stores';
import { judgeOwner } from '../members';
import { COMPLIANT, Rule, undecided } from '../rule';
import { judgeSwitch } from '../settings';

export const databaseInOneZone: Rule = {
  id: 'RDS1',
  title: 'A database instance is in one zone',
  severity: 'error',
  reason: 'With its zone goes the database, until the zone is back or somebody restores a backup elsewhere, under another address.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Amazon Relational Database Service"',
    'Amazon RDS User Guide, "Configuring and managing a Multi-AZ deployment for Amazon RDS" (2026-11-20)',
  ],
  fix: 'Set MultiAZ to true.',
  types: ['AWS::RDS::DBInstance'],
  needsTopology: true,
  bad: `
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, DBInstanceClass: db.m6g.large, AllocatedStorage: '100'}}`,
  good: `
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres, DBInstanceClass: db.m6g.large, AllocatedStorage: '100', MultiAZ: true}}`,
  judge: (database, topology) => judgeOwner(database, () => {
    const verdict = judgeSwitch(database.properties.MultiAZ, 'MultiAZ', 'it has no standby');
    const mirrored = isMirrored(database, topology);
    if (verdict.compliance === 'compliant' || mirrored === true) { return COMPLIANT; }
    return mirrored === undefined ? undecided('its option group, which may mirror it, is not in the templates', 'OptionGroupName') : verdict;
  }),
};
