import { emulatorOfTests } from './subject-deployment';
import { subjects } from '../../helpers/subjects';

const { deployed } = emulatorOfTests();

describe('the emulator makes every resource, and reads back every promised property, of', () => {
  test.each(subjects)('$name', async ({ name }) => {
    const { deployment } = await deployed(name);
    expect(deployment.resources.length).toBeGreaterThan(0);
  });
});
