/**
 * Reads a source that holds what is taken (see `HoldingSource`), for one mapping:
 *
 *     receive ─► filter ─► collect ─► wait for a place ─► invoke ─► remove what was taken
 *        ▲          └ remove what is unwanted                └ leave what failed to the source
 *        └── while there is a place for what comes
 */
import type { Clock } from '../../../base/clock.ts';
import { deferred } from '../../../base/deferred.ts';
import type { Log } from '../../../observe/log.ts';
import type { RecordFilter } from '../filter/filters.ts';
import type { HoldingSource, SourceRecord } from '../source.ts';
import { type BatchLimits, Collector } from './collector.ts';
import { type Count, countInvoked } from './counted.ts';
import type { BatchOutcome, Invoker } from './invoker.ts';
import { backedOff, grown, type ScaleLimits } from './scale.ts';

export interface HoldingReaderParts {
  readonly source: HoldingSource;
  readonly invoker: Invoker;
  readonly filter: RecordFilter | undefined;
  readonly limits: Omit<BatchLimits, 'bytesMax'>;
  readonly scale: ScaleLimits;
  readonly clock: Clock;
  readonly log: Log;
  /** Names the mapping in the log. */
  readonly arn: string;
  readonly count: Count;
}

/** AWS polls with five readers; a receive that finds something makes room for the next at once. */
const receiversMax = 5;
const receiveWaitMs = 20_000;
/** A source that answers sooner without a record is not asked again before this. */
const emptyPauseMs = 1000;
const pauseMsMin = 1000;
const pauseMsMax = 60_000;
/** What keeps the function from being invoked is looked up in memory, so that this may be often. */
const hinderedPauseMs = 1000;
const laterMsMin = 200;
const laterMsMax = 10_000;

interface Batch {
  readonly records: readonly SourceRecord[];
  /** When its first record was received. */
  readonly takenAt: number;
}

export class HoldingReader {
  readonly #parts: HoldingReaderParts;
  readonly #collector: Collector<SourceRecord>;
  readonly #stop = new AbortController();
  readonly #quiet = deferred<void>();
  readonly #ready: Batch[] = [];
  #collectedFrom = 0;
  #permitted: number;
  #receiving = 0;
  #invoking = 0;
  #growing = false;
  #paused = false;
  #cancelPause: () => void = () => {};
  #failures = 0;
  #lastResult: string | undefined;

