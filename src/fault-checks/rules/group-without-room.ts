import { Properties, Unknown } from '../../fault-simulation/template/value';
import { Resource } from '../../fault-simulation/template/world';
import { Topology } from '../../fault-simulation/topology';
import { highestOf, rangeOf, undecidedBy } from '../range';
import { broken, COMPLIANT, Judgement, Rule } from '../rule';
import { dutiesOf, ifServing } from '../serving';
import { leftWithoutZone } from '../sizes';

export const groupWithoutRoom: Rule = {
  id: 'ASG3',
  title: 'An Auto Scaling group has no room for the loss of a zone',
  severity: 'warning',
  reason: 'What is left has to carry the load of what is lost: either it is enough at once, or the group has to be able to grow.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Auto Scaling": N + 1 redundancy, with headroom on each instance',
    'Amazon Builders\' Library, "Static stability using Availability Zones" (2026-11-20)',
  ],
  fix: 'Have as many instances that without one zone as many are left as are needed, or let MaxSize be larger than MinSize.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 2, VPCZoneIdentifier: [subnet-1, subnet-2], TargetGroupARNs: [!Ref Targets]}`,
  good: `
Targets: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1}}
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1, subnet-2], TargetGroupARNs: [!Ref Targets]}`,
  judge: (group, topology) => {
    const need = topology.needOf(group);
    if (need) { return judgeLeft(group, need.count, topology); }
    const { known, open } = dutiesOf(group, topology);
    // the way out of a network leads to one instance, however many there are
    return ifServing({ known: known.filter(({ kind }) => kind !== 'way-out'), open }, () => judgeGrowth(group.properties));
  },
};

/** What is enough at once needs nothing to be launched. */
function judgeLeft(group: Resource, needed: number, topology: Topology): Judgement {
  const left = leftWithoutZone(group, topology);
  if (left.most < needed) { return broken(`without one of its zones it has ${left.most} left at once, and it needs ${needed}`, 'MinSize'); }
  return left.least >= needed ? COMPLIANT : undecidedBy(left, 'MinSize');
}

function judgeGrowth({ MinSize, MaxSize }: Properties): Judgement {
  const [min, max] = [rangeOf(MinSize), rangeOf(MaxSize)];
  // a group of one has another rule
  if (max.least > min.most || max.most < 2) { return COMPLIANT; }
  const same = MinSize instanceof Unknown && MaxSize instanceof Unknown && MinSize.identity === MaxSize.identity;
  return same || max.most <= min.least ? broken(`it can never be larger than its MinSize${same ? '' : ` of ${min.least}`}`, 'MaxSize')
    : undecidedBy(highestOf([max, min]), 'MaxSize');
}
