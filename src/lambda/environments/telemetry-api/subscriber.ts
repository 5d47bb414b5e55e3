import type { Clock } from '../../../base/clock.ts';
import { within } from '../sandbox/deadline.ts';
import type { Delivery } from './delivery.ts';
import type { Subscription } from './subscription.ts';

/** What waits for a subscriber that does not keep up: this many of its own batches; what comes then is dropped. */
const batchesWaitingMax = 4;
const attemptsMax = 3;
const retryWaitMs = 100;
const attemptMsMax = 2_000;

export interface SubscriberParts {
  readonly subscription: Subscription;
  readonly clock: Clock;
  readonly delivery: Delivery;
}

/** One subscription: collects what is told, and delivers it in batches, one at a time, in order, at least once. */
export class Subscriber {
  readonly subscription: Subscription;
  readonly #clock: Clock;
  readonly #delivery: Delivery;
  #waiting: string[] = [];
  #bytes = 0;
  readonly #dropped = { records: 0, bytes: 0 };
  #cancelTimer: (() => void) | undefined;
  #sending: Promise<void> | undefined;
  #paused = false;
  #closed = false;

  constructor({ subscription, clock, delivery }: SubscriberParts) {
    this.subscription = subscription;
    this.#clock = clock;
    this.#delivery = delivery;
  }

  tell(event: string): void {
    const { maxItems, maxBytes, timeoutMs } = this.subscription;
    const bytes = Buffer.byteLength(event);
    if (this.#waiting.length >= maxItems * batchesWaitingMax || this.#bytes + bytes > maxBytes * batchesWaitingMax) {
      this.#dropped.records += 1;
      this.#dropped.bytes += bytes;
      return;
    }
    this.#waiting.push(event);
    this.#bytes += bytes;
    if (this.#waiting.length >= maxItems || this.#bytes >= maxBytes) void this.flush();
    else this.#cancelTimer ??= this.#clock.after(timeoutMs, () => void this.flush());
  }

  /** Everything that waits goes out; resolves when it has, or was given up. */
  flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#paused || this.#closed) return this.#sending ?? Promise.resolve();
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  /** The environment's clock stands still: nobody would answer. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    if (this.#waiting.length > 0) this.#cancelTimer ??= this.#clock.after(0, () => void this.flush());
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#delivery.close();
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#paused && !this.#closed) {
      const batch = this.#nextBatch();
      if (!(await this.#send(batch))) this.#drop(batch);
      else this.#confessDrops();
    }
  }

  #nextBatch(): string[] {
    const { maxItems, maxBytes } = this.subscription;
    let count = 0;
    let bytes = 0;
    for (const event of this.#waiting) {
      const size = Buffer.byteLength(event);
      if (count > 0 && (count >= maxItems || bytes + size > maxBytes)) break;
      count += 1;
      bytes += size;
    }
    this.#bytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #send(batch: readonly string[]): Promise<boolean> {
    for (let attempt = 1; attempt <= attemptsMax && !this.#closed; attempt += 1) {
      const sent = await this.#attempt(batch);
      if (sent) return true;
      if (attempt < attemptsMax) await this.#clock.sleep(retryWaitMs * attempt);
    }
    return false;
  }

  /** A pause in the middle of it does not count. */
  async #attempt(batch: readonly string[]): Promise<boolean> {
    const sending = this.#delivery.send(batch);
    for (;;) {
      const sent = await within(this.#clock, attemptMsMax, sending);
      if (sent !== undefined) return sent;
      if (this.#paused && !this.#closed) continue;
      // Its connection is let go with it.
      this.#delivery.close();
      return false;
    }
  }

  #drop(batch: readonly string[]): void {
    this.#dropped.records += batch.length;
    for (const event of batch) this.#dropped.bytes += Buffer.byteLength(event);
  }

  #confessDrops(): void {
    const { records: droppedRecords, bytes: droppedBytes } = this.#dropped;
    if (droppedRecords === 0) return;
    this.#dropped.records = 0;
    this.#dropped.bytes = 0;
    const reason = 'Consumer seems to have fallen behind as it has not acknowledged receipt of logs.';
    const record = { droppedBytes, droppedRecords, reason };
    this.tell(
      JSON.stringify({ time: new Date(this.#clock.now()).toISOString(), type: 'platform.logsDropped', record }),
    );
  }
}
