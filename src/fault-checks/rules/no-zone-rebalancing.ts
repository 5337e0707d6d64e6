import { Unknown } from '../../fault-simulation/template/value';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

export const noZoneRebalancing: Rule = {
  id: 'ECS3',
  title: 'A service does not go back to balance over its zones',
  severity: 'warning',
  reason: 'After the loss of a zone all tasks are in the others; when it is back they stay there, so that the next loss takes more of '
    + 'them, or all.',
  sources: [
    'Amazon ECS Developer Guide, "Balancing an Amazon ECS service across Availability Zones" (2026-11-20): enabled by default for new services',
  ],
  fix: 'Set AvailabilityZoneRebalancing to ENABLED, or leave it out of a new service.',
  types: ['AWS::ECS::Service'],
  needsTopology: false,
  bad: `
Service: {Type: AWS::ECS::Service, Properties: {DesiredCount: 2, TaskDefinition: 'shop:1', AvailabilityZoneRebalancing: DISABLED}}`,
  good: `
Service: {Type: AWS::ECS::Service, Properties: {DesiredCount: 2, TaskDefinition: 'shop:1', AvailabilityZoneRebalancing: ENABLED}}`,
  judge: ({ properties: { SchedulingStrategy: strategy, AvailabilityZoneRebalancing: rebalancing } }) => {
    if (strategy === 'DAEMON') { return NOT_APPLICABLE; }
    if (rebalancing instanceof Unknown) { return undecided(rebalancing.reason, 'AvailabilityZoneRebalancing'); }
    return rebalancing === 'DISABLED' ? broken('rebalancing over zones is switched off', 'AvailabilityZoneRebalancing') : COMPLIANT;
  },
};
