import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { acknowledgementOf, inTheFrame, writtenByCdk } from './acknowledged';
import { synthFindingsOn } from './findings';
import { HaNatPerAz, InstanceTemplate, MultiAzWebTier, WebEndpoint, WebHealthCheck, WebScaling } from '../../src';
import { env, importedNetworkOf, networkOf, networkWithoutNat, zoneNames } from '../helpers/network';

/** The same inputs at every build; `FUZZ_SEED=… FUZZ_RUNS=…` for others and more. */
const seed = Number(process.env.FUZZ_SEED ?? 20261120);
const numRuns = Number(process.env.FUZZ_RUNS ?? 60);

/** Mostly good values, so that enough inputs are accepted as a whole. */
function mostly<T>(good: fc.Arbitrary<T>, strange: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 19, arbitrary: good }, { weight: 1, arbitrary: strange });
}

function optional<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

function seconds(from: number, to: number): fc.Arbitrary<Duration> {
  return mostly(fc.integer({ min: from, max: to }).map(Duration.seconds), fc.integer({ min: 0, max: 20_000_000 }).map(Duration.millis));
}

const integer = (from: number, to: number) => mostly(fc.integer({ min: from, max: to }), fc.oneof(fc.double(), fc.integer()));

const networks: fc.Arbitrary<(stack: Stack) => ec2.IVpc> = mostly(
  fc.constantFrom<(stack: Stack) => ec2.IVpc>(
    stack => networkOf(stack), stack => networkOf(stack, 2), stack => importedNetworkOf(stack), stack => new ec2.Vpc(stack, 'Vpc')),
  fc.constantFrom<(stack: Stack) => ec2.IVpc>(
    stack => networkOf(stack, 1),
  stack => networkWithoutNat(stack),
  stack => networkOf(stack, 3, { subnetConfiguration: [{ name: 'Public', subnetType: ec2.SubnetType.PUBLIC }] })),
);

const selections: fc.Arbitrary<ec2.SubnetSelection | undefined> = mostly<ec2.SubnetSelection | undefined>(
  fc.constantFrom(undefined, { onePerAz: true }),
  fc.record({
    subnetType: fc.constantFrom(...Object.values(ec2.SubnetType)),
    availabilityZones: optional(fc.subarray([...zoneNames, 'us-east-1a'])),
  }, { requiredKeys: [] }),
);

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

const nats = fc.record({
  network: mostly(
    fc.constantFrom((stack: Stack): ec2.IVpc => networkWithoutNat(stack), (stack: Stack): ec2.IVpc => importedNetworkOf(stack)),
    networks,
  ),
  told: fc.boolean(),
  props: fc.record({ publicSubnets: mostly(fc.constant(undefined), selections), privateSubnets: selections }, { requiredKeys: [] }),
});

const natProviders = fc.record({
  zones: mostly(fc.integer({ min: 2, max: 3 }), fc.constant(1)),
  natGateways: optional(fc.integer({ min: 1, max: 4 })),
});

function certificateIn(stack: Stack): acm.ICertificate {
  return acm.Certificate.fromCertificateArn(stack, 'Certificate',
    'arn:aws:acm:eu-west-1:123456789012:certificate/11111111-2222-3333-4444-555555555555');
}

function topicIn(stack: Stack): sns.ITopic {
  return new sns.Topic(stack, 'Alarms');
}

/** Whether the construct takes the input; it may only refuse it in the one way that we promise. */
function isAccepted(make: (stack: Stack) => void, stackProps: { env?: typeof env } = { env }): boolean {
  let refusal: unknown;
  const findings = synthFindingsOn(app => {
    const stack = new Stack(app, 'Shop', stackProps);
    try {
      make(stack);
    } catch (error) {
      refusal = error;
    }
    return refusal ? new Stack(app, 'Nothing') : stack;
  });
  if (refusal) {
    expect(refusal).toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^'?[\s\S]+; [\s\S]+ \[\w+ at 'Shop\/[\w/]+'\]$/),
    });
    return false;
  }
  expect(findings.filter(finding => !acknowledgementOf(finding, [...inTheFrame, ...writtenByCdk]))).toEqual([]);
  return true;
}

/** Nothing of a refused construct may be left but its empty node. */
function refusedWhole(scope: Construct, id: string, make: () => void): void {
  try {
    make();
  } catch (error) {
    expect(scope.node.tryFindChild(id)?.node.children ?? []).toEqual([]);
    throw error;
  }
}

/** Runs `accepts` on many inputs, and sees to it that enough of them are good for something. */
function fuzz<T>(inputs: fc.Arbitrary<T>, accepts: (input: T) => boolean): void {
  let runs = 0;
  let accepted = 0;
  fc.assert(fc.property(inputs, input => {
    runs++;
    if (accepts(input)) { accepted++; }
  }), { seed, numRuns, endOnFailure: true });
  process.stdout.write(`accepted ${accepted} of ${runs} inputs\n`);
  expect(accepted / runs).toBeGreaterThanOrEqual(0.3);
}

describe('whatever it is given, synthesizes without a finding or refuses as promised:', () => {
  test('MultiAzWebTier', () => {
    fuzz(webTiers, ({ network, endpoint, fixedRegion, told, props }) => isAccepted(stack => {
      const vpc = network(stack);
      const given = endpoint(stack);
      const alarmTopic = told ? topicIn(stack) : undefined;
      refusedWhole(stack, 'Web', () => new MultiAzWebTier(stack, 'Web', {
        ...props,
        vpc,
        alarmTopic,
        endpoint: given,
        instanceTemplate: InstanceTemplate.fromMachineImage({
          machineImage: ec2.MachineImage.latestAmazonLinux2023(),
          instanceType: new ec2.InstanceType('m7i.large'),
        }),
      }));
    }, fixedRegion ? { env } : {}));
  });

  test('HaNatPerAz in an existing VPC', () => {
    fuzz(nats, ({ network, told, props }) => isAccepted(stack => {
      const vpc = network(stack);
      const alarmTopic = told ? topicIn(stack) : undefined;
      refusedWhole(stack, 'Nat', () => new HaNatPerAz(stack, 'Nat', { ...props, vpc, alarmTopic }));
    }));
  });

  test('HaNatPerAz in a new VPC', () => {
    fuzz(natProviders, ({ zones, natGateways }) => isAccepted(stack => {
      networkOf(stack, zones, { natGateways, natGatewayProvider: HaNatPerAz.asNatProvider() });
    }));
  });
});
