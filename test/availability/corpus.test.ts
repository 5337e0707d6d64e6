import { availabilityOf } from '../../src/availability/availability';
import { Simulation } from '../../src/fault-simulation/simulation';
import { World } from '../../src/fault-simulation/template/world';
import { corpus } from '../fault-simulation/corpus';

test('each service of the templates of the corpus has an availability that adds up', () => {
  const found = corpus().flatMap(({ name, stacks, facts }) =>
    availabilityOf(new Simulation(new World(stacks), facts)).map(availability => ({ name, ...availability })));
  expect(found.length).toBeGreaterThan(100);
  const odd = found.filter(({ lower, expected, upper, simulated, ceiling, costs }) => !(0 < lower && lower <= expected && expected <= upper
    && upper <= ceiling && ceiling <= 1 && simulated <= 1 && costs.every(({ secondsPerYear }) => secondsPerYear > 0 && secondsPerYear < Infinity)));
  expect(odd).toEqual([]);
});
