import { inWords } from '../../src/command/words';

describe('a verdict in words', () => {
  const half = { atOnce: 'degraded', afterRecovery: 'unaffected', capacityLeft: 0.5, recoverySeconds: 300 } as const;

  test.each([
    [undefined, '50 % left, back in 5 min'],
    ['done', '50 % left, back in 5 min'],
    ['waiting', '50 % left, back in 5 min'],
    ['unknown', '50 % left, back in 5 min'],
    ['done-twice', '50 % left, back in 5 min, work done twice'],
    ['put-aside', '50 % left, back in 5 min, good messages put aside'],
    ['forgotten', '50 % left, back in 5 min, messages dropped'],
  ] as const)('says of messages that end as %s: %s', (end, words) => {
    expect(inWords({ ...half, ...end === undefined ? {} : { messages: { end } } })).toBe(words);
  });

  test('says what is lost also where nothing is down', () => {
    expect(inWords({ atOnce: 'unaffected', afterRecovery: 'unaffected', messages: { end: 'forgotten' } })).toBe('stands, messages dropped');
    expect(inWords({ atOnce: 'lost', afterRecovery: 'lost', messages: { end: 'put-aside' } })).toBe('lost, good messages put aside');
  });
});
