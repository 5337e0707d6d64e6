import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { certificateIn, integer, mostly, networks, seconds, selections, topicIn } from './inputs';
import { MultiAzWebTier, WebEndpoint, WebHealthCheck, WebScaling } from '../../../src';
import { env } from '../../helpers/network';
import { instanceTemplate } from '../../helpers/subjects/subject';

const endpoints = mostly(
  fc.constantFrom<(stack: Stack) => WebEndpoint>(
    stack => WebEndpoint.publicHttps(certificateIn(stack)), stack => WebEndpoint.internalHttps(certificateIn(stack)),
  () => WebEndpoint.publicHttp(), () => WebEndpoint.internalHttp()),
  fc.constantFrom(() => WebEndpoint.publicHttps(), () => WebEndpoint.internalHttps()),
);

const healthChecks = fc.record({
  path: mostly(fc.webPath().map(path => path || '/'), fc.string()),
  options: fc.record({ interval: seconds(30, 300), timeout: seconds(2, 29), gracePeriod: seconds(0, 7200) }, { requiredKeys: [] }),
}).map(({ path, options }) => WebHealthCheck.http(path, options));

const scalings = fc.oneof(integer(1, 100).map(WebScaling.onCpuUtilization), integer(1, 100_000).map(WebScaling.onRequestCount));

const webTiers = fc.record({
  network: networks,
  endpoint: endpoints,
  fixedRegion: fc.boolean(),
  told: fc.boolean(),
  props: fc.record({
    vpcSubnets: selections,
    neededCapacity: integer(1, 40),
    instancePort: integer(1, 65535),
    healthCheck: healthChecks,
    scaling: scalings,
    maxCapacity: mostly(fc.integer({ min: 100, max: 1000 }), fc.integer()),
    removalPolicy: fc.constantFrom(...Object.values(RemovalPolicy)),
  }, { requiredKeys: [] }),
});

test('MultiAzWebTier synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(webTiers, ({ network, endpoint, fixedRegion, told, props }) => isAccepted(stack => {
    const vpc = network(stack);
    const given = endpoint(stack);
    const alarmTopic = told ? topicIn(stack) : undefined;
    refusedWhole(stack, 'Web', () => new MultiAzWebTier(stack, 'Web', {
      ...props,
      vpc,
      alarmTopic,
      endpoint: given,
      instanceTemplate: instanceTemplate(),
    }));
  }, fixedRegion ? { env } : {}));
});
