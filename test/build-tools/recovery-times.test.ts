import * as fs from 'fs';
import { page, rendered } from '../../build-tools/recovery-times';

test('the page of recovery times is that of the table', () => {
  expect(fs.readFileSync(page, 'utf8')).toBe(rendered()); // else: npm run public-api:record
});
