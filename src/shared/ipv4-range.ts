/** A range of IPv4 addresses, as numbers. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
  readonly prefixLength: number;
}

/** What `10.0.0.0/16` stands for; undefined for what is no range, and for one that begins in the middle of a block. */
export function ipv4RangeOf(text: string): Ipv4Range | undefined {
  const block = blockAround(text);
  return block && block.address === block.first ? block : undefined;
}

/** The block that `10.0.3.7/16` is part of, which is 10.0.0.0/16, as EC2 reads it, and the address itself; undefined for what is none. */
export function blockAround(text: string): Ipv4Range & { readonly address: number } | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)?.slice(1).map(Number);
  if (!parts || parts.slice(0, 4).some(part => part > 255) || parts[4] > 32) { return undefined; }
  const address = parts.slice(0, 4).reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - parts[4]);
  const first = address - address % size;
  return { address, first, last: first + size - 1, prefixLength: parts[4] };
}

/** Whether all of the inner one is part of the outer one. */
export function contains(outer: Ipv4Range, inner: Ipv4Range): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}
