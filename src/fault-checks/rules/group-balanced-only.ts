import { at, Unknown } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, Rule, undecided } from '../rule';
import { leftWithoutZone } from '../sizes';

const STRATEGY = 'AvailabilityZoneDistribution.CapacityDistributionStrategy';

export const groupBalancedOnly: Rule = {
  id: 'ASG6',
  title: 'An Auto Scaling group insists on the zone that is gone',
  severity: 'warning',
  reason: 'Where launches fail in a zone it goes on trying there, and starts nothing in the others in the place of what is lost.',
  sources: ['Amazon EC2 Auto Scaling API Reference, "AvailabilityZoneDistribution" (2026-11-20)'],
  fix: 'Leave the strategy at balanced-best-effort, or have enough in the other zones all the time.',
  types: ['AWS::AutoScaling::AutoScalingGroup'],
  needsTopology: true,
  bad: `
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    AvailabilityZoneDistribution: {CapacityDistributionStrategy: balanced-only}`,
  good: `
Group:
  Type: AWS::AutoScaling::AutoScalingGroup
  Properties:
    MinSize: 2
    MaxSize: 4
    VPCZoneIdentifier: [subnet-1, subnet-2]
    AvailabilityZoneDistribution: {CapacityDistributionStrategy: balanced-best-effort}`,
  judge: (group, topology) => {
    const { AvailabilityZoneDistribution: distribution } = group.properties;
    const strategy = distribution instanceof Unknown ? distribution : at(distribution, 'CapacityDistributionStrategy');
    const need = topology.needOf(group);
    // who has enough left at once need not start anything
    if (need && leftWithoutZone(group, topology).least >= need.count) { return COMPLIANT; }
    if (strategy instanceof Unknown) { return undecided(strategy.reason, STRATEGY); }
    return strategy === 'balanced-only' ? broken('it is launched in balance or not at all', STRATEGY) : COMPLIANT;
  },
};
