import * as fs from 'fs';
import { page, rendered } from '../../build-tools/availability';

test('the page of availability is that of its tables', () => {
  expect(fs.readFileSync(page, 'utf8')).toBe(rendered()); // else: npm run public-api:record
});
