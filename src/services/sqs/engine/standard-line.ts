import { DueQueue } from '../../../store/sqlite/due-queue.ts';
import type { Line, Taken } from './line.ts';

/**
 * A standard queue: whoever became visible first is received first. Sixteen bytes a message, so that a backlog of
 * millions stays affordable.
 */
export class StandardLine implements Line {
  readonly #hidden = new DueQueue();
  readonly #visible = new DueQueue();
  /** Taken out of the middle of a heap; passed over when they come up. */
  readonly #removed = new Set<number>();

  put(sequence: number, visibleAt: number): void {
    // Its place was never left: a removal that could not be written.
    if (!this.#removed.delete(sequence)) this.#hidden.add(visibleAt, sequence);
  }

  take(limit: number, now: number): Taken[] {
    this.#ripen(now);
    const taken: Taken[] = [];
    while (taken.length < limit) {
      const sequence = this.#visible.take();
      if (sequence === undefined) break;
      if (!this.#removed.delete(sequence)) taken.push({ sequence });
    }
    return taken;
  }

  flies(): void {}

  settled(): void {}

  remove(sequence: number): void {
    this.#removed.add(sequence);
  }

  nextAt(): number | undefined {
    // Whoever was told too early of something that is there is told again.
    return this.#visible.size > 0 ? 0 : this.#hidden.soonest;
  }

  counts(now: number): { visible: number; delayed: number } {
    this.#ripen(now);
    return { visible: Math.max(0, this.#visible.size - this.#removed.size), delayed: this.#hidden.size };
  }

  #ripen(now: number): void {
    for (let due = this.#hidden.soonest; due !== undefined && due <= now; due = this.#hidden.soonest) {
      const sequence = this.#hidden.take();
      if (sequence !== undefined) this.#visible.add(due, sequence);
    }
  }
}
