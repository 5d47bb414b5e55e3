/** Reads a stream for one mapping: finds its lanes, and reads each once those that it came from are at their end. */
import { deferred } from '../../../base/deferred.ts';
import type { Lane } from '../stream.ts';
import { type LaneParts, readLane } from './lane.ts';

export type StreamReaderParts = Omit<LaneParts, 'result'>;

/** New shards and partitions are looked for this often. */
const lanesEveryMs = 10_000;
const troubleMsMin = 1000;
const troubleMsMax = 60_000;

export class StreamReader {
  readonly #parts: StreamReaderParts;
  readonly #stop = new AbortController();
  readonly #reading = new Map<string, Promise<void>>();
  readonly #stopped = deferred<void>();
  #lastResult: string | undefined;

  constructor(parts: StreamReaderParts) {
    this.#parts = parts;
  }

  /** What came of the last records, in AWS's words. */
  get lastResult(): string | undefined {
    return this.#lastResult;
  }

  start(): void {
    void this.#watch().then(() => this.#stopped.resolve());
  }

  /** Takes nothing more; resolves when what a function has is settled. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('The mapping is stopped'));
    await this.#stopped.promise;
  }

  async #watch(): Promise<void> {
    const { source, clock } = this.#parts;
    const { signal } = this.#stop;
    let troubleMs = troubleMsMin;
    while (!signal.aborted) {
      let waitMs = lanesEveryMs;
      try {
        this.#begin(await source.lanes(signal));
        troubleMs = troubleMsMin;
      } catch (error) {
        this.#troubled(error);
        waitMs = troubleMs;
        troubleMs = Math.min(troubleMsMax, troubleMs * 2);
      }
      await clock.sleep(waitMs, signal).catch(() => {});
    }
    await Promise.all(this.#reading.values());
  }

  #begin(lanes: readonly Lane[]): void {
    const { checkpoints } = this.#parts;
    const there = new Set(lanes.map(({ id }) => id));
    for (const { id, parents = [] } of lanes) {
      if (this.#reading.has(id) || checkpoints.get(id)?.position === 'end') continue;
      // A parent that is not listed any more has nothing left.
      if (parents.some((parent) => there.has(parent) && checkpoints.get(parent)?.position !== 'end')) continue;
      this.#reading.set(id, this.#lane(id));
    }
  }

  /** A lane that cannot be read is read again when lanes are looked for next. */
  async #lane(id: string): Promise<void> {
    const result = (problem: string | undefined) => {
      this.#lastResult = problem === undefined ? 'OK' : `PROBLEM: ${problem}`;
    };
    try {
      await readLane(id, { ...this.#parts, result }, this.#stop.signal);
    } catch (error) {
      this.#troubled(error);
    } finally {
      this.#reading.delete(id);
    }
  }

  #troubled(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const { log, arn } = this.#parts;
    const why = error instanceof Error ? error.message : String(error);
    if (this.#lastResult !== `PROBLEM: ${why}`) log.warn('Cannot read an event source', { mapping: arn, why });
    this.#lastResult = `PROBLEM: ${why}`;
  }
}
