import { Match } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { InstanceFleet, WebEndpoint, WebRouting, ZonalShift } from '../../src';
import { shopStack } from '../helpers/network';
import { refuses, tierIn, withFleet } from '../helpers/web-tier';

const GROUP = 'AWS::AutoScaling::AutoScalingGroup';

describe('ZonalShift', () => {
  test('on request, with load balancer and group, which goes on to replace what is unhealthy', () => {
    const { template } = tierIn();
    template().hasResourceProperties(GROUP, {
      AvailabilityZoneImpairmentPolicy: { ZonalShiftEnabled: true, ImpairedZoneHealthCheckBehavior: 'ReplaceUnhealthy' },
      SkipZonalShiftValidation: Match.absent(),
    });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'zonal_shift.config.enabled', Value: 'true' }]),
    });
    template().resourceCountIs('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', 0);
  });

  test('also where each zone balances for itself', () => {
    tierIn({ routing: WebRouting.roundRobin({ crossZone: false }) }).template().hasResourceProperties(GROUP, { SkipZonalShiftValidation: true });
  });

  test('by itself, and practises it, when told so', () => {
    const { stack, tier, template } = tierIn(withFleet({ zonalShift: ZonalShift.automatic({ blockedWindows: ['Fri:08:00-Fri:18:00'] }) }));
    const errors = tier.alarms.find(({ node }) => node.id === 'ServerErrors');
    for (const resource of [tier.loadBalancer.loadBalancerRef.loadBalancerArn, tier.autoScalingGroups[0]]) {
      template().hasResourceProperties('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', {
        ResourceIdentifier: typeof resource === 'string' ? stack.resolve(resource) : { 'Fn::GetAtt': [Match.stringLikeRegexp('WebInstancesASG'), 'AutoScalingGroupARN'] },
        ZonalAutoshiftStatus: 'ENABLED',
        PracticeRunConfiguration: {
          OutcomeAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(errors?.alarmArn) }], BlockedWindows: ['Fri:08:00-Fri:18:00'],
        },
      });
    }
  });

  test('and judges a practice by alarms of the user, and not on days that are blocked', () => {
    const stack = shopStack();
    const [outcome, blocking] = ['Orders', 'Sale'].map(id => new cloudwatch.Alarm(stack, id, {
      metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: id }), threshold: 1, evaluationPeriods: 1,
    }));
    const zonalShift = ZonalShift.automatic({ outcomeAlarms: [outcome], blockingAlarms: [blocking], blockedDates: ['2026-11-27'] });
    expect(zonalShift.isEnabled).toBe(true);
    const { template } = tierIn({ stack, ...withFleet({ zonalShift }) });
    template().allResourcesProperties('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', {
      PracticeRunConfiguration: {
        OutcomeAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(outcome.alarmArn) }],
        BlockingAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(blocking.alarmArn) }],
        BlockedDates: ['2026-11-27'],
      },
    });
    template().hasResourceProperties(GROUP, { AvailabilityZoneImpairmentPolicy: { ZonalShiftEnabled: true } });
  });

  test('behind a network load balancer, judged by whether there are enough instances', () => {
    const { stack, tier, template } = tierIn({ ...withFleet({ zonalShift: ZonalShift.automatic() }), endpoint: WebEndpoint.publicTcp(443) });
    expect(tier.alarms[0].node.id).toBe('CapacityBelowNeed');
    template().allResourcesProperties('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', {
      PracticeRunConfiguration: { OutcomeAlarms: [{ Type: 'CLOUDWATCH', AlarmIdentifier: stack.resolve(tier.alarms[0].alarmArn) }] },
    });
  });

  test('unless more alarms block it than the service takes', () => {
    const stack = shopStack();
    const blockingAlarms = Array.from({ length: 11 }, (_, index) => cloudwatch.Alarm.fromAlarmName(stack, `A${index}`, `a${index}`));
    refuses(withFleet({ zonalShift: ZonalShift.automatic({ blockingAlarms }) }), "'fleet.zonalShift.blockingAlarms' has 11 entries; give 0 to 10");
    refuses(withFleet({ zonalShift: ZonalShift.automatic({ outcomeAlarms: blockingAlarms }) }),
      "'fleet.zonalShift.outcomeAlarms' has 11 entries; give 1 to 10");
  });

  test('with the load balancer alone where each zone has its own group, which has nowhere to go', () => {
    const { template } = tierIn({ fleet: InstanceFleet.inEachZone({ zonalShift: ZonalShift.automatic() }) });
    template().resourceCountIs('AWS::ARCZonalShift::ZonalAutoshiftConfiguration', 1);
    template().allResourcesProperties(GROUP, { AvailabilityZoneImpairmentPolicy: Match.absent() });
  });

  test('never, when told so', () => {
    const { template } = tierIn(withFleet({ zonalShift: ZonalShift.disabled() }));
    template().hasResourceProperties(GROUP, { AvailabilityZoneImpairmentPolicy: Match.absent() });
    template().hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      LoadBalancerAttributes: Match.arrayWith([{ Key: 'zonal_shift.config.enabled', Value: 'false' }]),
    });
  });

  test.each<[string, Parameters<typeof ZonalShift.automatic>[0], string]>([
    ['a day that there is not', { blockedDates: ['2026-13-01'] }, "'fleet.zonalShift.blockedDates' has '2026-13-01'; write it as '2026-11-27'"],
    ['a time that there is not', { blockedWindows: ['Friday'] }, "'fleet.zonalShift.blockedWindows' has 'Friday'; write it as 'Fri:08:00-Fri:18:00'"],
    ['more days than there may be', { blockedDates: Array.from({ length: 16 }, () => '2026-11-27') },
      "'fleet.zonalShift.blockedDates' has 16 entries; give 0 to 15"],
    ['more windows than there may be', { blockedWindows: Array.from({ length: 16 }, () => 'Fri:08:00-Fri:18:00') },
      "'fleet.zonalShift.blockedWindows' has 16 entries; give 0 to 15"],
    ['an outcome that nothing tells', { outcomeAlarms: [] }, "'fleet.zonalShift.outcomeAlarms' has 0 entries; give 1 to 10"],
  ])('refuses %s', (_, options, message) => refuses(withFleet({ zonalShift: ZonalShift.automatic(options) }), message));
});
