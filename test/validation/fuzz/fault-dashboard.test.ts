import { Stack, Token } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { fuzz, isAccepted, refusedWhole } from './fuzz';
import { mostly } from './inputs';
import { FaultDashboard, IMonitored } from '../../../src';
import { env } from '../../helpers/network';

interface Input {
  readonly alarms: number;
  readonly keyMetrics?: number;
  readonly label: string;
  readonly region: string;
}

const input: fc.Arbitrary<Input> = fc.record({
  alarms: mostly(fc.integer({ min: 1, max: 8 }), fc.constantFrom(0, 101)),
  keyMetrics: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  label: mostly(fc.constantFrom('Late', 'Errors (%)'), fc.string()),
  region: mostly(fc.constant(env.region), fc.constant('us-east-1')),
});

const inputs = fc.record({
  fixedRegion: fc.boolean(),
  given: fc.array(input, { minLength: 1, maxLength: 4 }),
  added: fc.array(input, { maxLength: 2 }),
  again: mostly(fc.constant(false), fc.constant(true)),
});

function monitoredIn(stack: Stack, id: string, { alarms, keyMetrics, label, region }: Input): IMonitored {
  const home = stack.region === region || Token.isUnresolved(stack.region) ? stack : new Stack(stack.node.root, id, { env: { ...env, region } });
  const construct = new Construct(home, id);
  const metric = (index: number) => new cloudwatch.Metric({ namespace: 'Shop', metricName: `Metric${index}`, label });
  return Object.assign(construct, {
    alarms: Array.from({ length: alarms }, (_, index) => new cloudwatch.Alarm(construct, `Alarm${index}`, {
      metric: metric(index), threshold: 1, evaluationPeriods: 1,
    })),
    keyMetrics: keyMetrics === undefined ? undefined : Array.from({ length: keyMetrics }, (_, index) => metric(index)),
  });
}

test('FaultDashboard synthesizes whatever it is given without a finding, or refuses as promised', () => {
  fuzz(inputs, ({ fixedRegion, given, added, again }) => isAccepted(stack => {
    const [constructs, others] = [given, added].map((some, place) => some.map((each, index) => monitoredIn(stack, `Part${place}${index}`, each)));
    refusedWhole(stack, 'Dashboard', () => new FaultDashboard(stack, 'Dashboard', { constructs }));
    const dashboard = stack.node.findChild('Dashboard') as FaultDashboard;
    [...others, ...again ? others : []].forEach(construct => dashboard.add(construct));
  }, fixedRegion ? { env } : {}));
});
