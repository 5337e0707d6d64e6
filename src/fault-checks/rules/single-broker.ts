import { COMPLIANT, Rule } from '../rule';
import { judgeSetting } from '../settings';
import { judgeZones } from '../spread';

export const singleBroker: Rule = {
  id: 'MQ1',
  title: 'A message broker has one instance, or is reached in one zone',
  severity: 'error',
  reason: 'With its zone goes the broker, with the messages that wait in it.',
  sources: ['Amazon MQ Developer Guide, "Deployment options for Amazon MQ for ActiveMQ brokers" and "RabbitMQ cluster deployment for high availability" (2026-11-20)'],
  fix: 'Set DeploymentMode to ACTIVE_STANDBY_MULTI_AZ, or for RabbitMQ to CLUSTER_MULTI_AZ.',
  types: ['AWS::AmazonMQ::Broker'],
  needsTopology: true,
  bad: `
Broker: {Type: AWS::AmazonMQ::Broker, Properties: {BrokerName: orders, EngineType: RABBITMQ, DeploymentMode: SINGLE_INSTANCE, HostInstanceType: mq.m5.large, PubliclyAccessible: true}}`,
  good: `
Broker: {Type: AWS::AmazonMQ::Broker, Properties: {BrokerName: orders, EngineType: RABBITMQ, DeploymentMode: CLUSTER_MULTI_AZ, HostInstanceType: mq.m5.large, PubliclyAccessible: true}}`,
  judge: ({ properties: { DeploymentMode: mode, SubnetIds: subnets } }, topology) => {
    const verdict = judgeSetting(mode, 'DeploymentMode', one => typeof one === 'string' ? one !== 'SINGLE_INSTANCE' : undefined, 'it has one instance');
    // the three of a cluster are in three zones, but where they are private they are reached by interfaces in these subnets
    return verdict.compliance !== 'compliant' || subnets === undefined ? verdict : judgeZones(topology.zonesOfSubnets(subnets), 2, 'SubnetIds') ?? COMPLIANT;
  },
};
