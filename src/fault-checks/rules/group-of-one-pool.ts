import { machineOf } from '../../fault-simulation/components/machine';
import { asBoolean, at, firstUnknown, isObject, listOf, Unknown, Value } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { highestOf, rangeOf, undecidedBy } from '../range';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { dutiesOf, ifServing } from '../serving';
import { worstOf } from '../worst';


export const groupOfOnePool: Rule = {
  id: 'ASG7',
  title: 'The capacity of a serving group can be taken away, or not be had',
  severity: 'warning',
  reason: 'Spot Instances are interrupted with two minutes\' notice, many of one pool at once; and when a zone is lost everybody asks for '
    + 'the same instance types.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Reserved Instances": capacity is finite',
    'Amazon EC2 Auto Scaling User Guide, "Auto Scaling groups with multiple instance types and purchase options" and '
      + '"Capacity Rebalancing in Auto Scaling to replace at-risk Spot Instances" (2026-11-20)',
  ],
  fix: 'Keep what is needed as On-Demand Instances, allow several instance types, and set CapacityRebalance where there are Spot Instances.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1, InstanceType: m7g.large}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    TargetGroupARNs: [!Ref Targets]
    CapacityRebalance: true
    MixedInstancesPolicy:
      InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 0}
      LaunchTemplate:
        LaunchTemplateSpecification: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
        Overrides: [{InstanceType: m7g.large}, {InstanceType: m6g.large}]`,
  good: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Template: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {ImageId: ami-1, InstanceType: m7g.large}}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    TargetGroupARNs: [!Ref Targets]
    CapacityRebalance: true
    MixedInstancesPolicy:
      InstancesDistribution: {OnDemandBaseCapacity: 2, OnDemandPercentageAboveBaseCapacity: 0}
      LaunchTemplate:
        LaunchTemplateSpecification: {LaunchTemplateId: !Ref Template, Version: !GetAtt Template.LatestVersionNumber}
        Overrides: [{InstanceType: m7g.large}, {InstanceType: m6g.large}]`,
  judge: (group, topology) => {
    const duties = dutiesOf(group, topology);
    // what works on a queue may be interrupted: the messages come back
    const interruptible = duties.known.length > 0 && duties.known.every(({ kind }) => kind === 'queue');
    return ifServing(duties, () => judgePurchase(group, interruptible, topology));
  },
};

function judgePurchase(group: Resource, interruptible: boolean, topology: Topology): Judgement {
  const policy = group.properties.MixedInstancesPolicy;
  if (policy instanceof Unknown) { return undecided(policy.reason, 'MixedInstancesPolicy'); }
  if (policy !== undefined) { return worstOf([judgeSpot(group, policy, interruptible), judgeTypes(policy)]); }
  const { InstanceMarketOptions: market, SpotPrice: price } = machineOf(group, topology).properties;
  const type = market instanceof Unknown ? market : at(market, 'MarketType');
  const open = firstUnknown([price, type]);
  if (open) { return undecided(open.reason); }
  if (price === undefined && type !== 'spot') { return NOT_APPLICABLE; }
  return interruptible ? judgeRebalance(group) ?? COMPLIANT : broken('all of its instances are Spot Instances, of one type');
}

function judgeSpot(group: Resource, policy: Value, interruptible: boolean): Judgement | undefined {
  const distribution = at(policy, 'InstancesDistribution');
  if (distribution instanceof Unknown) { return undecided(distribution.reason, 'MixedInstancesPolicy.InstancesDistribution'); }
  const property = 'MixedInstancesPolicy.InstancesDistribution';
  const base = rangeOf(at(distribution, 'OnDemandBaseCapacity') ?? 0);
  const share = rangeOf(at(distribution, 'OnDemandPercentageAboveBaseCapacity') ?? 100);
  if (share.least >= 100) { return undefined; }
  if (share.most >= 100) { return undecidedBy(share, property); }
  if (!interruptible && share.most === 0 && base.most === 0) { return broken('all of its instances are Spot Instances', property); }
  const perhapsAll = !interruptible && share.least === 0 && base.least === 0;
  return judgeRebalance(group) ?? (perhapsAll ? undecidedBy(highestOf([share, base]), property) : undefined);
}

function judgeRebalance({ properties: { CapacityRebalance: rebalance } }: Resource): Judgement | undefined {
  if (rebalance instanceof Unknown) { return undecided(rebalance.reason, 'CapacityRebalance'); }
  return asBoolean(rebalance) === true ? undefined : broken('its Spot Instances are replaced only after they were interrupted', 'CapacityRebalance');
}

function judgeTypes(policy: Value): Judgement | undefined {
  const overrides = at(policy, 'LaunchTemplate', 'Overrides');
  const property = 'MixedInstancesPolicy.LaunchTemplate.Overrides';
  if (overrides instanceof Unknown) { return undecided(overrides.reason, property); }
  const all = listOf(overrides);
  if (all.some(one => at(one, 'InstanceRequirements') !== undefined)) { return undefined; }
  const types = new Set(all.filter(isObject).map(one => JSON.stringify(one.InstanceType ?? null)));
  const open = firstUnknown(all);
  if (types.size > 1) { return undefined; }
  return open ? undecided(open.reason, property) : broken('it has one instance type alone', property);
}
