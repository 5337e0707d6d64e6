import { at, listOf, referencesIn } from '../../fault-simulation/template/value';
import { lowestOf, rangeOf, undecidedBy } from '../range';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { dutiesOf } from '../serving';

export const scaledToFewerThanTwo: Rule = {
  id: 'APP1',
  title: 'A service is scaled down to fewer than two tasks',
  severity: 'warning',
  reason: 'In quiet times it has one task: with that the service is gone until another one has started.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Auto Scaling": always at least two instances',
    'Amazon ECS Developer Guide, "Automatically scale your Amazon ECS service" (2026-11-20)',
  ],
  fix: 'Let MinCapacity be two at least, by every schedule too.',
  types: ['AWS::ApplicationAutoScaling::ScalableTarget'],
  needsTopology: true,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: ip, Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Service:
  Type: AWS::ECS::Service
  Properties:
    Cluster: shop
    TaskDefinition: 'shop:1'
    DesiredCount: 2
    LoadBalancers: [{TargetGroupArn: !Ref Targets, ContainerName: shop, ContainerPort: 80}]
Scaling:
  Type: AWS::ApplicationAutoScaling::ScalableTarget
  Properties:
    ServiceNamespace: ecs
    ScalableDimension: ecs:service:DesiredCount
    ResourceId: !Sub 'service/shop/\${Service.Name}'
    MinCapacity: 1
    MaxCapacity: 4`,
  good: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: ip, Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Service:
  Type: AWS::ECS::Service
  Properties:
    Cluster: shop
    TaskDefinition: 'shop:1'
    DesiredCount: 2
    LoadBalancers: [{TargetGroupArn: !Ref Targets, ContainerName: shop, ContainerPort: 80}]
Scaling:
  Type: AWS::ApplicationAutoScaling::ScalableTarget
  Properties:
    ServiceNamespace: ecs
    ScalableDimension: ecs:service:DesiredCount
    ResourceId: !Sub 'service/shop/\${Service.Name}'
    MinCapacity: 2
    MaxCapacity: 4`,
  judge: ({ properties }, topology) => {
    const { ScalableDimension: dimension, ResourceId: id, MinCapacity: min, ScheduledActions: schedules } = properties;
    if (dimension !== 'ecs:service:DesiredCount') { return NOT_APPLICABLE; }
    // what a schedule switches off is meant to be off
    const scheduled = listOf(schedules).flatMap(one => at(one, 'ScalableTargetAction', 'MinCapacity') ?? []).map(rangeOf)
      .filter(({ most }) => most > 0);
    const least = lowestOf([rangeOf(min), ...scheduled]);
    if (least.least >= 2) { return COMPLIANT; }
    const service = referencesIn(id).flatMap(one => topology.resource(one) ?? []).find(({ type }) => type === 'AWS::ECS::Service');
    if (!service) { return undecided('the service that it scales is not in the template', 'ResourceId'); }
    const [duty] = dutiesOf(service, topology).known.filter(({ kind }) => kind !== 'queue' || least.most > 0);
    if (!duty) { return NOT_APPLICABLE; }
    return least.most > 1 ? undecidedBy(least, 'MinCapacity')
      : broken(`it may leave ${least.most === 0 ? 'no task' : 'one task'} ${duty.what}`, 'MinCapacity');
  },
};
