import { placeOfMember } from '../../src/fault-checks/members';
import { World } from '../../src/fault-simulation/template/world';
import { Topology } from '../../src/fault-simulation/topology';
import { stackOf } from '../fault-simulation/template-of';

function placeOf(properties: Record<string, unknown>) {
  const world = new World([stackOf({ Member: ['RDS::DBInstance', properties] })]);
  const [member] = world.resources.values();
  return placeOfMember(member, new Topology(world));
}

describe('an instance of a cluster', () => {
  test('stands in the zone that it names', () => {
    expect(placeOf({ AvailabilityZone: 'eu-west-1b' })).toBe('eu-west-1#1');
  });

  test('stands in any zone of its Region if it names none', () => {
    expect(placeOf({})).toMatchObject({ identity: 'Stack/Member', traits: { chosenByAws: 'eu-west-1' } });
  });
});
