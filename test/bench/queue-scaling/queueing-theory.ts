/** The mean time in the queue of M/M/c, by Erlang's C formula; times in units of the mean service time. */
export function erlangWait(servers: number, load: number): number {
  const offered = servers * load;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) {
    term *= offered / k;
    sum += term;
  }
  const all = term * offered / servers / (1 - load);
  return all / (sum + all) / (servers * (1 - load));
}

/** The mean time in the queue of M/G/1, by Pollaczek and Khinchine: `variation` is the squared coefficient of variation of the service time. */
export function pollaczekKhinchineWait(load: number, variation: number): number {
  return load * (1 + variation) / (2 * (1 - load));
}
