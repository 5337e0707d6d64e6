import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CapacityDistributionStrategy, PoolState, Schedule } from 'aws-cdk-lib/aws-autoscaling';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ListenerCondition, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import * as inputs from './inputs';
import {
  InstanceFleet, InstanceFleetOptions, MultiAzWebTier, Rollout, ShutdownCommand, WebEndpoint, WebHealthCheck, WebRouting, WebScaling, ZonalShift,
} from '../../../src';
import { env } from '../../helpers/network';
import { instanceTemplate } from '../../helpers/subjects/subject';

/** There are so many inputs that a strange one in twenty would leave no good tier. */
const GOOD = 120;
const mostly = <T>(good: fc.Arbitrary<T>, strange: fc.Arbitrary<T>) => inputs.mostly(good, strange, GOOD);
const integer = (from: number, to: number) => inputs.integer(from, to, GOOD);
const seconds = (from: number, to: number) => inputs.seconds(from, to, GOOD);
const nowAndThen = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Each of them given or not. */
const some = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const alarmIn = (stack: Stack, id: string) => new cloudwatch.Alarm(stack, id, {
  metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' }), threshold: 1, evaluationPeriods: 1,
});

const names = some<{ hostedZone: boolean; domainName: string }>({
  hostedZone: mostly(fc.constant(true), fc.constant(false)),
  domainName: mostly(fc.constantFrom('shop.example.com', 'example.com'), fc.constantFrom('shop.example.org', 'a shop', '')),
}).map(({ hostedZone, domainName }) => (stack: Stack) => ({
  hostedZone: hostedZone ? route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789ABCDEFGHIJ', zoneName: 'example.com' }) : undefined,
  domainName: hostedZone || domainName === '' ? domainName : undefined,
}));

const tls = fc.record({ policy: fc.option(fc.constantFrom(SslPolicy.TLS13_13, SslPolicy.TLS13_RES), { nil: undefined }), further: fc.boolean() });
const ports = integer(1, 65535);

const endpoints = fc.tuple(names, tls, ports, fc.integer({ min: 0, max: 7 })).map(([name, { policy, further }, port, kind]) => (stack: Stack) => {
  const certificate = inputs.certificateIn(stack);
  const options = name(stack);
  const secured = { ...options, tlsPolicy: policy, furtherCertificates: further ? [certificate] : undefined };
  return [
    () => WebEndpoint.publicHttps(certificate, secured), () => WebEndpoint.publicHttp(options),
    () => WebEndpoint.internalHttps(certificate, secured), () => WebEndpoint.internalHttp(options),
    () => WebEndpoint.publicTls(port, certificate, secured), () => WebEndpoint.publicTcp(port, options),
    () => WebEndpoint.internalTls(port, certificate, secured), () => WebEndpoint.internalTcp(port, options),
  ][kind]();
});

const healthCheckOptions = fc.oneof(
  fc.record({ interval: seconds(30, 300), timeout: seconds(2, 29), gracePeriod: seconds(0, 7200) }),
  some<{ gracePeriod: Duration }>({ gracePeriod: seconds(0, 7200) }),
);
const healthChecks = mostly(
  fc.tuple(mostly(fc.webPath().map(path => path || '/'), fc.string()), healthCheckOptions).map(([path, options]) => WebHealthCheck.http(path, options)),
  healthCheckOptions.map(options => WebHealthCheck.tcp(options)),
);

const routings = fc.tuple(
  mostly(fc.constant(WebRouting.roundRobin), fc.constantFrom(WebRouting.leastOutstandingRequests, WebRouting.aroundAnomalies)),
  some<Parameters<typeof WebRouting.roundRobin>[0] & object>({
    crossZone: mostly(fc.constant(true), fc.constant(false)),
    deregistrationDelay: seconds(0, 3600),
    slowStart: nowAndThen(seconds(30, 900)),
    stickiness: nowAndThen(seconds(1, 604800)),
    targetGroupHealth: some({
      dnsMinimumHealthyTargetPercentage: integer(50, 100),
      routingMinimumHealthyTargetPercentage: integer(1, 50),
      dnsMinimumHealthyTargetCount: integer(1, 9),
    }),
  }),
).map(([make, options]) => make(options));

const metric = new cloudwatch.MathExpression({
  expression: 'a / b',
  usingMetrics: { a: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Orders' }), b: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Clerks' }) },
});
const scalings = fc.array(fc.oneof(
  integer(1, 100).map(WebScaling.onCpuUtilization),
  integer(1, 100_000).map(WebScaling.onRequestCount),
  integer(1, 1_000_000).map(WebScaling.onNetworkIn),
  integer(1, 1_000_000).map(WebScaling.onNetworkOut),
  integer(1, 1_000_000).map(WebScaling.onDiskOperations),
  integer(1, 1_000_000).map(target => WebScaling.onMetric(metric, target)),
  fc.constant(WebScaling.inCpuSteps()),
  fc.record({ minCapacity: integer(60, 99), timeZone: mostly<string | undefined>(fc.constantFrom(undefined, 'Europe/Berlin'), fc.string()) })
    .map(options => WebScaling.onSchedule({ start: Schedule.cron({ hour: '8' }), end: Schedule.cron({ hour: '18' }), ...options })),
  fc.record({ targetUtilizationPercent: integer(1, 100), forecastOnly: fc.boolean(), launchAhead: seconds(0, 3600) }).map(WebScaling.onForecast),
), { maxLength: 4 });

