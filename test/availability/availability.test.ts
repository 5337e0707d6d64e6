import { fragile, named, queueFed, Resources, simulationOf, site } from './templates';
import { assumptionsWith, Availability, availabilityOf } from '../../src/availability/availability';
import { YEAR_SECONDS } from '../../src/availability/words';
import { Facts } from '../../src/fault-simulation/topology';

/** Times of the simulation's table, and defaults, in seconds and faults a year. */
const RELAUNCH = 300;
const FAILOVER = 120;
const HOST = 1200;
const REPAIR = 4 * 3600;
const RATE = { zone: 0.2, region: 0.02, instance: 0.1, primary: 0.2, nat: 0.1 };
/** In which every example is down: one in fifty years, until it is repaired. */
const REGION_DOWN = RATE.region * REPAIR; // 288 s

const need = (count: number): Facts => ({ need: { Fleet: count } });

function availabilityIn(resources: Resources, facts?: Facts, service = 'Balancer', ...given: Parameters<typeof assumptionsWith>): Availability {
  const found = availabilityOf(simulationOf(resources, facts), assumptionsWith(...given)).find(one => one.service === `S/${service}`);
  if (!found) { throw new Error(`${service} is no service`); }
  return found;
}

/** Seconds a year, to within 5 %. */
function expectDown({ simulated }: Availability, seconds: number): void {
  const down = (1 - simulated) * YEAR_SECONDS;
  expect(down).toBeGreaterThan(seconds * 0.95);
  expect(down).toBeLessThan(seconds * 1.05);
}

