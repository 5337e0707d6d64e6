import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Duration } from 'aws-cdk-lib';
import { FaultSimulation } from '../../src';
import { fragile } from '../availability/templates';
import { zonesContext } from '../helpers/network';
import { subjects } from '../helpers/subjects';

function fragileSite(): FaultSimulation {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'availability-'));
  const file = path.join(folder, 'S.json');
  fs.writeFileSync(file, JSON.stringify({ Resources: fragile({ AvailabilityZone: 'eu-west-1a' }) }));
  return FaultSimulation.fromTemplates([file]);
}

describe('FaultSimulation.availability', () => {
  test('says how many nines a service has, why not more, and what costs most', () => {
    const [found] = fragileSite().availability();
    expect(found).toMatchObject({
      service: 'S/Address',
      nines: 2,
      description: '99 %, 87.4 h a year (99 % to 99 %)',
      levels: [
        { service: 'EC2, ECS, Fargate', availability: 0.995, isConfirmed: false },
        { service: 'RDS instance', availability: 0.995, isConfirmed: true },
      ],
    });
    expect(found.ceiling).toBeCloseTo(0.990025, 9);
    expect(found.expected).toBe(found.ceiling);
    expect(found.downtimePerYear.toMinutes({ integral: false })).toBeCloseTo((1 - 0.990025) * 525_960, 0);
    expect(found.costs.map(({ fault, downtimePerYear }) => [fault, downtimePerYear.toMinutes({ integral: false })])).toEqual([
      ['zone:eu-west-1a', 48], ['instance:S/Server', 24], ['region', 4.8], ['primary-host:S/Database', 4],
    ]);
    expect(1 - found.simulated).toBeCloseTo(80.8 / 525_960, 7);
  });

  test('goes by the rates and the time to repair that it is given', () => {
    const options = { faultRates: { zone: 1, region: 0, instance: 0 }, timeToRepair: Duration.minutes(90), uncertaintyFactor: 1 };
    const [found] = fragileSite().availability(options);
    expect(found.costs.map(({ fault, downtimePerYear }) => [fault, downtimePerYear.toMinutes({ integral: false })])).toEqual([
      ['zone:eu-west-1a', 90], ['primary-host:S/Database', 4],
    ]);
    expect(found.assumptions.slice(0, 2)).toEqual(['1.5 h until a human has repaired what does not come back by itself', '1 faults a year of kind zone (given)']);
    expect([found.lower, found.upper]).toEqual([found.expected, found.expected]);
    expect(() => fragileSite().availability({ faultRates: { zones: 1 } })).toThrow("no fault of kind 'zones' has a rate");
  });

  test('tells a site that is built for it from one that is not', () => {
    const best = (name: string) => {
      const stack = subjects.find(subject => subject.name === name)?.build(new App({ context: zonesContext }));
      if (!stack) { throw new Error(`no subject ${name}`); }
      return Math.max(...FaultSimulation.fromStack(stack).availability().filter(({ levels }) => levels.some(({ service }) => service === 'RDS instance')).map(({ simulated }) => simulated));
    };
    // by hand: 104.8 min a year, of which 24 for a database that may be in the other zone; and 7.6 min, of which 4.8 for the Region
    expect(1 - best('FragileSite')).toBeCloseTo(104.8 / 525_960, 6);
    expect(1 - best('ThreeTierSite')).toBeCloseTo(7.6 / 525_960, 6);
  });
});
