/** Events in the order of their times, wherever they come from; equal times by stream, then as they were written. */

export interface StoredEvent {
  readonly streamId: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly message: string;
  readonly ingested: number;
}

/** Where an event stands within its stream. */
export type Position = Pick<StoredEvent, 'timestamp' | 'sequence'>;

/** Where an event stands among all. */
export type Place = Position & Pick<StoredEvent, 'streamId'>;

export const foremost: Position = { timestamp: 0, sequence: 0 };
export const hindmost: Position = { timestamp: Number.MAX_SAFE_INTEGER, sequence: Number.MAX_SAFE_INTEGER };

export function comesBefore(a: Position, b: Position): boolean {
  return a.timestamp !== b.timestamp ? a.timestamp < b.timestamp : a.sequence < b.sequence;
}

function isBefore(a: Place, b: Place): boolean {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp;
  return a.streamId !== b.streamId ? a.streamId < b.streamId : a.sequence < b.sequence;
}

export type Direction = 'forward' | 'backward';

interface Head {
  event: StoredEvent;
  readonly rest: Iterator<StoredEvent>;
}

/**
 * The next event of each of many sequences that are in order, as a binary heap: a busy function has a stream for each of
 * its environments.
 */
export class Heads {
  readonly #heap: Head[] = [];
  readonly #direction: Direction;

  constructor(direction: Direction) {
    this.#direction = direction;
  }

  get next(): StoredEvent | undefined {
    return this.#heap[0]?.event;
  }

  add(rest: Iterator<StoredEvent>): void {
    const first = rest.next();
    if (first.done) return;
    this.#heap.push({ event: first.value, rest });
    for (let at = this.#heap.length - 1; at > 0; at = (at - 1) >> 1) this.#order((at - 1) >> 1, at);
  }

  /** The first of them all; the next one of its sequence takes its place. */
  take(): StoredEvent | undefined {
    const [head] = this.#heap;
    if (head === undefined) return undefined;
    const { event } = head;
    const next = head.rest.next();
    if (next.done) this.#remove();
    else head.event = next.value;
    this.#sink();
    return event;
  }

  #remove(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#heap[0] = last;
  }

  #sink(): void {
    for (let at = 0, child = 1; child < this.#heap.length; child = 2 * at + 1) {
      const sooner = this.#sooner(this.#heap[child + 1], this.#heap[child]) ? child + 1 : child;
      if (!this.#order(at, sooner)) return;
      at = sooner;
    }
  }

  /** Puts the sooner of two on top; whether that changed anything. */
  #order(parent: number, child: number): boolean {
    const [above, below] = [this.#heap[parent], this.#heap[child]];
    if (above === undefined || below === undefined || !this.#sooner(below, above)) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }

  #sooner(a: Head | undefined, b: Head | undefined): boolean {
    if (a === undefined || b === undefined) return false;
    return this.#direction === 'forward' ? isBefore(a.event, b.event) : isBefore(b.event, a.event);
  }
}
