/** Removes, now and then, events that are older than their group keeps them. */
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../observe/log.ts';
import type { LogStore } from '../../store/logs/log-store.ts';

const everyMs = 15 * 60_000;

export class Retention {
  readonly #parts: { readonly logs: LogStore; readonly clock: Clock; readonly log: Log };
  #cancel: () => void = () => {};
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: { logs: LogStore; clock: Clock; log: Log }) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#stopped) return;
    this.#running = this.#expire();
    this.#cancel = this.#parts.clock.after(everyMs, () => this.start());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#running;
  }

  async #expire(): Promise<void> {
    const { logs, clock, log } = this.#parts;
    try {
      await logs.expire(clock.now());
    } catch (error) {
      log.error('Cannot remove expired log events', { why: String(error) });
    }
  }
}
