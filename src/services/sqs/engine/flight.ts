import { DueQueue } from '../../../store/sqlite/due-queue.ts';

/** A message that was received and is hidden from others. */
export interface InFlight {
  readonly sequence: number;
  readonly group?: string;
  /** How often it was received, this time included: tells an old receipt handle from the latest. */
  readonly receives: number;
  readonly receivedAt: number;
  /** Infinite while the receive is being written. */
  readonly visibleAt: number;
}

/** The messages of a queue that are in flight, and when each is visible again. */
export class Flight {
  readonly #messages = new Map<number, InFlight>();
  /** May hold old times of a message; the map says which one counts. */
  readonly #due = new DueQueue();

  get size(): number {
    return this.#messages.size;
  }

  set(message: InFlight): void {
    this.#messages.set(message.sequence, message);
    if (message.visibleAt < Number.POSITIVE_INFINITY) this.#due.add(message.visibleAt, message.sequence);
  }

  get(sequence: number): InFlight | undefined {
    return this.#messages.get(sequence);
  }

  delete(sequence: number): void {
    this.#messages.delete(sequence);
    // What is deleted in time leaves its time behind; a heap of such would grow with every message for up to 12 hours.
    if (this.#due.size > 2 * this.#messages.size + 1024) this.#rebuild();
  }

  /** Takes out what is visible again. */
  landed(now: number): InFlight[] {
    const landed: InFlight[] = [];
    for (let due = this.#due.soonest; due !== undefined && due <= now; due = this.#due.soonest) {
      const message = this.#messages.get(this.#due.take() ?? 0);
      if (message === undefined || message.visibleAt !== due) continue;
      this.#messages.delete(message.sequence);
      landed.push(message);
    }
    return landed;
  }

  nextAt(): number | undefined {
    return this.#due.soonest;
  }

  #rebuild(): void {
    while (this.#due.size > 0) this.#due.take();
    for (const { sequence, visibleAt } of this.#messages.values()) {
      if (visibleAt < Number.POSITIVE_INFINITY) this.#due.add(visibleAt, sequence);
    }
  }
}
