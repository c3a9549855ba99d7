// The clock's time for a scenario that names none. While someone types it
// stands still, so that only what they change changes.

/** How long a pause of typing is after which the clock is looked at again; milliseconds. */
const standstill = 20_000;

export class Clock {
  private looked = -Infinity;
  private reads = '';

  /** Has it looked at: a token is judged at the moment when it is put in. */
  wind(): void {
    this.looked = -Infinity;
  }

  time(): string {
    const now = Date.now();
    if (now - this.looked > standstill) this.reads = new Date(now).toISOString();
    this.looked = now;
    return this.reads;
  }
}
