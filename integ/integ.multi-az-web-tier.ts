import { ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import {
  Bootstrap, BootstrapService, HaNatPerAz, InstanceFleet, InstanceTemplate, MultiAzWebTier, MultiAzWebTierProps, Rollout, ShutdownCommand,
  WebEndpoint, WebRouting, WebScaling,
} from '../src';

const app = new App();

/** A tier by plain HTTP or TCP, as there is no domain here for which to get a certificate. */
function tierIn(id: string, props: Pick<MultiAzWebTierProps, 'endpoint'> & Partial<MultiAzWebTierProps>): MultiAzWebTier {
  const stack = new Stack(app, id);
  return new MultiAzWebTier(stack, 'Web', {
    vpc: new ec2.Vpc(stack, 'Vpc', { natGatewayProvider: HaNatPerAz.asNatProvider() }),
    instanceTemplate: InstanceTemplate.fromAmazonLinux2023({
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.T3, ec2.InstanceSize.MICRO),
      bootstrap: new Bootstrap({ packages: ['nginx'], services: [BootstrapService.installed('nginx')] }),
    }),
    removalPolicy: RemovalPolicy.DESTROY,
    ...props,
  });
}

const tiers = [
  tierIn('IntegMultiAzWebTier', { endpoint: WebEndpoint.publicHttp() }),
  tierIn('IntegMultiAzWebTierInEachZone', {
    endpoint: WebEndpoint.publicHttp(),
    fleet: InstanceFleet.inEachZone({
      maxInstanceLifetime: Duration.days(1),
      rollout: Rollout.watched({ checkpoints: [50], checkpointDelay: Duration.minutes(5) }),
      shutdown: ShutdownCommand.run(Duration.minutes(1), 'nginx -s quit'),
    }),
    routing: WebRouting.aroundAnomalies(),
    scaling: [
      WebScaling.onRequestCount(600),
      WebScaling.inCpuSteps(),
      WebScaling.onForecast({ targetUtilizationPercent: 50 }),
      WebScaling.onSchedule({ start: Schedule.cron({ hour: '7', minute: '30' }), end: Schedule.cron({ hour: '19', minute: '0' }), minCapacity: 3 }),
    ],
  }),
  tierIn('IntegMultiAzWebTierByTcp', {
    endpoint: WebEndpoint.publicTcp(80),
    fleet: InstanceFleet.overAllZones({ reservedCapacity: { perZone: 1 }, warmPool: { minSize: 1 } }),
  }),
];

const test = new IntegTest(app, 'MultiAzWebTier', { testCases: tiers.map(tier => Stack.of(tier)) });
for (const { loadBalancer } of tiers) {
  test.assertions.httpApiCall(`http://${loadBalancer.loadBalancerDnsName}/`)
    .expect(ExpectedResult.objectLike({ status: 200 }))
    .waitForAssertions({ totalTimeout: Duration.minutes(10), interval: Duration.seconds(15) });
}
