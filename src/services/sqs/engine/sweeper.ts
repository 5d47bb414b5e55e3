import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../observe/log.ts';
import type { SqliteMessages } from '../../../store/sqs/messages.ts';
import { numberOf } from '../attributes.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';
import type { Sending } from './sending.ts';

export interface SweeperParts {
  readonly queues: Queues;
  readonly messages: SqliteMessages;
  readonly sending: Sending;
  readonly clock: Clock;
  readonly log: Log;
}

const everyMs = 60_000;

/** Takes away what nobody asks for any more: expired messages, old identities, messages of deleted queues. */
export class Sweeper {
  readonly #parts: SweeperParts;
  #cancel: () => void = () => {};
  #sweeping: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#stopped) return;
    this.#sweeping = this.#sweep();
    this.#cancel = this.#parts.clock.after(everyMs, () => this.start());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { queues, sending, log } = this.#parts;
    try {
      await sending.forget();
      await queues.clearOrphans();
      for (const queue of [...queues.all()]) await this.#expire(queue);
    } catch (error) {
      log.warn('Cannot take expired messages away; it is tried again', { why: String(error) });
    }
  }

  async #expire(queue: Queue): Promise<void> {
    const { messages, clock } = this.#parts;
    while (!this.#stopped) {
      const now = clock.now();
      const found = messages.expired(queue.id, now - numberOf(queue.record, 'MessageRetentionPeriod') * 1000);
      // What is in flight goes when it would be received again.
      const waiting = found.filter(({ sequence }) => queue.inFlight(sequence, now) === undefined);
      if (waiting.length === 0) return;
      for (const { sequence, group } of waiting) queue.removeWaiting(sequence, group);
      try {
        await messages.change({ removed: waiting.map(({ sequence }) => sequence) });
      } catch (error) {
        for (const { sequence, group } of waiting) queue.put(sequence, now, group);
        throw error;
      }
    }
  }
}