const rollouts = fc.tuple(fc.boolean(), some<Parameters<typeof Rollout.watched>[0] & object>({
  minHealthyPercentage: mostly(fc.integer({ min: 50, max: 100 }), fc.integer({ min: -1, max: 101 })),
  maxHealthyPercentage: mostly(fc.integer({ min: 101, max: 150 }), fc.integer({ min: 99, max: 201 })),
  checkpoints: mostly(fc.constantFrom([20, 50], [10, 100]), fc.array(fc.integer({ min: -1, max: 101 }))),
  checkpointDelay: seconds(0, 172800),
  bakeTime: seconds(0, 172800),
})).map(([watched, { checkpointDelay, ...options }]) =>
  (watched ? Rollout.watched : Rollout.unwatched)({ ...options, checkpointDelay: options.checkpoints && checkpointDelay }));

const zonalShifts = fc.oneof(
  fc.constantFrom((_: Stack) => ZonalShift.onRequest(), () => ZonalShift.disabled()),
  some<{ outcome: boolean; blockedDates: string[]; blockedWindows: string[] }>({
    outcome: fc.boolean(),
    blockedDates: mostly(fc.constant(['2026-11-27']), fc.array(fc.string())),
    blockedWindows: mostly(fc.constant(['Fri:08:00-Fri:18:00']), fc.array(fc.string())),
  }).map(({ outcome, ...options }) => (stack: Stack) => ZonalShift.automatic({ ...options, outcomeAlarms: outcome ? [alarmIn(stack, 'Outcome')] : undefined })),
);

const fleets = fc.tuple(fc.boolean(), zonalShifts, fc.option(fc.constantFrom(...Object.values(CapacityDistributionStrategy)), { nil: undefined }),
  some<Omit<InstanceFleetOptions, 'zonalShift'>>({
    zoneFailureTolerance: mostly<number | undefined>(fc.constant(1), fc.integer({ min: -1, max: 4 })),
    minCapacity: mostly<number | undefined>(fc.integer({ min: 41, max: 60 }), fc.integer()),
    maxInstanceLifetime: seconds(86400, 31536000),
    instanceWarmup: seconds(0, 3600),
    rollout: rollouts,
    reservedCapacity: fc.record({ perZone: integer(1, 10) }),
    warmPool: some({ minSize: integer(0, 10), poolState: fc.constantFrom(...Object.values(PoolState)), reuseOnScaleIn: fc.boolean() }),
    shutdown: fc.tuple(seconds(30, 7140), fc.array(fc.string(), { minLength: 1 }))
      .map(([timeout, commands]) => ShutdownCommand.run(timeout, ...commands)),
  }),
).map(([perZone, zonalShift, distribution, options]) => (stack: Stack) => {
  const all = { ...options, zonalShift: zonalShift(stack) };
  return perZone ? InstanceFleet.inEachZone(all) : InstanceFleet.overAllZones({ ...all, distribution });
});

const webTiers = fc.record({
  network: inputs.networks,
  endpoint: endpoints,
  fleet: fleets,
  fixedRegion: fc.boolean(),
  told: fc.boolean(),
  addresses: nowAndThen(mostly<string[]>(fc.constant(['10.1.0.10']), fc.array(fc.string()))),
  props: fc.record({
    vpcSubnets: nowAndThen(inputs.selections),
    neededCapacity: integer(1, 40),
    instancePort: ports,
    healthCheck: healthChecks,
    routing: routings,
    scaling: scalings,
    latencyLimit: seconds(1, 4000),
    maxCapacity: mostly(fc.integer({ min: 100, max: 1000 }), fc.integer()),
    removalPolicy: mostly(
      fc.constantFrom(RemovalPolicy.RETAIN, RemovalPolicy.DESTROY, RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE), fc.constant(RemovalPolicy.SNAPSHOT)),
  }, { requiredKeys: [] }),
});

test('MultiAzWebTier synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(webTiers, ({ network, endpoint, fleet, fixedRegion, told, addresses, props }) => isAccepted(stack => {
    const vpc = network(stack);
    const given = { endpoint: endpoint(stack), fleet: fleet(stack) };
    const alarmTopic = told ? inputs.topicIn(stack) : undefined;
    let tier: MultiAzWebTier | undefined;
    refusedWhole(stack, 'Web', () => {
      tier = new MultiAzWebTier(stack, 'Web', { ...props, ...given, vpc, alarmTopic, instanceTemplate: instanceTemplate() });
    });
    if (tier && addresses) {
      tier.addIpTargets('OnPremises', { addresses, priority: 10, conditions: [ListenerCondition.pathPatterns(['/stock/*'])] });
    }
  }, fixedRegion ? { env } : {}));
});
