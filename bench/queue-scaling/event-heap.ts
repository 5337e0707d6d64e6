/* eslint-disable no-bitwise -- shifts and masks, as these are the inner loop */
/** What is to happen, the earliest first: a binary heap in typed arrays, as a run of millions of events allocates nothing then. */
export class EventHeap {
  private times = new Float64Array(64);
  private kinds = new Uint8Array(64);
  private subjects = new Int32Array(64);
  private count = 0;

  /** Of what kind the event is that was taken last, and whom it concerns. */
  public kind = 0;
  public subject = 0;

  public get size(): number {
    return this.count;
  }

  public add(time: number, kind: number, subject = 0): void {
    if (this.count === this.times.length) { this.grow(); }
    let at = this.count++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.times[parent] <= time) { break; }
      this.move(parent, at);
      at = parent;
    }
    this.put(at, time, kind, subject);
  }

  /** Takes the earliest, and gives its time. */
  public take(): number {
    const time = this.times[0];
    this.kind = this.kinds[0];
    this.subject = this.subjects[0];
    const last = --this.count;
    const lastTime = this.times[last];
    const lastKind = this.kinds[last];
    const lastSubject = this.subjects[last];
    let at = 0;
    for (let child = 1; child < last; child = 2 * at + 1) {
      if (child + 1 < last && this.times[child + 1] < this.times[child]) { child++; }
      if (this.times[child] >= lastTime) { break; }
      this.move(child, at);
      at = child;
    }
    this.put(at, lastTime, lastKind, lastSubject);
    return time;
  }

  private put(at: number, time: number, kind: number, subject: number): void {
    this.times[at] = time;
    this.kinds[at] = kind;
    this.subjects[at] = subject;
  }

  private move(from: number, to: number): void {
    this.put(to, this.times[from], this.kinds[from], this.subjects[from]);
  }

  private grow(): void {
    const { times, kinds, subjects } = this;
    this.times = new Float64Array(2 * times.length);
    this.kinds = new Uint8Array(2 * times.length);
    this.subjects = new Int32Array(2 * times.length);
    this.times.set(times);
    this.kinds.set(kinds);
    this.subjects.set(subjects);
  }
}
