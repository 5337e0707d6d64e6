import * as fc from 'fast-check';
import { simulationOf } from './template-of';
import { zoneFault } from '../../src/fault-simulation/faults';
import { Verdict } from '../../src/fault-simulation/simulation';
import { RawResource, StackInput } from '../../src/fault-simulation/template/world';

const REGION = 'eu-west-1';

/** A site as others write it: subnets in some zones, a balancer, a fleet, a database, a NAT for each subnet or one for all. */
interface Site {
  readonly zones: readonly number[];
  readonly size: number;
  readonly sharedNat: boolean;
  readonly boots: boolean;
  readonly needsOutside: boolean;
  readonly database: 'none' | 'single' | 'pair';
}

const sites: fc.Arbitrary<Site> = fc.record({
  zones: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
  size: fc.integer({ min: 1, max: 7 }),
  sharedNat: fc.boolean(),
  boots: fc.boolean(),
  needsOutside: fc.boolean(),
  database: fc.constantFrom('none', 'single', 'pair'),
});

function templateOf({ zones, size, sharedNat, boots, needsOutside, database }: Site, name = (id: string) => id): Record<string, RawResource> {
  const ref = (id: string) => ({ Ref: name(id) });
  const text = [boots ? 'dnf install -y httpd' : '', needsOutside ? 'echo PAY=https://pay.example.com >> /etc/app.env' : '',
    database === 'none' ? '' : `echo DB=\${${name('Database')}.Endpoint.Address} >> /etc/app.env`].join('\n');
  const subnets = zones.flatMap((zone, index): [string, RawResource][] => {
    const nat = sharedNat ? 0 : index;
    const AvailabilityZone = { 'Fn::Select': [zone, { 'Fn::GetAZs': '' }] };
    return [
      [name(`Public${index}`), { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone } }],
      [name(`Private${index}`), { Type: 'AWS::EC2::Subnet', Properties: { AvailabilityZone } }],
      [name(`Nat${index}`), { Type: 'AWS::EC2::NatGateway', Properties: { SubnetId: ref(`Public${index}`) } }],
      [name(`Table${index}`), { Type: 'AWS::EC2::RouteTable' }],
      [name(`Association${index}`), {
        Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref(`Private${index}`), RouteTableId: ref(`Table${index}`) },
      }],
      [name(`Route${index}`), {
        Type: 'AWS::EC2::Route',
        Properties: { RouteTableId: ref(`Table${index}`), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref(`Nat${nat}`) },
      }],
    ];
  });
  const all = (kind: string) => zones.map((_, index) => ref(`${kind}${index}`));
  return Object.fromEntries<RawResource>([
    ...subnets,
    [name('Balancer'), { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Subnets: all('Public') } }],
    [name('Targets'), { Type: 'AWS::ElasticLoadBalancingV2::TargetGroup', Properties: { Protocol: 'HTTP' } }],
    [name('Listener'), {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: { LoadBalancerArn: ref('Balancer'), DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }] },
    }],
    [name('Template'), { Type: 'AWS::EC2::LaunchTemplate', Properties: { LaunchTemplateData: { UserData: { 'Fn::Base64': { 'Fn::Sub': text } } } } }],
    [name('Fleet'), {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        MinSize: size, MaxSize: 2 * size, VPCZoneIdentifier: all('Private'), TargetGroupARNs: [ref('Targets')], LaunchTemplate: { LaunchTemplateId: ref('Template') },
      },
    }],
    ...database === 'none' ? [] : [
      [name('Subnets'), { Type: 'AWS::RDS::DBSubnetGroup', Properties: { SubnetIds: all('Private') } }],
      [name('Database'), {
        Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', MultiAZ: database === 'pair', DBSubnetGroupName: ref('Subnets') },
      }],
    ] as [string, RawResource][],
  ]);
}

function stackOf(resources: Record<string, RawResource>): StackInput {
  return { name: 'Site', region: REGION, template: { Resources: resources } };
}

/** The higher, the better: first what stands at once and how much, then what comes back. */
function worth({ atOnce, afterRecovery, capacityLeft }: Verdict): number {
  const rank = ['lost', 'unknown', 'interrupted', 'degraded', 'unaffected'];
  return rank.indexOf(atOnce) * 100 + rank.indexOf(afterRecovery) * 10 + (capacityLeft ?? 0);
}

const text = ({ chain: _chain, ...verdict }: Verdict) => JSON.stringify(verdict);

