import { membersOf, targetGroupsOf } from '../../fault-simulation/components/balancers';
import { consumersOf } from '../../fault-simulation/components/consumers';
import { firstUnknown, listOf } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { keysIn, Topology } from '../../fault-simulation/topology';
import { isDeadLetterQueue } from '../dead-letters';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { queuesWorkedOnBy } from '../scaling';
import { isWatched, Seen, SEEN_QUEUE } from '../watching';

/** Things of which one shows how the service stands, and how alarms name them. */
type Watch = readonly [things: readonly Resource[], seen: Seen];

const BALANCER: Seen = { dimensions: ['LoadBalancer', 'TargetGroup'], namespace: 'ELB' };
const CLASSIC: Seen = { dimensions: ['LoadBalancerName'], namespace: 'AWS/ELB', name: 'LoadBalancerName' };
const DATABASE: Seen = { dimensions: ['DBInstanceIdentifier'], namespace: 'AWS/RDS', name: 'DBInstanceIdentifier' };
const CLUSTER: Seen = { dimensions: ['DBClusterIdentifier', 'DBInstanceIdentifier'], namespace: 'AWS/RDS', name: 'DBClusterIdentifier' };
const GROUP: Seen = { dimensions: ['AutoScalingGroupName'], namespace: 'AWS/AutoScaling', name: 'AutoScalingGroupName' };

/** What may be watched in the place of a resource; nothing if it is no part of a service, or something else stands for it. */
function watchesFor(resource: Resource, topology: Topology): readonly Watch[] {
  const { key, type, properties } = resource;
  switch (type) {
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer': {
      const listeners = topology.whoMentions(key, 'AWS::ElasticLoadBalancingV2::Listener');
      return listeners.length === 0 ? [] : [[[resource, ...listeners, ...targetGroupsOf(resource, { topology })], BALANCER]];
    }
    case 'AWS::ElasticLoadBalancing::LoadBalancer': return [[[resource], CLASSIC]];
    case 'AWS::RDS::DBInstance': {
      const { DBClusterIdentifier: cluster, SourceDBInstanceIdentifier: source, SourceDBClusterIdentifier: sourceCluster } = properties;
      return [cluster, source, sourceCluster].some(one => one !== undefined) ? [] : [[[resource], DATABASE]];
    }
    case 'AWS::RDS::DBCluster': return [[[resource, ...topology.whoMentions(key, 'AWS::RDS::DBInstance')], CLUSTER]];
    case 'AWS::SQS::Queue': return consumersOf(resource, topology).length === 0 || isDeadLetterQueue(resource, topology) ? [] : [[[resource], SEEN_QUEUE]];
    default: return watchesForGroup(resource, topology);
  }
}

/** A group is watched by what is in front of it as well. */
function watchesForGroup(group: Resource, topology: Topology): readonly Watch[] {
  const { TargetGroupARNs, LoadBalancerNames } = group.properties;
  const targetGroups = topology.ofType('AWS::ElasticLoadBalancingV2::TargetGroup').filter(one => membersOf(one, { topology }).includes(group));
  const balancers = topology.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').filter(balancer => targetGroupsOf(balancer, { topology })
    .some(one => targetGroups.includes(one)));
  const classic = keysIn(LoadBalancerNames).flatMap(key => topology.world.resource(key) ?? []);
  const queues = queuesWorkedOnBy(group, topology);
  if (listOf(TargetGroupARNs).length + listOf(LoadBalancerNames).length + queues.length === 0) { return []; }
  return [[[group], GROUP], [[...targetGroups, ...balancers], BALANCER], [classic, CLASSIC], [queues, SEEN_QUEUE]];
}

export const serviceThatNobodyWatches: Rule = {
  id: 'OBS1',
  title: 'No alarm watches a load balancer, a database, a queue or a group',
  severity: 'warning',
  reason: 'What fails so that nothing mends it is found by users. Until one of them complains, and somebody has found out what it is, the outage goes on.',
  sources: [
    'Fault-Tolerant Components on AWS (2019), "Amazon CloudWatch"',
  ],
  fix: 'Have an alarm on what users notice: errors and unhealthy targets of a load balancer, free storage and connections of a database, the age of the oldest message of a queue.',
  types: [
    'AWS::AutoScaling::AutoScalingGroup', 'AWS::ElasticLoadBalancing::LoadBalancer', 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::RDS::DBCluster',
    'AWS::RDS::DBInstance', 'AWS::SQS::Queue',
  ],
  needsTopology: true,
  bad: `
Database: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceClass: db.t3.micro, Engine: postgres, MultiAZ: true}}`,
  good: `
Database: {Type: AWS::RDS::DBInstance, Properties: {DBInstanceClass: db.t3.micro, Engine: postgres, MultiAZ: true}}
Operators: {Type: AWS::SNS::Topic}
Full:
  Type: AWS::CloudWatch::Alarm
  Properties:
    Namespace: AWS/RDS
    MetricName: FreeStorageSpace
    Dimensions: [{Name: DBInstanceIdentifier, Value: !Ref Database}]
    Statistic: Minimum
    Period: 300
    EvaluationPeriods: 1
    ComparisonOperator: LessThanThreshold
    Threshold: 5000000000
    AlarmActions: [!Ref Operators]`,
  judge: (resource, topology) => {
    const watched = watchesFor(resource, topology).map(([things, seen]) => things.length === 0 ? false : isWatched(things, seen, topology));
    if (watched.length === 0) { return NOT_APPLICABLE; }
    if (watched.includes(true)) { return COMPLIANT; }
    const open = firstUnknown(watched);
    return open ? undecided(`an alarm may watch it: ${open.reason}`) : broken('no alarm of the stacks that are given has a metric of it');
  },
};
