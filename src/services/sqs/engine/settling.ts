/** What receivers do with messages that they hold: delete them, or hide them for longer or shorter. */
import type { AwsError } from '../../../aws/errors.ts';
import type { Clock } from '../../../base/clock.ts';
import type { SqliteMessages } from '../../../store/sqs/messages.ts';
import { expiredReceipt, invalid, invalidReceipt, notInFlight } from '../errors.ts';
import type { Receipt, Receipts } from '../receipt.ts';
import type { InFlight } from './flight.ts';
import type { Queue } from './queue.ts';

export interface SettlingParts {
  readonly messages: SqliteMessages;
  readonly receipts: Receipts;
  readonly clock: Clock;
}

export interface VisibilityChange {
  readonly handle: string;
  readonly visibilityMs: number;
}

const visibilityMsMax = 43_200_000;

/** An entry's own error, or nothing when it was done. */
type Outcome = AwsError | undefined;

export class Settling {
  readonly #parts: SettlingParts;

  constructor(parts: SettlingParts) {
    this.#parts = parts;
  }

  /** One outcome a handle. */
  async delete(queue: Queue, handles: readonly string[]): Promise<Outcome[]> {
    const leaving: Leaving[] = [];
    const outcomes = handles.map((handle) => this.#leave(queue, handle, leaving));
    if (leaving.length === 0) return outcomes;
    try {
      await this.#parts.messages.change({ removed: leaving.map(({ sequence }) => sequence) });
    } catch (error) {
      const now = this.#parts.clock.now();
      for (const { sequence, group, message } of leaving) {
        if (message === undefined) queue.put(sequence, now, group);
        else queue.hideUntil(message, now);
      }
      throw error;
    }
    for (const { sequence } of leaving) queue.settled(sequence);
    return outcomes;
  }

  async changeVisibility(queue: Queue, changes: readonly VisibilityChange[]): Promise<Outcome[]> {
    const extended: { sequence: number; visibleAt: number }[] = [];
    const outcomes = changes.map((change) => this.#extend(queue, change, extended));
    if (extended.length > 0) await this.#parts.messages.change({ extended });
    return outcomes;
  }

  /** Decides about one handle; what has to go is added to `leaving`. */
  #leave(queue: Queue, handle: string, leaving: Leaving[]): Outcome {
    const receipt = this.#receipt(queue, handle);
    if (receipt === undefined) return invalidReceipt(handle);
    const { sequence, receives } = receipt;
    const message = queue.inFlight(sequence, this.#parts.clock.now());
    if (message === undefined) return this.#leaveWaiting(queue, handle, receipt, leaving);
    if (message.receives === receives) {
      queue.hold(message);
      leaving.push({ sequence, message });
      return undefined;
    }
    // Somebody else has received it since; a standard queue says yes and leaves it to them.
    return queue.fifo ? expiredReceipt(handle) : undefined;
  }

  /** The time is over: a standard queue still deletes what nobody else has received since. */
  #leaveWaiting(queue: Queue, handle: string, { sequence, receives }: Receipt, leaving: Leaving[]): Outcome {
    const kept = this.#parts.messages.read(sequence);
    if (kept === undefined || kept.queue !== queue.id) return undefined;
    if (queue.fifo) return expiredReceipt(handle);
    if (kept.received?.receives !== receives) return undefined;
    queue.removeWaiting(sequence, kept.group);
    leaving.push({ sequence, group: kept.group });
    return undefined;
  }

  #extend(queue: Queue, change: VisibilityChange, extended: { sequence: number; visibleAt: number }[]): Outcome {
    const { handle, visibilityMs } = change;
    const receipt = this.#receipt(queue, handle);
    if (receipt === undefined) return invalidReceipt(handle);
    const now = this.#parts.clock.now();
    const message = queue.inFlight(receipt.sequence, now);
    if (message === undefined || message.receives !== receipt.receives) return notInFlight(handle);
    const visibleAt = now + visibilityMs;
    if (visibleAt - message.receivedAt > visibilityMsMax) {
      const reason = 'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]';
      return invalid('VisibilityTimeout', visibilityMs / 1000, reason);
    }
    extended.push({ sequence: receipt.sequence, visibleAt });
    queue.hideUntil(message, visibleAt);
    return undefined;
  }

  #receipt(queue: Queue, handle: string): Receipt | undefined {
    const receipt = this.#parts.receipts.open(handle);
    return receipt?.queue === queue.id ? receipt : undefined;
  }
}

interface Leaving {
  readonly sequence: number;
  readonly group?: string;
  /** In flight until now. */
  readonly message?: InFlight;
}
