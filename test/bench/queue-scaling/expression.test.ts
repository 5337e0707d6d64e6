import { compile } from '../../../bench/queue-scaling/expression';

/** What an expression comes to; a name that is not given has no figure. */
const valueOf = (expression: string, figures: Readonly<Record<string, number>> = {}) => compile(expression)(name => figures[name]);

describe('an expression of CloudWatch', () => {
  test.each<[string, number]>([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['8 / 4 / 2', 1],
    ['7 - 4 - 2', 1],
    ['2 ^ 3 ^ 2', 512],
    ['-2 + 3', 1],
    ['1.5 * 2', 3],
    ['2 + 1 > 2', 1],
    ['1 >= 2', 0],
    ['1 <= 1', 1],
    ['1 != 1', 0],
    ['2 == 2', 1],
    ['1 > 0 AND 2 > 3', 0],
    ['1 > 0 && 2 > 1', 1],
    ['0 OR 1 AND 0', 0],
    ['0 || 2', 1],
    ['SUM([1, 2, 3])', 6],
    ['MIN([4, 2]) + MAX([4, 2])', 6],
    ['AVG([1, 2, 6])', 3],
    ['CEIL(1.2) + FLOOR(1.8) + ABS(-1)', 4],
    ['IF(2 > 1, 10, 20)', 10],
    ['IF(0, 10, 20)', 20],
  ])('%s is %d', (expression, value) => {
    expect(valueOf(expression)).toBe(value);
  });

  test('has no result where a figure is missing, whatever is done with it', () => {
    for (const expression of ['a', 'a + 1', 'a > 0', 'a AND 0', 'IF(a, 1, 2)', 'IF(1, a, 2)', 'CEIL(a)', '-a', 'a ^ 2']) {
      expect(valueOf(expression)).toBeUndefined();
    }
  });

  test('has one where FILL says what a missing figure counts as', () => {
    expect(valueOf('FILL(a, 0) + 1')).toBe(1);
    expect(valueOf('FILL(a, 0) + 1', { a: 4 })).toBe(5);
    expect(valueOf('FILL(a, b)', { b: 7 })).toBe(7);
  });

  test('asks only the branch that counts', () => {
    expect(valueOf('IF(workers > 0, visible / workers, visible)', { workers: 0, visible: 3 })).toBe(3);
    expect(valueOf('IF(0, 1)')).toBeUndefined();
  });

  test('has no result of a division by nothing', () => {
    expect(valueOf('1 / 0')).toBeUndefined();
    expect(valueOf('0 / 0')).toBeUndefined();
    expect(valueOf('FILL(1 / 0, 5)')).toBe(5);
  });

  test('takes what is there out of several figures', () => {
    expect(valueOf('SUM([a, b])', { b: 2 })).toBe(2);
    expect(valueOf('MAX([a, b])')).toBeUndefined();
  });

  test.each([
    ['1 +', "'the end' is not expected in '1 +'"],
    ['(1', "'the end' is not expected in '(1'"],
    ['1 2', "'2' is not expected in '1 2'"],
    ['a ? b', "what stands at 1 of 'a ? b' is not known"],
    ['SEARCH(a)', "the function SEARCH of 'SEARCH(a)' is not known"],
  ])('is refused rather than guessed: %s', (expression, message) => {
    expect(() => compile(expression)).toThrow(message);
  });

  test('of several series is refused where one is asked for', () => {
    expect(() => valueOf('[1, 2] + 1')).toThrow('several series where one is asked for');
  });
});
