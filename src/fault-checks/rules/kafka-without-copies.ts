import { replicationOf } from '../../fault-simulation/components/nodes';
import { mostIn } from '../../fault-simulation/components/spread';
import { Unknown } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, Rule, undecided } from '../rule';
import { valueAt } from '../settings';
import { judgeZones } from '../spread';

const SUBNETS = ['BrokerNodeGroupInfo', 'ClientSubnets'];

export const kafkaWithoutCopies: Rule = {
  id: 'MSK1',
  title: 'A Kafka cluster takes no writes without one of its zones',
  severity: 'error',
  reason: 'If as many copies of a partition have to take a write as there are, or there is one alone, the partition stops with the zone of any of them.',
  sources: ['Amazon MSK Developer Guide, "Best practices for Standard brokers", highly available clusters (2026-11-20)'],
  fix: 'Take subnets of three zones, a replication factor of 3, and a min.insync.replicas of 2.',
  types: ['AWS::MSK::Cluster'],
  needsTopology: true,
  bad: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
Settings: {Type: AWS::MSK::Configuration, Properties: {Name: settings, ServerProperties: "default.replication.factor=2\\nmin.insync.replicas=2"}}
Kafka:
  Type: AWS::MSK::Cluster
  Properties:
    ClusterName: events
    KafkaVersion: 3.6.0
    NumberOfBrokerNodes: 2
    ConfigurationInfo: {Arn: !Ref Settings, Revision: 1}
    BrokerNodeGroupInfo: {InstanceType: kafka.m7g.large, ClientSubnets: [!Ref A, !Ref B]}`,
  good: `
A: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1a, CidrBlock: 10.0.0.0/24, VpcId: vpc-1}}
B: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1b, CidrBlock: 10.0.1.0/24, VpcId: vpc-1}}
C: {Type: AWS::EC2::Subnet, Properties: {AvailabilityZone: eu-west-1c, CidrBlock: 10.0.2.0/24, VpcId: vpc-1}}
Settings: {Type: AWS::MSK::Configuration, Properties: {Name: settings, ServerProperties: "default.replication.factor=3\\nmin.insync.replicas=2"}}
Kafka:
  Type: AWS::MSK::Cluster
  Properties:
    ClusterName: events
    KafkaVersion: 3.6.0
    NumberOfBrokerNodes: 3
    ConfigurationInfo: {Arn: !Ref Settings, Revision: 1}
    BrokerNodeGroupInfo: {InstanceType: kafka.m7g.large, ClientSubnets: [!Ref A, !Ref B, !Ref C]}`,
  judge: (cluster, topology) => {
    const places = topology.zonesOfSubnets(valueAt(cluster.properties, ...SUBNETS));
    if (places instanceof Unknown) { return undecided(places.reason, SUBNETS.join('.')); }
    const spread = judgeZones(places, 2, SUBNETS.join('.'));
    // MSK refuses two subnets of one zone, so that those of which the zone is open are apart
    if (spread?.compliance === 'non-compliant') { return spread; }
    const replication = replicationOf(cluster, places.length, { topology });
    if (replication === undefined) { return undecided('how it replicates is not in the templates', 'ConfigurationInfo'); }
    const { copies, least } = replication;
    const left = copies - mostIn(copies, places.length, 1);
    return left >= Math.max(1, least) ? COMPLIANT
      : broken(`without a zone ${left} of ${copies} copies of a partition are left, and a write takes ${Math.max(1, least)}`, 'ConfigurationInfo');
  },
};
