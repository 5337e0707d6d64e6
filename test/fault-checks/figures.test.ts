import { judgeFigures, judgePairs } from '../../src/fault-checks/figures';
import { figuresOf, span } from '../../src/fault-simulation/template/figures';
import { documentOf } from '../../src/fault-simulation/template/json-text';
import { Reference, Text, Unknown } from '../../src/fault-simulation/template/value';

const small = (figure: number) => figure < 3 ? `${figure} is too small` : undefined;

describe('the figures that a property may have', () => {
  test('are its own, or the default', () => {
    expect([figuresOf('5', 1), figuresOf(5, 1), figuresOf(undefined, 1), figuresOf(null, 1)]).toEqual([[5], [5], [1], [1]]);
  });

  test('are all that a parameter allows', () => {
    expect(figuresOf(new Unknown('it has no value', 'a', { among: ['1', 2] }), 7)).toEqual([1, 2]);
  });

  test('are not known of anything else', () => {
    const open = [new Unknown('it has no value'), new Unknown('it has no value', 'a', { among: [] }), new Unknown('it has no value', 'a', { among: [1, 'x'] })];
    open.forEach(one => expect(figuresOf(one, 1)).toBe(one));
    expect(figuresOf(new Reference('Stack/A', 'Size'), 1)).toEqual(new Unknown('it is not a figure that can be read'));
  });

  test('are broken if all are, and not decided if some are', () => {
    expect(judgeFigures([1, 2], 'Size', small)).toEqual({ compliance: 'non-compliant', what: '1 is too small', property: 'Size' });
    expect(judgeFigures([1, 3], 'Size', small).compliance).toBe('unknown');
    expect(judgeFigures([3, 4], 'Size', small).compliance).toBe('compliant');
    expect(judgeFigures(new Unknown('it has no value'), 'Size', small)).toEqual({ compliance: 'unknown', what: 'it has no value', property: 'Size' });
  });

  test('are compared each with each', () => {
    const less = (one: number, other: number) => one < other ? `${one} < ${other}` : undefined;
    expect(judgePairs([1], [2, 3], 'Size', less)).toMatchObject({ compliance: 'non-compliant', what: '1 < 2' });
    expect([judgePairs([1, 4], [3], 'Size', less), judgePairs([4], [3], 'Size', less), judgePairs([4], new Unknown('?'), 'Size', less)].map(({ compliance }) => compliance))
      .toEqual(['unknown', 'compliant', 'unknown']);
  });

  test('are said in the largest unit that fits', () => {
    expect([0, 1, 59, 60, 90, 3600, 7200, 86400, 345600].map(span))
      .toEqual(['0 seconds', '1 second', '59 seconds', '1 minute', '90 seconds', '1 hour', '2 hours', '1 day', '4 days']);
  });
});

describe('a document in a text', () => {
  const queue = new Reference('Stack/Queue', 'Arn');

  test('has again what stands in it', () => {
    expect(documentOf(new Text(['{"to": "', queue, '", "in": "arn:', queue, ':x", "times": ', new Unknown('?'), '}'])))
      .toEqual({ to: queue, in: new Text(['arn:', queue, ':x']), times: new Unknown('?') });
  });

  test('is an object as well as its text, and nothing else', () => {
    expect([documentOf({ a: 1 }), documentOf('{"a": [1, ""]}'), documentOf(undefined)]).toEqual([{ a: 1 }, { a: [1, ''] }, undefined]);
    expect(documentOf('{"a": ')).toEqual(new Unknown('it is not JSON that can be read'));
  });
});
