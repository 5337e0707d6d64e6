import { random } from './random';
import { fragile, queueFed, Resources, simulationOf, site } from './templates';
import { assumptionsWith, availabilityOf } from '../../src/availability/availability';
import { FAULT_RATES } from '../../src/availability/fault-rates';
import { Fault } from '../../src/fault-simulation/faults';
import { Simulation } from '../../src/fault-simulation/simulation';
import { Facts } from '../../src/fault-simulation/topology';

const HOUR = 3600;
const YEAR = 8766 * HOUR;
const REPAIR = 4 * HOUR;
const REGION: Fault = { kind: 'region', region: 'eu-west-1' };

/** A source of outages: how many a year, and how long one of them is, drawn anew each time. */
interface Source {
  readonly perYear: number;
  seconds(): number;
}

/** The share of the time in which any outage goes on, over as many years, of events that come at random. */
function downShare(sources: readonly Source[], years: number, next: () => number): number {
  const outages: [from: number, to: number][] = [];
  for (const { perYear, seconds } of sources) {
    const gap = () => -Math.log(1 - next()) * YEAR / perYear;
    for (let at = gap(); at < years * YEAR; at += gap()) { outages.push([at, at + seconds()]); }
  }
  outages.sort(([one], [other]) => one - other);
  let [down, until] = [0, 0];
  for (const [from, to] of outages) {
    down += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return down / (years * YEAR);
}

/** As one would read a verdict: down until it is back, or until somebody has repaired it; less than is needed is down. */
function outageUnder(simulation: Simulation, fault: Fault, service: string): number {
  const verdict = simulation.under(fault).get(service);
  if (!verdict || verdict.atOnce === 'unaffected' || (verdict.atOnce === 'degraded' && verdict.need?.met !== false)) { return 0; }
  return verdict.recoverySeconds ?? REPAIR;
}

type Rates = Readonly<Record<string, number>>;

const DEFAULTS: Rates = Object.fromEntries(Object.entries(FAULT_RATES).map(([kind, { perYear }]) => [kind, perYear]));

/** Each single fault by itself, with each member of a fleet. */
function sourcesOf(simulation: Simulation, service: string, rates: Rates, members: Readonly<Record<string, number>>): Source[] {
  const faults = [...simulation.singleFaults.map(({ kind, fault }) => ({ kind, fault })), { kind: 'region', fault: REGION }];
  return faults.map(({ kind, fault }) => {
    const seconds = outageUnder(simulation, fault, service);
    return { perYear: rates[kind] * ('of' in fault ? members[fault.of] ?? 1 : 1), seconds: () => seconds };
  });
}

function computed(resources: Resources, facts: Facts, service: string, rates: Rates): number {
  const found = availabilityOf(simulationOf(resources, facts), assumptionsWith(rates, REPAIR)).find(one => one.service === service);
  return 1 - (found?.simulated ?? NaN);
}

function expectWithin5Percent(one: number, other: number): void {
  expect(other).toBeGreaterThan(0);
  expect(Math.abs(one / other - 1)).toBeLessThan(0.05);
}

/** So often that outages overlap a lot. */
const OFTEN: Rates = { 'zone': 150, 'region': 20, 'instance': 400, 'primary-host': 500, 'nat': 100, 'volume': 0 };

describe('a Monte Carlo of years in which the faults of the simulation happen comes to the same', () => {
  const fleet = site({ zones: 2, size: 4 });
  const facts: Facts = { need: { Fleet: 4 } };

  test.each([['as seldom as by default', DEFAULTS, 60_000], ['so often that outages overlap', OFTEN, 120]])('for a fleet that needs all of its members, %s', (_, rates, years) => {
    const sources = sourcesOf(simulationOf(fleet, facts), 'S/Balancer', rates, { 'S/Fleet': 4 });
    expectWithin5Percent(downShare(sources, years, random(1)), computed(fleet, facts, 'S/Balancer', rates));
  });

  test('for a queue whose workers share a NAT gateway', () => {
    const sources = sourcesOf(simulationOf(queueFed()), 'S/Queue', DEFAULTS, { 'S/Workers': 2 });
    expectWithin5Percent(downShare(sources, 60_000, random(2)), computed(queueFed(), {}, 'S/Queue', DEFAULTS));
  });

  test.each([['as seldom as by default', DEFAULTS, 60_000], ['so often that outages overlap', OFTEN, 120]])('for a server, and a database of which AWS chooses the zone, %s', (_, rates, years) => {
    const next = random(3);
    // what AWS may have chosen, each written down in a template of its own
    const choices = ['eu-west-1a', 'eu-west-1b'].map(AvailabilityZone => simulationOf(fragile({ AvailabilityZone })));
    const sources = [...choices[0].singleFaults.map(({ kind, fault }) => ({ kind, fault })), { kind: 'region', fault: REGION }].map(({ kind, fault }): Source => {
      const seconds = choices.map(simulation => outageUnder(simulation, fault, 'S/Address'));
      return { perYear: rates[kind], seconds: () => seconds[next() < 0.5 ? 0 : 1] };
    });
    expectWithin5Percent(downShare(sources, years, next), computed(fragile(), {}, 'S/Address', rates));
  });

  test('for a Multi-AZ database of which the primary is in one of three zones, behind a fleet that is large enough', () => {
    const next = random(4);
    const resources = site({ zones: 3, size: 6, database: 'pair' });
    const enough: Facts = { need: { Fleet: 2 } };
    const sources: Source[] = [
      ...[0, 1, 2].map(() => ({ perYear: 0.2, seconds: () => next() < 1 / 3 ? 120 : 0 })),
      { perYear: 0.2, seconds: () => 120 },
      { perYear: 0.02, seconds: () => REPAIR },
    ];
    expectWithin5Percent(downShare(sources, 200_000, next), computed(resources, enough, 'S/Balancer', DEFAULTS));
  });

  test('of which some may happen at once, which by default is next to nothing', () => {
    const down = computed(fleet, facts, 'S/Balancer', DEFAULTS);
    const sources = sourcesOf(simulationOf(fleet, facts), 'S/Balancer', DEFAULTS, { 'S/Fleet': 4 });
    const sum = sources.reduce((total, { perYear, seconds }) => total + perYear * seconds() / YEAR, 0);
    expect(sum).toBeGreaterThan(down);
    expect(sum / down - 1).toBeLessThan(0.01);
  });
});
