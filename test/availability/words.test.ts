import { downtimeOf, inPercent, inWords, ninesOf } from '../../src/availability/words';

describe('an availability in words', () => {
  test.each([
    [0.99, '99 %', 2, '87.7 h'], [0.995, '99.5 %', 2.3, '43.8 h'], [0.999, '99.9 %', 3, '8.77 h'], [0.9995, '99.95 %', 3.3, '4.38 h'],
    [0.9999, '99.99 %', 4, '52.6 min'], [0.99999, '99.999 %', 5, '5.26 min'], [0.999999, '99.9999 %', 6, '31.6 s'], [0.5, '50 %', 0.3, '183 days'],
    [0.9993001, '99.93 %', 3.1, '6.14 h'], [0, '0 %', 0, '365 days'],
  ])('%d is %s, %d nines, and down for %s a year', (availability, percent, nines, down) => {
    expect([inPercent(availability), ninesOf(availability), inWords(downtimeOf(availability))]).toEqual([percent, nines, down]);
  });

  test('is never rounded up', () => {
    expect(inPercent(0.99999999)).toBe('99.999999 %');
    expect(inPercent(0.9999996)).toBe('99.99996 %');
    expect(inPercent(0.998999)).toBe('99.89 %');
    expect(ninesOf(0.9989)).toBe(2.9);
  });

  test('has no more than nine nines', () => {
    expect([ninesOf(1), inPercent(1), inWords(downtimeOf(1))]).toEqual([9, '100 %', '0 s']);
    expect(ninesOf(1 - 1e-13)).toBe(9);
  });
});
