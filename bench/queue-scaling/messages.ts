/* eslint-disable no-bitwise -- shifts and masks, as these are the inner loop */
/** The messages of a queue: when each came, how often it was received, and which of them wait, in their order. */
export class Messages {
  private arrived = new Float64Array(1024);
  private received = new Uint8Array(1024);
  private bad = new Uint8Array(1024);
  private ring = new Int32Array(1024); // always a power of two long, so that a mask wraps it
  private head = 0;
  private count = 0;

  /** Those that can be received. */
  public waiting = 0;

  public add(time: number, isBad: boolean): void {
    if (this.count === this.arrived.length) {
      this.arrived = grown(this.arrived, new Float64Array(2 * this.count));
      this.received = grown(this.received, new Uint8Array(2 * this.count));
      this.bad = grown(this.bad, new Uint8Array(2 * this.count));
    }
    this.arrived[this.count] = time;
    this.bad[this.count] = Number(isBad);
    this.putBack(this.count++);
  }

  /** To the end of those that wait. */
  public putBack(message: number): void {
    if (this.waiting === this.ring.length) {
      const unrolled = new Int32Array(2 * this.waiting);
      for (let i = 0; i < this.waiting; i++) { unrolled[i] = this.ring[(this.head + i) & (this.waiting - 1)]; }
      this.ring = unrolled;
      this.head = 0;
    }
    this.ring[(this.head + this.waiting++) & (this.ring.length - 1)] = message;
  }

  public receive(): number {
    const message = this.ring[this.head];
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.waiting--;
    this.received[message]++;
    return message;
  }

  public arrivalOf(message: number): number {
    return this.arrived[message];
  }

  public receivesOf(message: number): number {
    return this.received[message];
  }

  public isBad(message: number): boolean {
    return this.bad[message] === 1;
  }

  /** Of the one that waits at the front. */
  public oldestArrival(): number | undefined {
    return this.waiting > 0 ? this.arrived[this.ring[this.head]] : undefined;
  }
}

function grown<T extends Float64Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
