import type { Clock } from '../../../base/clock.ts';

const againMs = 50;

interface Waiter {
  wake(): void;
}

/** Long polls of one queue, in the order in which they came. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();
  /** Woken before, and for nothing: still the first. */
  readonly #again = new Set<Waiter>();
  readonly #clock: Clock;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get any(): boolean {
    return this.#waiting.size + this.#again.size > 0;
  }

  /**
   * Resolves when there may be something to receive, at the latest after `ms`, or when the caller is gone. `again`: it did
   * so before, and there was nothing.
   */
  wait(ms: number, signal: AbortSignal | undefined, again: boolean): Promise<void> {
    const waiting = again ? this.#again : this.#waiting;
    return new Promise((resolve) => {
      const end = () => {
        waiting.delete(waiter);
        cancel();
        signal?.removeEventListener('abort', end);
        resolve();
      };
      const waiter = { wake: end };
      const cancel = this.#clock.after(ms, end);
      waiting.add(waiter);
      if (signal?.aborted) end();
      else signal?.addEventListener('abort', end, { once: true });
    });
  }

  /** The first of them looks again; it wakes the next when it leaves something. */
  wakeOne(): void {
    const [first] = this.#again.size > 0 ? this.#again : this.#waiting;
    first?.wake();
  }

  wakeAll(): void {
    for (const waiter of [...this.#again, ...this.#waiting]) waiter.wake();
  }

  /** Somebody looks again at `at`, if nothing happens before. */
  wakeAt(at: number | undefined): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (at === undefined || !this.any) return;
    const ms = at - this.#clock.now();
    // In the past lies what nobody was told of, or what nobody may have, as with too many messages in flight.
    this.#cancel = this.#clock.after(ms > 0 ? ms : againMs, () => this.wakeOne());
  }
}
