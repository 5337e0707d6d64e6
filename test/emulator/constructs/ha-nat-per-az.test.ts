import { emulatorOfTests, physicalId } from './subject-deployment';
import { env, zoneNames } from '../../helpers/network';
import { inventoryOf } from '../zone-inventory';

const { current, deployed } = emulatorOfTests();

describe('HaNatPerAz', () => {
  test.each(['HaNatPerAz in a new VPC', 'HaNatPerAz in an existing VPC'])('%s leads each zone out through its own gateway and address', async name => {
    const made = await deployed(name);
    const inventory = await inventoryOf(current().clientConfig(env.region), physicalId(made, made.stack.node.findChild('Vpc')));
    expect(inventory.map(({ zone, wayOut }) => [zone, wayOut])).toEqual(zoneNames.map(zone => [zone, zone]));
    expect(new Set(inventory.map(({ publicAddress }) => publicAddress)).size).toBe(3);
  });
});
