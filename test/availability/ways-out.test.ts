import { availabilityOf } from '../../src/availability/availability';
import { Simulation } from '../../src/fault-simulation/simulation';
import { RawResource, World } from '../../src/fault-simulation/template/world';
import { corpus } from '../fault-simulation/corpus';

const RELAUNCH = 300;
const REPAIR = 4 * 3600;
const RATE = { zone: 0.2, instance: 0.1 };
/** Three questions in vain, and the change of a route. */
const TAKEOVER = 3 * (0.5 + 0.4) + 2.5;

/** What it costs a year that a NAT instance, or a zone, fails for those who are let in by a balancer and go out by the instance of zone a. */
function costsIn(name: string): Readonly<Record<string, number>> {
  const [input] = corpus().find(one => one.name === name)?.stacks ?? [];
  const resources: Record<string, RawResource> = structuredClone(input.template.Resources ?? {});
  Object.assign(resources.Fleet.Properties ?? {}, { TargetGroupARNs: [{ Ref: 'Targets' }] });
  const template = {
    Resources: {
      ...resources,
      Targets: { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Protocol: 'HTTP', Port: 80, VpcId: { Ref: 'Vpc' } } },
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internet-facing', Subnets: [{ Ref: 'PublicA' }, { Ref: 'PublicB' }] } },
      Listener: {
        Type: 'AWS::ElasticLoadBalancingV2::Listener',
        Properties: { LoadBalancerArn: { Ref: 'Balancer' }, DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }] },
      },
    },
  };
  const found = availabilityOf(new Simulation(new World([{ ...input, template }]))).find(({ service }) => service === 'Stack/Balancer');
  return Object.fromEntries((found?.costs ?? []).map(({ fault, secondsPerYear }) => [fault, secondsPerYear]));
}

describe('NAT instances in the way out of a service', () => {
  test('cost it a takeover each time that the only one fails, or its zone does', () => {
    const costs = costsIn('nat-standby-in-another-zone');
    expect(costs['instance:Stack/NatA']).toBeCloseTo(RATE.instance * TAKEOVER);
    expect(costs['zone:eu-west-1a']).toBeLessThanOrEqual(RATE.zone * RELAUNCH);
    expect(costs).not.toHaveProperty('instance:Stack/NatB');
  });

  test('cost it a launch, and with the zone a repair, where nobody may take over', () => {
    const costs = costsIn('nat-standby-that-may-not');
    expect(costs['instance:Stack/NatA']).toBeCloseTo(RATE.instance * RELAUNCH);
    expect(costs['zone:eu-west-1a']).toBeCloseTo(RATE.zone * REPAIR);
  });

  test('cost it nothing where each zone has its own, and the others are enough', () => {
    const costs = costsIn('nat-instances-that-stand-in-three-zones');
    expect(Object.keys(costs).filter(fault => /^(zone|instance):/.test(fault))).toEqual([]);
  });
});