describe('the simulated availability, worked out by hand', () => {
  const fleet = site({ zones: 2, size: 4 });

  test('of a fleet in two zones that is enough without one of them is lost with its Region only', () => {
    // two of four are left without a zone, three without an instance; both zones at once: (0.2 * 4 h / year)^2 of the year, 0.3 s
    expectDown(availabilityIn(fleet, need(2)), REGION_DOWN + 0.3);
  });

  test('of a fleet that needs three of four is down for a launch whenever a zone is', () => {
    const found = availabilityIn(fleet, need(3));
    expectDown(found, REGION_DOWN + 2 * RATE.zone * RELAUNCH); // 288 + 120
    // two of four members at once, while both zones are up: 6 pairs
    const member = RATE.instance * RELAUNCH / YEAR_SECONDS;
    expect(found.costs.find(({ fault }) => fault === 'members:S/Fleet')?.secondsPerYear).toBeCloseTo(6 * member ** 2 * YEAR_SECONDS, 6);
  });

  test('of a fleet that starts nothing anew is down until a human acts where too few are left', () => {
    const stuck = site({ zones: 2, size: 4, hookSeconds: 60, hookResult: 'ABANDON' });
    expectDown(availabilityIn(stuck, need(3)), REGION_DOWN + 2 * RATE.zone * REPAIR); // 288 + 5760; without an instance three are left
  });

  test('of a fleet that has more members by night counts the faults of all of them', () => {
    const ScheduledAction = (size: number) => ({ Type: 'AWS::AutoScaling::ScheduledAction', Properties: { AutoScalingGroupName: { Ref: 'Fleet' }, DesiredCapacity: size } });
    const { costs } = availabilityIn({ ...fleet, Night: ScheduledAction(10), Day: ScheduledAction(2) }, need(2));
    // of the sizes the worst counts: two of two are needed, and ten can fail
    expect(costs.find(({ fault }) => fault === 'instance:S/Fleet')?.secondsPerYear).toBeCloseTo(10 * RATE.instance * RELAUNCH, 9);
  });

  test('of a fleet for each zone is down while all of them together are short', () => {
    const { Fleet, ...others } = site({ zones: 3, size: 2 });
    const fleets = Object.fromEntries([0, 1, 2].map(index =>
      [`Fleet${index}`, { ...Fleet, Properties: { ...Fleet.Properties, VPCZoneIdentifier: [{ Ref: `Subnet${index}` }] } }]));
    const found = availabilityIn({ ...others, ...fleets }, { need: { Targets: 4 } });
    // four of six are left without a zone, and have to be
    const [zone, member] = [RATE.zone * REPAIR / YEAR_SECONDS, RATE.instance * RELAUNCH / YEAR_SECONDS];
    const several = YEAR_SECONDS * (3 * zone ** 2 + 3 * zone * 4 * member);
    expect(found.costs.find(({ fault }) => fault === 'members:S/Targets')?.secondsPerYear).toBeCloseTo(several, 2);
    expectDown(found, REGION_DOWN + several);
    expect(found.assumptions.filter(one => one.startsWith('nobody says'))).toEqual([]);
    expectDown(availabilityIn({ ...others, ...fleets }, { need: { Targets: 5 } }), REGION_DOWN + 3 * RATE.zone * REPAIR);
  });

  test('of two fleets that stand in for each other is down only while both are short', () => {
    const { Fleet } = fleet;
    const Other = { ...Fleet, Properties: { ...Fleet.Properties, VPCZoneIdentifier: [{ Ref: 'Subnet0' }] } };
    expectDown(availabilityIn({ ...fleet, Other }, { need: { Fleet: 2, Other: 4 } }), REGION_DOWN);
    // both lose half of what they need, or all, with the first zone; in the second one the other fleet is whole
    expectDown(availabilityIn({ ...fleet, Other }, { need: { Fleet: 4, Other: 4 } }), REGION_DOWN + RATE.zone * RELAUNCH);
  });

  test('of a fleet that needs all of its members is down whenever one of them is: without a spare, more machines are fewer nines', () => {
    expectDown(availabilityIn(fleet, need(4)), REGION_DOWN + 2 * RATE.zone * RELAUNCH + 4 * RATE.instance * RELAUNCH); // 288 + 120 + 120
    const { costs } = availabilityIn(fleet, need(4));
    expect(costs.map(({ fault }) => fault)).not.toContain('members:S/Fleet'); // two members at once are two of what counts already
    const larger = availabilityIn(site({ zones: 2, size: 8 }), need(8));
    expectDown(larger, REGION_DOWN + 2 * RATE.zone * RELAUNCH + 8 * RATE.instance * RELAUNCH); // 288 + 120 + 240
  });

  test('of a fleet of which nobody says how much is needed counts any part as enough, and says so', () => {
    const some = availabilityIn(fleet);
    expectDown(some, REGION_DOWN + 0.3);
    expect(some.assumptions).toContain('nobody says how many members S/Fleet needs: one is enough');
    expect(availabilityIn(fleet, need(2)).assumptions.join()).not.toContain('nobody says');
  });

  test('of a fleet of one over three zones is down for a launch, with its instance or with the one zone in which that stands', () => {
    expectDown(availabilityIn(site({ zones: 3, size: 1 })), REGION_DOWN + RATE.instance * RELAUNCH + RATE.zone * RELAUNCH); // 288 + 30 + 60
  });

  test('of four in three zones, of which three are needed, is down with the one zone that has two of them', () => {
    expectDown(availabilityIn(site({ zones: 3, size: 4 }), need(3)), REGION_DOWN + RATE.zone * RELAUNCH); // 288 + 60
  });

  test('of a fleet in one zone is down until a human acts when that zone is', () => {
    expectDown(availabilityIn(site({ zones: 1, size: 4 }), need(2)), REGION_DOWN + RATE.zone * REPAIR); // 288 + 2880
  });

  test('of one server and one database in the same zone is the sum of what takes either', () => {
    expectDown(availabilityIn(fragile({ AvailabilityZone: 'eu-west-1a' }), {}, 'Address'),
      // 288 + the zone 2880, the server 1440, the host of the database 240
      REGION_DOWN + RATE.zone * REPAIR + RATE.instance * REPAIR + RATE.primary * HOST);
  });

  test('of a database that AWS puts into one of two zones counts the other zone with one in two', () => {
    expectDown(availabilityIn(fragile(), {}, 'Address'),
      // 288 + zone a with the server 2880, zone b with the database in half of the cases 1440, the server 1440, the host 240
      REGION_DOWN + RATE.zone * REPAIR + RATE.zone * REPAIR / 2 + RATE.instance * REPAIR + RATE.primary * HOST);
  });

  test('of a Multi-AZ database behind a fleet that is large enough is down for failovers: of the host, and of the one zone of the primary', () => {
    expectDown(availabilityIn(site({ zones: 3, size: 6, database: 'pair' }), need(4)),
      // 288 + 24 + three zones, each the primary's with one in three, 24; two zones at once leave the fleet too small, 0.8 s
      REGION_DOWN + RATE.primary * FAILOVER + 3 * RATE.zone * FAILOVER / 3 + 0.8);
  });

  test('of a fleet that is too small without a zone, with a Multi-AZ database, is down for the longer of launch and failover', () => {
    expectDown(availabilityIn(site({ zones: 2, size: 4, database: 'pair' }), need(4)),
      // 288 + 24 + 2 zones of 300, which the failover is within + 4 instances of 300
      REGION_DOWN + RATE.primary * FAILOVER + 2 * RATE.zone * RELAUNCH + 4 * RATE.instance * RELAUNCH);
  });

  test('of servers that are replaced while their database fails over, as the balancer finds them dead, goes by all that AWS may have chosen', () => {
    expectDown(availabilityIn(site({ zones: 3, size: 4, database: 'pair', boots: true }), need(3)),
      // 288 + the host, then a launch 0.2 * 420 + the zone of the primary 0.2 * 420 + the zone with two of the servers, if it is not that, 0.2 * 2/3 * 300
      REGION_DOWN + 2 * RATE.primary * (FAILOVER + RELAUNCH) + RATE.zone * RELAUNCH * 2 / 3);
  });

  test('of a name that moves is down until its own target is back, or until the name has moved', () => {
    const { costs } = availabilityIn(named(site({ zones: 2, size: 4, database: 'pair' }), true), need(2), 'Name');
    const cost = (fault: string) => costs.find(one => one.fault === fault)?.secondsPerYear;
    // the failover of the database 120 s, the zone of which it is in half of the cases; the name would take 150 s, the launch 300 s
    expect(cost('primary-host:S/Database')).toBeCloseTo(RATE.primary * FAILOVER, 9);
    expect(cost('zone:eu-west-1a')).toBeCloseTo(RATE.zone * FAILOVER / 2, 9);
    const lost = availabilityIn(named(site({ zones: 2, size: 4, database: 'single' }), true), need(2), 'Name');
    expect(lost.costs.find(({ fault }) => fault === 'zone:eu-west-1a')?.secondsPerYear).toBeCloseTo(RATE.zone * 150 / 2, 9);
  });

  test('of a queue whose workers share a NAT gateway is down until a human acts without that, or without its zone', () => {
    expectDown(availabilityIn(queueFed(), {}, 'Queue'),
      // 288 + the zone of the gateway 2880 + the gateway 1440; without the other zone one worker goes on
      REGION_DOWN + RATE.zone * REPAIR + RATE.nat * REPAIR);
  });

  test('of a function is that of its Region, which all of its zones hold up', () => {
    const Url = { Type: 'AWS::Lambda::Url', Properties: { TargetFunctionArn: { Ref: 'Function' } } };
    const found = availabilityIn({ Function: { Type: 'AWS::Lambda::Function' }, Url }, {}, 'Url');
    expectDown(found, REGION_DOWN);
    expect(found.ceiling).toBeCloseTo(0.9995, 12);
  });

  test('of an attached volume costs what AWS says of volumes', () => {
    const volume: Resources = {
      Volume: { Type: 'AWS::EC2::Volume', Properties: { AvailabilityZone: 'eu-west-1a', Size: 10 } },
      Attachment: { Type: 'AWS::EC2::VolumeAttachment', Properties: { InstanceId: { Ref: 'Server' }, VolumeId: { Ref: 'Volume' }, Device: '/dev/sdf' } },
    };
    const { costs } = availabilityIn({ ...fragile(), ...volume }, {}, 'Address');
    expect(costs.find(({ fault }) => fault === 'volume:S/Volume')?.secondsPerYear).toBeCloseTo(0.002 * REPAIR, 9);
  });

  test('of what stands in a zone that is not named counts one of the zones of its Region', () => {
    const server: Resources = {
      Subnet: { Type: 'AWS::EC2::Subnet', Properties: {} },
      Server: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'Subnet' } } },
      Address: { Type: 'AWS::EC2::EIP', Properties: { InstanceId: { Ref: 'Server' } } },
    };
    const found = availabilityIn(server, {}, 'Address');
    expectDown(found, REGION_DOWN + RATE.zone * REPAIR + RATE.instance * REPAIR);
    // it is in each of the three with one in three
    const zones = found.costs.filter(({ fault }) => fault.startsWith('zone:'));
    expect(zones.map(({ fault }) => fault)).toEqual(['zone:eu-west-1a', 'zone:eu-west-1b', 'zone:eu-west-1c']);
    zones.forEach(({ secondsPerYear }) => expect(secondsPerYear).toBeCloseTo(RATE.zone * REPAIR / 3, 9));
  });
});

