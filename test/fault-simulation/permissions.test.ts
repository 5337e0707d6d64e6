import * as fc from 'fast-check';
import { matches } from '../../src/fault-simulation/permissions';

const word = (letters: string) => fc.array(fc.constantFrom(...letters), { maxLength: 8 }).map(all => all.join(''));

test('a pattern fits what a regular expression of it fits', () => {
  fc.assert(fc.property(word('ab*?'), word('ab'), (pattern, text) => {
    expect(matches(pattern, text)).toBe(new RegExp(`^${pattern.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(text));
  }), { numRuns: 5000 });
});

test('no number of asterisks makes it slow', () => {
  expect(matches(`${'*e'.repeat(40)}!`, 'networkinterface/'.repeat(40))).toBe(false);
});
