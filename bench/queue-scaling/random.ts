/* eslint-disable no-bitwise -- the generator is made of them */
// taken once: in jest's sandbox each look at a global costs more than what it computes
const { imul, log } = Math;

/** Numbers by chance that are the same for the same seed: mulberry32 of Tommy Ettinger, whose state is one 32-bit integer. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** From 0 to 1, without 1. */
  public uniform(): number {
    this.state = (this.state + 0x6D2B79F5) | 0;
    let mixed = imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A time between events that know nothing of each other. */
  public exponential(mean: number): number {
    return -mean * log(1 - this.uniform());
  }
}
