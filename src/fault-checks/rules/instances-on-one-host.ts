import { machineOf } from '../../fault-simulation/components/machine';
import { at, Unknown, Value } from '../../fault-simulation/template/value';
import { Topology } from '../../fault-simulation/topology';
import { broken, COMPLIANT, Judgement, NOT_APPLICABLE, Rule, undecided } from '../rule';
import { dutiesOf } from '../serving';
import { guaranteedSizeOf } from '../sizes';

export const instancesOnOneHost: Rule = {
  id: 'EC2-3',
  title: 'The instances of a group share one rack or one host',
  severity: 'warning',
  reason: 'A cluster placement group keeps its instances in one zone and close together, a dedicated host is one machine: one fault takes '
    + 'all of them.',
  sources: ['AWS CloudFormation Template Reference, "AWS::EC2::PlacementGroup" (2026-11-20)'],
  fix: 'Use a placement group that spreads or partitions, or none.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Close: {Type: AWS::EC2::PlacementGroup, Properties: {Strategy: cluster}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1], PlacementGroup: !Ref Close}}`,
  good: `
Apart: {Type: AWS::EC2::PlacementGroup, Properties: {Strategy: spread}}
Group: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: 2, MaxSize: 4, VPCZoneIdentifier: [subnet-1], PlacementGroup: !Ref Apart}}`,
  judge: (group, topology) => {
    const placement = at(machineOf(group, topology).properties, 'Placement');
    const together = group.properties.PlacementGroup ?? at(placement, 'GroupName') ?? at(placement, 'GroupId')
      ?? (placement instanceof Unknown ? placement : undefined);
    const host = at(placement, 'HostId');
    // who computes starts many for a time, and close together; who keeps two or more does so in order to lose one
    const redundant = guaranteedSizeOf(group, topology).least > 1 || dutiesOf(group, topology).known.length > 0;
    if (!redundant || (together === undefined && host === undefined)) { return NOT_APPLICABLE; }
    return host !== undefined ? judgeHost(host) : judgeGroup(together, topology);
  },
};

function judgeHost(host: Value): Judgement {
  return host instanceof Unknown ? undecided(host.reason) : broken('all of its instances are launched on one dedicated host');
}

function judgeGroup(named: Value | undefined, topology: Topology): Judgement {
  const group = topology.resource(named);
  const strategy = group?.properties.Strategy;
  if (strategy === 'cluster') { return broken(`${group?.key} keeps its instances close together`, 'PlacementGroup'); }
  if (typeof strategy === 'string') { return COMPLIANT; }
  return undecided(strategy instanceof Unknown ? strategy.reason : named instanceof Unknown ? named.reason
    : 'the strategy of its placement group is not in the template', 'PlacementGroup');
}
