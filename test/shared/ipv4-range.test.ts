import { contains, Ipv4Range, ipv4RangeOf } from '../../src/shared/ipv4-range';

const range = (text: string) => ipv4RangeOf(text) as Ipv4Range;

describe('a range of IPv4 addresses', () => {
  test.each([
    ['10.0.0.0/16', 0x0a000000, 0x0a00ffff],
    ['0.0.0.0/0', 0, 0xffffffff],
    ['255.255.255.255/32', 0xffffffff, 0xffffffff],
    ['192.168.1.128/25', 0xc0a80180, 0xc0a801ff],
  ])('%s is read', (text, first, last) => {
    expect(range(text)).toMatchObject({ first, last });
  });

  test.each(['10.0.0.0', '10.0.0.1/16', '256.0.0.0/8', '10.0.0.0/33', 'ten', '10.0.0/16', '10.0.0.0/16 ', ''])("'%s' is none", text => {
    expect(ipv4RangeOf(text)).toBeUndefined();
  });

  test('contains what is part of it, and itself', () => {
    expect(contains(range('10.0.0.0/16'), range('10.0.255.0/24'))).toBe(true);
    expect(contains(range('10.0.0.0/16'), range('10.0.0.0/16'))).toBe(true);
    expect(contains(range('10.0.0.0/24'), range('10.0.0.0/16'))).toBe(false);
    expect(contains(range('10.0.0.0/16'), range('10.1.0.0/24'))).toBe(false);
  });
});