  constructor(parts: HoldingReaderParts) {
    this.#parts = parts;
    this.#permitted = parts.scale.initial;
    const limits = { ...parts.limits, bytesMax: parts.invoker.recordBytesMax };
    this.#collector = new Collector(limits, parts.clock, (records) => {
      this.#ready.push({ records, takenAt: this.#collectedFrom });
      this.#fill();
    });
  }

  /** What came of the last records, in AWS's words. */
  get lastResult(): string | undefined {
    return this.#lastResult;
  }

  start(): void {
    this.#fill();
  }

  /** Takes nothing more and gives back what no function has got; resolves when the rest is settled. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cancelPause();
    const unused = [...this.#collector.empty(), ...this.#ready.flatMap(({ records }) => records)];
    this.#ready.length = 0;
    await this.#giveBack(unused);
    if (this.#invoking > 0 || this.#receiving > 0) await this.#quiet.promise;
  }

  /** Gives what is ready a place, and reads on while there are places for more. */
  #fill(): void {
    while (this.#ready.length > 0 && this.#invoking < this.#permitted) {
      const batch = this.#ready.shift();
      if (batch !== undefined) void this.#run(batch);
    }
    if (this.#invoking >= this.#permitted) this.#growLater();
    while (!this.#paused && !this.#stop.signal.aborted && this.#receiving < receiversMax && this.#hasRoom()) {
      void this.#receive();
    }
  }

  /** Without a window every receive becomes a batch; with one, several make one. */
  #hasRoom(): boolean {
    const coming = this.#parts.limits.windowMs === 0 ? this.#receiving : 0;
    return this.#invoking + this.#ready.length + coming < this.#permitted;
  }

  async #receive(): Promise<void> {
    const { source, limits, clock, invoker } = this.#parts;
    this.#receiving += 1;
    try {
      const hindrance = invoker.hindrance();
      if (hindrance !== undefined) return this.#troubled(hindrance, hinderedPauseMs);
      const wanted = Math.min(source.receiveMax, limits.recordsMax - this.#collector.count);
      const asked = clock.monotonic();
      const records = await source.receive(wanted, receiveWaitMs, this.#stop.signal);
      this.#failures = 0;
      if (records.length > 0) await this.#take(records);
      else this.#rest(clock.monotonic() - asked);
    } catch (error) {
      // Receives that went out together and failed together are one failure.
      if (!this.#paused) this.#failures += 1;
      const pauseMs = Math.min(pauseMsMax, pauseMsMin * 2 ** Math.min(this.#failures - 1, 10));
      if (!this.#stop.signal.aborted) this.#troubled(error instanceof Error ? error.message : String(error), pauseMs);
    } finally {
      this.#receiving -= 1;
      this.#next();
    }
  }

  async #take(records: readonly SourceRecord[]): Promise<void> {
    const { filter, clock, source, count } = this.#parts;
    if (this.#stop.signal.aborted) return this.#giveBack(records);
    count('PolledEventCount', records.length);
    const wanted = filter === undefined ? records : records.filter(({ filterable }) => filter(filterable));
    if (this.#collector.count === 0) this.#collectedFrom = clock.monotonic();
    const together = source.ordered ? fitting(wanted, this.#parts.invoker.recordBytesMax) : wanted;
    if (together.length > 0) this.#collector.add(together);
    if (together.length < wanted.length) await this.#giveBack(wanted.slice(together.length));
    if (wanted.length === records.length) return;
    count('FilteredOutEventCount', records.length - wanted.length);
    await this.#remove(records.filter((record) => !wanted.includes(record)));
  }

  async #run(batch: Batch): Promise<void> {
    this.#invoking += 1;
    try {
      const outcome = await this.#attempts(batch);
      await this.#settle(batch, outcome);
    } catch (error) {
      this.#parts.log.error('Cannot settle a batch', { mapping: this.#parts.arn, why: String(error) });
    } finally {
      this.#invoking -= 1;
      this.#next();
    }
  }

  /** A batch that finds no place waits for one, and is tried again, for as long as the source holds it for us. */
  async #attempts({ records, takenAt }: Batch): Promise<BatchOutcome> {
    const { invoker, source, clock } = this.#parts;
    const holdMs = source.holdMs();
    const lastAt = takenAt + Math.max(holdMs - invoker.timeoutMs(), holdMs / 2);
    // Longer in the queue for an environment, and others would get these records while we still have them.
    const late = new AbortController();
    const cancel = clock.after(Math.max(0, lastAt - clock.monotonic()), () => late.abort());
    const signal = AbortSignal.any([late.signal, this.#stop.signal]);
    try {
      for (let waitMs = laterMsMin; ; waitMs = Math.min(laterMsMax, waitMs * 2)) {
        const outcome = await invoker.invoke(records, { signal });
        countInvoked(this.#parts.count, outcome, records.length);
        if (outcome.kind !== 'later') return outcome;
        if (signal.aborted || clock.monotonic() + waitMs > lastAt) return outcome;
        this.#backOff(outcome.why);
        await clock.sleep(waitMs, signal).catch(() => {});
        if (signal.aborted) return outcome;
      }
    } finally {
      cancel();
    }
  }

  async #settle({ records }: Batch, outcome: BatchOutcome): Promise<void> {
    if (outcome.kind === 'failed') return this.#backOff(outcome.why);
    if (outcome.kind === 'later') {
      this.#backOff(outcome.why);
      // A stop interrupted the wait: somebody else may have what nobody got.
      if (this.#stop.signal.aborted) await this.#giveBack(records);
      return;
    }
    const { failed } = outcome;
    if (failed.size > 0) this.#backOff('Some records failed');
    else this.#lastResult = 'OK';
    await this.#remove(failed.size === 0 ? records : records.filter(({ id }) => !failed.has(id)));
  }

  async #remove(records: readonly SourceRecord[]): Promise<void> {
    await this.#parts.source.remove(records);
    this.#parts.count('DeletedEventCount', records.length);
  }

  #backOff(why: string): void {
    this.#lastResult = `PROBLEM: ${why}`;
    this.#permitted = backedOff(this.#permitted);
  }

  /** The source cannot be read, or what it has could not be given to anybody. */
  #troubled(why: string, pauseMs: number): void {
    const { log, arn } = this.#parts;
    if (this.#lastResult !== `PROBLEM: ${why}`) log.warn('Cannot read an event source', { mapping: arn, why });
    this.#lastResult = `PROBLEM: ${why}`;
    this.#pause(pauseMs);
  }

  #rest(tookMs: number): void {
    if (this.#invoking === 0) this.#permitted = this.#parts.scale.initial;
    if (tookMs < emptyPauseMs) this.#pause(emptyPauseMs);
  }

  #pause(ms: number): void {
    if (this.#paused || this.#stop.signal.aborted) return;
    this.#paused = true;
    const resume = () => {
      this.#paused = false;
      this.#fill();
    };
    this.#cancelPause = this.#parts.clock.after(ms, resume);
  }

  /** One more at a time, for as long as every place is taken. */
  #growLater(): void {
    const { clock, scale } = this.#parts;
    if (this.#growing || this.#permitted >= scale.max || this.#stop.signal.aborted) return;
    this.#growing = true;
    clock.after(scale.growEveryMs, () => {
      this.#growing = false;
      if (this.#invoking < this.#permitted) return;
      this.#permitted = grown(this.#permitted, scale);
      this.#fill();
    });
  }

  #next(): void {
    if (!this.#stop.signal.aborted) this.#fill();
    else if (this.#invoking === 0 && this.#receiving === 0) this.#quiet.resolve();
  }

  async #giveBack(records: readonly SourceRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { source, log, arn } = this.#parts;
    await source.giveBack(records).catch((error: unknown) => {
      log.warn('Cannot give records back', { mapping: arn, why: String(error) });
    });
  }
}

/** As many from the front as one event holds; the first, however large it is. */
function fitting(records: readonly SourceRecord[], bytesMax: number): readonly SourceRecord[] {
  let bytes = 0;
  const count = records.findIndex(({ json }) => {
    bytes += Buffer.byteLength(json) + 1;
    return bytes > bytesMax;
  });
  return count < 0 ? records : records.slice(0, Math.max(1, count));
}
