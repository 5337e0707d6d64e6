import { asBoolean, at, firstUnknown } from '../../fault-simulation/template/value';
import { productOf, rangeOf, undecidedBy } from '../range';
import { broken, COMPLIANT, NOT_APPLICABLE, Rule, undecided } from '../rule';

/** What nobody notices for longer is an outage of its own. */
const PATIENCE = 120;

export const slowDetection: Rule = {
  id: 'LB6',
  title: 'A dead target is noticed after more than two minutes',
  severity: 'warning',
  reason: 'Until it is noticed, a dead target goes on getting its share of the requests, each of which fails.',
  sources: [
    'Building Fault-Tolerant Applications on AWS (2011), "Elastic Load Balancing": rerouted until the instances are restored',
    'Elastic Load Balancing, Application Load Balancers, "Health checks for Application Load Balancer target groups" (2026-11-20): 30 '
      + 'seconds, twice',
  ],
  fix: 'Let the interval, times the unhealthy threshold, be two minutes at most: 10 seconds, twice.',
  types: ['AWS::ElasticLoadBalancingV2::TargetGroup', 'AWS::ElasticLoadBalancing::LoadBalancer'],
  needsTopology: false,
  bad: `
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1, HealthCheckIntervalSeconds: 60, UnhealthyThresholdCount: 5}`,
  good: `
Targets:
  Type: AWS::ElasticLoadBalancingV2::TargetGroup
  Properties: {Protocol: HTTP, Port: 80, VpcId: vpc-1, HealthCheckIntervalSeconds: 10, UnhealthyThresholdCount: 2}`,
  judge: ({ type, properties }) => {
    const { HealthCheck: check, TargetType: targets, HealthCheckEnabled: enabled, HealthCheckIntervalSeconds, UnhealthyThresholdCount } = properties;
    const classic = type === 'AWS::ElasticLoadBalancing::LoadBalancer';
    if (targets === 'lambda' || asBoolean(enabled) === false) { return NOT_APPLICABLE; }
    const property = classic ? 'HealthCheck.Interval' : 'HealthCheckIntervalSeconds';
    const open = firstUnknown([check, targets]);
    if (open) { return undecided(open.reason, property); }
    const seconds = productOf([
      rangeOf((classic ? at(check, 'Interval') : HealthCheckIntervalSeconds) ?? 30),
      rangeOf((classic ? at(check, 'UnhealthyThreshold') : UnhealthyThresholdCount) ?? 2),
    ]);
    if (seconds.most <= PATIENCE) { return COMPLIANT; }
    return seconds.least > PATIENCE ? broken(`a dead target is noticed after ${seconds.least} seconds`, property) : undecidedBy(seconds, property);
  },
};
