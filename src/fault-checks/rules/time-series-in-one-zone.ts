import { Rule } from '../rule';
import { judgeSetting } from '../settings';

export const timeSeriesInOneZone: Rule = {
  id: 'TSI1',
  title: 'A database of Timestream for InfluxDB is in one zone',
  severity: 'error',
  reason: 'With its zone goes the database, and what is measured meanwhile is not written down.',
  sources: ['Amazon Timestream Developer Guide, "Configuring and managing a multi-AZ deployment" of Timestream for InfluxDB (2026-11-20)'],
  fix: 'Set DeploymentType to WITH_MULTIAZ_STANDBY.',
  types: ['AWS::Timestream::InfluxDBInstance'],
  needsTopology: false,
  bad: `
Series: {Type: AWS::Timestream::InfluxDBInstance, Properties: {Name: series, DbInstanceType: db.influx.large, AllocatedStorage: 100}}`,
  good: `
Series: {Type: AWS::Timestream::InfluxDBInstance, Properties: {Name: series, DbInstanceType: db.influx.large, AllocatedStorage: 100, DeploymentType: WITH_MULTIAZ_STANDBY}}`,
  judge: ({ properties: { DeploymentType: type } }) => judgeSetting(type, 'DeploymentType',
    one => one === undefined ? false : typeof one === 'string' ? one !== 'SINGLE_AZ' : undefined, 'it has no standby'),
};
