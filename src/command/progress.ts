/** Says how far something is, on one line of a terminal, once it has taken a second. */
export class Progress {
  private readonly start: number;
  private last = 0;

  constructor(private readonly write: (text: string) => void, private readonly now: () => number = Date.now) {
    this.start = now();
  }

  public at(text: string): void {
    const time = this.now();
    if (time - this.start < 1000 || time - this.last < 100) { return; }
    this.last = time;
    this.write(`\r${text}\u001b[K`);
  }

  /** Takes the line away. */
  public end(): void {
    if (this.last > 0) { this.write('\r\u001b[K'); }
  }
}
