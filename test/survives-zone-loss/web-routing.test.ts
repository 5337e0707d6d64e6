import { Duration, Lazy } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { TargetGroupHealth } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { InstanceFleet, WebEndpoint, WebRouting, WebRoutingOptions, ZonalShift } from '../../src';
import { refuses, Setting, tierIn } from '../helpers/web-tier';

const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';

/** The attributes of the target group of a tier of this setting. */
function attributesOf(setting: Setting): Record<string, string> {
  const [group] = Object.values(tierIn(setting).template().findResources(TARGET_GROUP));
  const attributes: { Key: string; Value: string }[] = group.Properties.TargetGroupAttributes;
  return Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value]));
}

const withRouting = (options: WebRoutingOptions): Setting => ({ routing: WebRouting.roundRobin(options) });
const withHealth = (targetGroupHealth: TargetGroupHealth): Setting => withRouting({ targetGroupHealth });
const later = Lazy.number({ produce: () => 60 });

describe('WebRouting', () => {
  test.each<[string, WebRouting, string]>([
    ['one after the other', WebRouting.roundRobin(), 'round_robin'],
    ['the one with the fewest under way', WebRouting.leastOutstandingRequests(), 'least_outstanding_requests'],
    ['any but the anomalous', WebRouting.aroundAnomalies(), 'weighted_random'],
  ])('leads requests to %s', (_, routing, algorithm) => {
    expect(attributesOf({ routing })).toMatchObject({ 'load_balancing.algorithm.type': algorithm });
  });

  test('mitigates anomalies where it leads around them, and nowhere else', () => {
    const mitigation = 'load_balancing.algorithm.anomaly_mitigation';
    expect(attributesOf({ routing: WebRouting.aroundAnomalies() })).toMatchObject({ [mitigation]: 'on' });
    expect(attributesOf({})).not.toHaveProperty([mitigation]);
    expect(attributesOf({ routing: WebRouting.leastOutstandingRequests() })).not.toHaveProperty([mitigation]);
  });

  test('by default sends across the zones, to whichever instance, and lets it finish for a minute', () => {
    expect(attributesOf({})).toEqual({
      'load_balancing.algorithm.type': 'round_robin',
      'load_balancing.cross_zone.enabled': 'true',
      'deregistration_delay.timeout_seconds': '60',
      'stickiness.enabled': 'false',
    });
  });

  test('keeps a zone to itself when told so', () => {
    expect(attributesOf(withRouting({ crossZone: false }))).toMatchObject({ 'load_balancing.cross_zone.enabled': 'false' });
  });

  test('lets requests finish for as long as it is told', () => {
    expect(attributesOf(withRouting({ deregistrationDelay: Duration.minutes(5) }))).toMatchObject({ 'deregistration_delay.timeout_seconds': '300' });
    expect(attributesOf(withRouting({ deregistrationDelay: Duration.seconds(0) }))).toMatchObject({ 'deregistration_delay.timeout_seconds': '0' });
    expect(attributesOf(withRouting({ deregistrationDelay: Duration.hours(1) }))).toMatchObject({ 'deregistration_delay.timeout_seconds': '3600' });
  });

  test.each([Duration.seconds(1), Duration.days(7)])('keeps a client at its instance for %s, when told so', stickiness => {
    expect(attributesOf(withRouting({ stickiness }))).toMatchObject({
      'stickiness.enabled': 'true', 'stickiness.type': 'lb_cookie', 'stickiness.lb_cookie.duration_seconds': `${stickiness.toSeconds()}`,
    });
  });

  test.each([30, 900])('gives an instance more bit by bit for %d seconds, when told so', seconds => {
    expect(attributesOf(withRouting({ slowStart: Duration.seconds(seconds) }))).toMatchObject({ 'slow_start.duration_seconds': `${seconds}` });
  });

  test('leaves a zone, and sends to the unhealthy too, where so few are healthy as it is told', () => {
    expect(attributesOf(withHealth({
      dnsMinimumHealthyTargetCount: 3,
      dnsMinimumHealthyTargetPercentage: 100,
      routingMinimumHealthyTargetCount: 3,
      routingMinimumHealthyTargetPercentage: 50,
    }))).toMatchObject({
      'target_group_health.dns_failover.minimum_healthy_targets.count': '3',
      'target_group_health.dns_failover.minimum_healthy_targets.percentage': '100',
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '3',
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': '50',
    });
  });

  test('sends to the unhealthy too where it is told no threshold for leaving the zone', () => {
    expect(attributesOf(withHealth({ routingMinimumHealthyTargetCount: 2 }))).toMatchObject({
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '2',
    });
  });

  describe('behind a network load balancer', () => {
    const endpoint = WebEndpoint.publicTcp(443);

    test('spreads connections over the zones, and lets them finish', () => {
      const routing = WebRouting.roundRobin({
        deregistrationDelay: Duration.minutes(3), targetGroupHealth: { dnsMinimumHealthyTargetCount: 2 },
      });
      expect(attributesOf({ endpoint, routing })).toEqual({
        'load_balancing.cross_zone.enabled': 'true',
        'deregistration_delay.timeout_seconds': '180',
        'target_group_health.dns_failover.minimum_healthy_targets.count': '2',
        'target_health_state.unhealthy.connection_termination.enabled': 'false',
      });
    });

    test('lets AWS shift it away from a zone, as it does only where connections to what is ill are not ended', () => {
      const ended = 'target_health_state.unhealthy.connection_termination.enabled';
      expect(attributesOf({ endpoint })).toMatchObject({ [ended]: 'false' });
      expect(attributesOf({ endpoint, ...withRouting({ crossZone: false }) })).not.toHaveProperty([ended]);
      expect(attributesOf({ endpoint, fleet: InstanceFleet.overAllZones({ zonalShift: ZonalShift.disabled() }) })).not.toHaveProperty([ended]);
    });

    test('keeps a zone to itself, group and load balancer alike', () => {
      const setting = { endpoint, ...withRouting({ crossZone: false }) };
      expect(attributesOf(setting)).toMatchObject({ 'load_balancing.cross_zone.enabled': 'false' });
      tierIn(setting).template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
        LoadBalancerAttributes: Match.arrayWith([{ Key: 'load_balancing.cross_zone.enabled', Value: 'false' }]),
      });
    });

    test.each<[string, WebRouting, string]>([
      ['another algorithm', WebRouting.leastOutstandingRequests(), "'routing' is WebRouting.leastOutstandingRequests"],
      ['anomaly mitigation', WebRouting.aroundAnomalies(), "'routing' is WebRouting.aroundAnomalies"],
      ['a slow start', WebRouting.roundRobin({ slowStart: Duration.minutes(1) }), "'routing.slowStart' is given"],
      ['cookies', WebRouting.roundRobin({ stickiness: Duration.days(1) }), "'routing.stickiness' is given"],
    ])('refuses %s', (_, routing, given) => refuses({ endpoint, routing },
      `${given}, but 'endpoint' is a network load balancer, which sees connections and no requests; leave it out, or take an endpoint by HTTP or HTTPS`));
  });

  test.each<[string, Setting, string]>([
    ['slow start together with anomaly mitigation', { routing: WebRouting.aroundAnomalies({ slowStart: Duration.minutes(1) }) },
      "'routing.slowStart' is given, and 'routing' is WebRouting.aroundAnomalies: both say how much a new instance gets, so that ELB takes only one of them; "
      + 'leave the slow start out, or take WebRouting.roundRobin'],
    ['slow start where the fewest requests decide', { routing: WebRouting.leastOutstandingRequests({ slowStart: Duration.minutes(1) }) },
      "'routing' is WebRouting.leastOutstandingRequests: both say how much a new instance gets"],
    ['a client kept at an instance of another zone', withRouting({ stickiness: Duration.days(1), crossZone: false }),
      "'routing.stickiness' is given, and 'routing.crossZone' is false: ELB keeps no client at an instance of another zone; leave one of them out"],
    ['a cookie for more than a week', withRouting({ stickiness: Duration.days(8) }), "'routing.stickiness' is 691200 seconds; give whole seconds from 1 to 604800"],
    ['a cookie for no time', withRouting({ stickiness: Duration.seconds(0) }), "'routing.stickiness' is 0 seconds"],
    ['a cookie for a time known at deployment only', withRouting({ stickiness: Duration.seconds(later) }),
      "'routing.stickiness' is not known at synth; give a duration in seconds or minutes"],
    ['a start that is too quick', withRouting({ slowStart: Duration.seconds(29) }), "'routing.slowStart' is 29 seconds; give whole seconds from 30 to 900"],
    ['a start that is too slow', withRouting({ slowStart: Duration.seconds(901) }), "'routing.slowStart' is 901 seconds"],
    ['a start known at deployment only', withRouting({ slowStart: Duration.seconds(later) }), "'routing.slowStart' is not known at synth"],
    ['more than an hour to finish', withRouting({ deregistrationDelay: Duration.seconds(3601) }),
      "'routing.deregistrationDelay' is 3601 seconds; give whole seconds from 0 to 3600"],
    ['a time to finish known at deployment only', withRouting({ deregistrationDelay: Duration.seconds(later) }),
      "'routing.deregistrationDelay' is not known at synth; give a duration in seconds or minutes"],
    ['to leave a zone without any', withHealth({ dnsMinimumHealthyTargetCount: 0 }),
      "'routing.targetGroupHealth.dnsMinimumHealthyTargetCount' is 0; give a whole number of 1 or more"],
    ['to leave a zone below more than all', withHealth({ dnsMinimumHealthyTargetPercentage: 101 }),
      "'routing.targetGroupHealth.dnsMinimumHealthyTargetPercentage' is 101; give a whole number from 1 to 100"],
    ['to send to the unhealthy without any', withHealth({ routingMinimumHealthyTargetCount: 0 }),
      "'routing.targetGroupHealth.routingMinimumHealthyTargetCount' is 0; give a whole number of 1 or more"],
    ['to send to the unhealthy below more than all', withHealth({ routingMinimumHealthyTargetPercentage: 101 }),
      "'routing.targetGroupHealth.routingMinimumHealthyTargetPercentage' is 101; give a whole number from 1 to 100"],
    ['a threshold known at deployment only', withHealth({ dnsMinimumHealthyTargetCount: later }),
      "'routing.targetGroupHealth.dnsMinimumHealthyTargetCount' is not known at synth; give a number"],
    ['to send to the unhealthy before the zone is left', withHealth({ dnsMinimumHealthyTargetCount: 1, routingMinimumHealthyTargetCount: 2 }),
      "'routing.targetGroupHealth.routingMinimumHealthyTargetCount' is 2, more than the 1 below which the zone is left; give 1 or less"],
    ['to do so by percentages', withHealth({ dnsMinimumHealthyTargetPercentage: 30, routingMinimumHealthyTargetPercentage: 31 }),
      "'routing.targetGroupHealth.routingMinimumHealthyTargetPercentage' is 31, more than the 30 below which the zone is left; give 30 or less"],
  ])('refuses %s', (_, setting, message) => refuses(setting, message));
});
