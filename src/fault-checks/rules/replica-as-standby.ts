import { Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { judgeSwitch } from '../settings';

export const replicaAsStandby: Rule = {
  id: 'RDS8',
  title: 'A read replica is the only standby of a database',
  severity: 'warning',
  reason: 'A replica is promoted by hand, has another address than its source, and lacks the last writes.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon Relational Database Service"',
    'Amazon RDS User Guide, "Promoting a read replica to be a standalone DB instance" (2026-11-20)',
  ],
  fix: 'Set MultiAZ of the source to true; the replica is for reading.',
  types: ['AWS::RDS::DBInstance'],
  needsTopology: true,
  bad: `
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBInstanceClass: db.m6g.large, AllocatedStorage: '100'}}
Replica: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceClass: db.m6g.large, SourceDBInstanceIdentifier: !Ref Database}}`,
  good: `
Database: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, DBInstanceClass: db.m6g.large, AllocatedStorage: '100', MultiAZ: true}}
Replica: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceClass: db.m6g.large, SourceDBInstanceIdentifier: !Ref Database}}`,
  judge: (replica, topology) => {
    const { SourceDBInstanceIdentifier: name } = replica.properties;
    if (name === undefined || name === null) { return NOT_APPLICABLE; }
    const source = sourceOf(replica, topology);
    if (source) {
      const verdict = judgeSwitch(source.properties.MultiAZ, 'SourceDBInstanceIdentifier', `${source.logicalId} has no other`);
      // a replica of a replica is none
      return source.properties.SourceDBInstanceIdentifier === undefined ? verdict : COMPLIANT;
    }
    return undecided(name instanceof Unknown ? name.reason : 'its source is not in the templates', 'SourceDBInstanceIdentifier');
  },
};

function sourceOf({ region, properties: { SourceDBInstanceIdentifier: name } }: Resource, topology: Topology): Resource | undefined {
  return topology.resource(name) ?? topology.ofType('AWS::RDS::DBInstance').find(other =>
    typeof name === 'string' && other.region === region && other.properties.DBInstanceIdentifier === name);
}
