import * as fs from 'fs';
import { page, rendered } from '../../build-tools/fault-checks';

test('docs/fault-checks.md is made from the rules as they are; npm run public-api:record makes it anew', () => {
  expect(fs.readFileSync(page, 'utf8')).toBe(rendered());
});
