import { Unknown } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, Rule, undecided } from '../rule';

export const fileSystemInOneZone: Rule = {
  id: 'EFS1',
  title: 'A file system is a One Zone one',
  severity: 'error',
  reason: 'Nobody reads or writes it while its zone is away, and if the zone is destroyed its files are gone but for the last backup.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon Elastic File System and Amazon FSx for Windows File Server"',
    'Amazon EFS User Guide, "EFS file system types" (2026-11-20)',
  ],
  fix: 'Leave AvailabilityZoneName out: the file system is then a Regional one.',
  types: ['AWS::EFS::FileSystem'],
  needsTopology: false,
  bad: `
Files: {Type: AWS::EFS::FileSystem, Properties: {AvailabilityZoneName: eu-west-1a}}`,
  good: `
Files: {Type: AWS::EFS::FileSystem, Properties: {}}`,
  judge: ({ properties: { AvailabilityZoneName: zone } }) => {
    if (zone === undefined || zone === null) { return COMPLIANT; }
    return zone instanceof Unknown ? undecided(zone.reason, 'AvailabilityZoneName') : broken('it is kept in one zone', 'AvailabilityZoneName');
  },
};
