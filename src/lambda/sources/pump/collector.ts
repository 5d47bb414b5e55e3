import type { Clock } from '../../../base/clock.ts';
import type { SourceRecord } from '../source.ts';

export interface BatchLimits {
  readonly recordsMax: number;
  /** Of the records as they stand in the event. */
  readonly bytesMax: number;
  /** From the first record of a batch; 0 sends what came together. */
  readonly windowMs: number;
}

/** Gathers records into batches: one is ready when its window is over, when it is full, or when one more would be too large. */
export class Collector<R extends SourceRecord> {
  readonly #limits: BatchLimits;
  readonly #clock: Clock;
  readonly #ready: (batch: R[]) => void;
  #batch: R[] = [];
  #bytes = 0;
  #cancel: () => void = () => {};

  constructor(limits: BatchLimits, clock: Clock, ready: (batch: R[]) => void) {
    this.#limits = limits;
    this.#clock = clock;
    this.#ready = ready;
  }

  get count(): number {
    return this.#batch.length;
  }

  add(records: readonly R[]): void {
    const { recordsMax, bytesMax, windowMs } = this.#limits;
    for (const record of records) {
      // With the comma before it.
      const bytes = Buffer.byteLength(record.json) + 1;
      if (this.#batch.length > 0 && this.#bytes + bytes > bytesMax) this.#flush();
      if (this.#batch.length === 0 && windowMs > 0) this.#cancel = this.#clock.after(windowMs, () => this.#flush());
      this.#batch.push(record);
      this.#bytes += bytes;
      if (this.#batch.length >= recordsMax) this.#flush();
    }
    if (windowMs === 0) this.#flush();
  }

  /** What is not ready yet, to be given back. */
  empty(): R[] {
    this.#cancel();
    const left = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    return left;
  }

  #flush(): void {
    const batch = this.empty();
    if (batch.length > 0) this.#ready(batch);
  }
}