/** The verdict on what users see, without each of the zones. */
function verdicts(input: StackInput, component = 'Balancer'): Verdict[] {
  const simulation = simulationOf(input);
  return [0, 1, 2].map(index => simulation.under(zoneFault(REGION, index)).get(`Site/${component}`) as Verdict);
}

/** Whether no zone has more members than another: else the zone with one more decides, wherever it is. */
const evenly = ({ size, zones }: Site) => size % new Set(zones).size === 0 && new Set(zones).size === zones.length;

const worst = (all: Verdict[]) => Math.min(...all.map(worth));

describe('whatever the site, in its worst zone', () => {
  test('the loss of the standby never makes it better', () => {
    fc.assert(fc.property(sites, site => {
      const [pair, single] = (['pair', 'single'] as const).map(database => worst(verdicts(stackOf(templateOf({ ...site, database })))));
      expect(single).toBeLessThanOrEqual(pair);
    }));
  });

  test('a NAT for all never makes it better than one for each', () => {
    fc.assert(fc.property(sites, site => {
      const [own, shared] = [false, true].map(sharedNat => worst(verdicts(stackOf(templateOf({ ...site, sharedNat })))));
      expect(shared).toBeLessThanOrEqual(own);
    }));
  });

  test('one more need never makes it better', () => {
    fc.assert(fc.property(sites, site => {
      const [free, needy] = [false, true].map(needsOutside => worst(verdicts(stackOf(templateOf({ ...site, needsOutside })))));
      expect(needy).toBeLessThanOrEqual(free);
    }));
  });

  test('a member in each of all zones is never worse than all of them in one', () => {
    fc.assert(fc.property(sites, site => {
      const [one, three] = [[0], [0, 1, 2]].map(zones => worst(verdicts(stackOf(templateOf({ ...site, zones, sharedNat: false })))));
      expect(three).toBeGreaterThanOrEqual(one);
    }));
  });

  test('a further zone, with a way out of its own, never makes it worse', () => {
    fc.assert(fc.property(sites, fc.integer({ min: 0, max: 2 }), (site, zone) => {
      const wider = { ...site, zones: [...site.zones, zone] };
      fc.pre(evenly(site) && evenly(wider));
      const [without, withIt] = [site, wider].map(one => worst(verdicts(stackOf(templateOf({ ...one, sharedNat: false })))));
      expect(withIt).toBeGreaterThanOrEqual(without);
    }));
  });

  test('a zone in which nothing stands is not missed', () => {
    fc.assert(fc.property(sites, site => {
      verdicts(stackOf(templateOf(site))).forEach(({ atOnce }, index) => {
        if (!site.zones.includes(index)) { expect(atOnce).toBe('unaffected'); }
      });
    }));
  });
});

describe('whatever the site, every verdict is the same', () => {
  const same = (site: Site, other: StackInput, component: string) => {
    const [first, second] = [verdicts(stackOf(templateOf(site))), verdicts(other, component)];
    expect(second.map(text)).toEqual(first.map(text));
  };

  test('under other names', () => {
    fc.assert(fc.property(sites, site => same(site, stackOf(templateOf(site, id => `Z${id}z`)), 'ZBalancerz')));
  });

  test('in two stacks', () => {
    const network = /^(Public|Private|Nat|Table|Association|Route)\d/;
    fc.assert(fc.property(sites, site => {
      const all = Object.entries(templateOf(site));
      const inside = all.filter(([id]) => network.test(id));
      const outputs = Object.fromEntries(inside.map(([id]) => [id, { Value: { Ref: id }, Export: { Name: `Network:${id}` } }]));
      const rest: Record<string, RawResource> = JSON.parse(JSON.stringify(Object.fromEntries(all.filter(([id]) => !network.test(id)))),
        (_, value) => value && typeof value === 'object' && network.test(value.Ref) ? { 'Fn::ImportValue': `Network:${value.Ref}` } : value);
      const apart = { name: 'Network', region: REGION, template: { Resources: Object.fromEntries(inside), Outputs: outputs } };
      const [one, two] = [simulationOf(stackOf(templateOf(site))), simulationOf(stackOf(rest), apart)];
      for (const fault of [0, 1, 2].map(index => zoneFault(REGION, index))) {
        expect(text(two.under(fault).get('Site/Balancer') as Verdict)).toBe(text(one.under(fault).get('Site/Balancer') as Verdict));
      }
    }));
  });

  test('in another order', () => {
    fc.assert(fc.property(sites, site => same(site, stackOf(Object.fromEntries(Object.entries(templateOf(site)).reverse())), 'Balancer')));
  });
});
