/** For tests: a source in memory that holds what is taken, on a false clock. */
import type { Clock } from '../../../base/clock.ts';
import type { HoldingSource, SourceRecord } from '../source.ts';

interface Kept {
  readonly record: SourceRecord;
  readonly group: string;
  visibleAt: number;
  receives: number;
}

export class MemorySource implements HoldingSource {
  readonly envelope = { before: '{"Records":[', after: ']}' };
  receiveMax = 10;
  ordered = false;
  holdForMs = 30_000;
  /** Set by a test: what a receive rejects with. */
  broken: Error | undefined;
  readonly receivesOf = new Map<string, number>();
  /** What was asked for, and when. */
  readonly asked: number[] = [];
  waiting = 0;
  readonly #clock: Clock;
  #kept: Kept[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  put(id: string, { body = id, group = id } = {}): void {
    const record = { id, json: JSON.stringify({ id, body }), filterable: { body } };
    this.#kept.push({ record, group, visibleAt: 0, receives: 0 });
  }

  get left(): string[] {
    return this.#kept.map(({ record }) => record.id);
  }

  holdMs(): number {
    return this.holdForMs;
  }

  async receive(recordsMax: number, waitMs: number, signal: AbortSignal): Promise<SourceRecord[]> {
    this.asked.push(this.#clock.monotonic());
    const until = this.#clock.monotonic() + waitMs;
    this.waiting += 1;
    try {
      for (;;) {
        if (this.broken !== undefined) throw this.broken;
        if (signal.aborted) return [];
        const found = this.#visible(Math.min(recordsMax, this.receiveMax));
        if (found.length > 0 || this.#clock.monotonic() >= until) return found;
        await this.#clock.sleep(100, signal);
      }
    } finally {
      this.waiting -= 1;
    }
  }

  async remove(records: readonly SourceRecord[]): Promise<void> {
    this.#kept = this.#kept.filter(({ record }) => !records.includes(record));
  }

  async giveBack(records: readonly SourceRecord[]): Promise<void> {
    for (const kept of this.#kept) if (records.includes(kept.record)) kept.visibleAt = 0;
  }

  #visible(max: number): SourceRecord[] {
    const now = this.#clock.monotonic();
    const locked = new Set(this.#kept.filter(({ visibleAt }) => visibleAt > now).map(({ group }) => group));
    const free = this.#kept.filter(({ visibleAt, group }) => visibleAt <= now && !(this.ordered && locked.has(group)));
    const taken = free.slice(0, max);
    for (const kept of taken) {
      kept.visibleAt = now + this.holdForMs;
      kept.receives += 1;
      this.receivesOf.set(kept.record.id, kept.receives);
    }
    return taken.map(({ record }) => record);
  }
}