describe('an availability', () => {
  const resources = site({ zones: 2, size: 4, database: 'single' });

  test('ranks what costs most, whose sum is what is missing', () => {
    const { costs, simulated } = availabilityIn(resources, need(3));
    expect(costs.map(({ fault }) => fault)).toEqual(
      ['zone:eu-west-1a', 'zone:eu-west-1b', 'region:eu-west-1', 'primary-host:S/Database', 'members:S/Fleet']);
    const sum = costs.reduce((total, { secondsPerYear }) => total + secondsPerYear, 0);
    expect(Math.abs((1 - simulated) * YEAR_SECONDS / sum - 1)).toBeLessThan(0.001); // overlapping outages are counted once
  });

  test('is an interval: rates and time to repair three times as much, and a third of it', () => {
    // the Region alone: 288 s * 9, and 288 s / 9
    const fleet = { resources: site({ zones: 2, size: 4 }), facts: need(1) };
    const { lower, upper, ceiling } = availabilityIn(fleet.resources, fleet.facts);
    expect((1 - lower) * YEAR_SECONDS).toBeCloseTo((1 - ceiling) * YEAR_SECONDS, 0);
    expect(upper).toBe(ceiling);
    const uncapped = (factor: number) => availabilityIn(fleet.resources, fleet.facts, 'Balancer', { region: 20 }, REPAIR, factor);
    const down = (availability: number) => -Math.log(availability) * YEAR_SECONDS / 288_000;
    expect(down(uncapped(3).lower)).toBeCloseTo(9, 2);
    expect(down(uncapped(3).expected)).toBeCloseTo(1, 2);
    expect(down(uncapped(3).upper)).toBeCloseTo(1 / 9, 2);
    expect(uncapped(1).lower).toBe(uncapped(1).upper);
  });

  test('is the smaller of what is simulated and the ceiling', () => {
    const capped = availabilityIn(resources);
    expect(capped.expected).toBe(capped.ceiling);
    expect(capped.simulated).toBeGreaterThan(capped.ceiling);
    const bad = availabilityIn(resources, {}, 'Balancer', { zone: 100 });
    expect(bad.expected).toBe(bad.simulated);
    expect(bad.simulated).toBeLessThan(bad.ceiling);
  });

  test('counts what is not decided as down, but at the better end, and says so', () => {
    const open: Resources = {
      ...site({ zones: 2, size: 4 }),
      Fleet: { Type: 'AWS::AutoScaling::AutoScalingGroup', Properties: { VPCZoneIdentifier: ['subnet-0123'], DesiredCapacity: '2', TargetGroupARNs: [{ Ref: 'Targets' }] } },
    };
    const found = availabilityIn(open, {}, 'Balancer', { region: 0, zone: 20 });
    expectDown(found, 2 * 20 * REPAIR);
    expect(found.assumptions).toContain('zone:eu-west-1a is not decided, and counts as down');
    const often = availabilityIn(open, {}, 'Balancer', { region: 0, zone: 200 });
    expect(often.expected).toBeLessThan(often.ceiling);
    expect(often.upper).toBe(often.ceiling);
  });

  test('is at most what comes back by itself, or the time to repair, if that is shorter', () => {
    expectDown(availabilityIn(fragile(), {}, 'Address', { zone: 0, region: 0, instance: 0 }, 600), RATE.primary * 600);
  });

  test('is 1, and 9 nines, where nothing fails', () => {
    const none = { 'zone': 0, 'region': 0, 'instance': 0, 'primary-host': 0, 'nat': 0, 'volume': 0 };
    const { simulated, costs, expected, ceiling } = availabilityIn(resources, {}, 'Balancer', none);
    expect([simulated, costs, expected]).toEqual([1, [], ceiling]);
  });

  test('names what it assumes, and what was given', () => {
    const { assumptions } = availabilityIn(fragile(), {}, 'Address', { zone: 0.5 }, 7200, 2);
    expect(assumptions).toEqual([
      '2 h until a human has repaired what does not come back by itself',
      '0.5 faults a year of kind zone (given)',
      '0.02 faults a year of kind region (assumed)',
      '0.1 faults a year of kind instance (assumed)',
      '0.2 faults a year of kind primary-host (assumed)',
      'rates and repair time may be wrong by a factor of 2, either way',
      'not confirmed by a text of AWS: the SLA of EC2, ECS, Fargate',
    ]);
  });

  test('refuses what cannot be', () => {
    expect(() => assumptionsWith({ disk: 1 })).toThrow("no fault of kind 'disk' has a rate; give one of zone, region, instance, primary-host, nat, volume");
    expect(() => assumptionsWith({ zone: -1 })).toThrow("the rate of 'zone' is -1; give faults a year, 0 or more");
    expect(() => assumptionsWith({ zone: NaN })).toThrow("the rate of 'zone' is NaN");
    expect(() => assumptionsWith({}, 0)).toThrow('the time to repair is 0 s; give one above 0');
    expect(() => assumptionsWith({}, 60, 0.5)).toThrow('the uncertainty factor is 0.5; give 1 or more');
  });
});
