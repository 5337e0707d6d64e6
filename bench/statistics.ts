/** The middle value: what a noisy machine spoils least. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The exponent k of y = c · x^k that fits best (least squares over the logarithms). */
export function exponent(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (index: 0 | 1) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return covariance / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** The same work of several kinds in turn, so that a slow moment of the machine hits all of them: medians by kind. */
export function interleaved<K extends string>(kinds: readonly K[], rounds: number, run: (kind: K) => number): Record<K, number> {
  const times = new Map(kinds.map(kind => [kind, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    kinds.forEach(kind => times.get(kind)?.push(run(kind)));
  }
  return Object.fromEntries([...times].map(([kind, values]) => [kind, median(values)])) as Record<K, number>;
}

/** Milliseconds that `work` takes. */
export function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
