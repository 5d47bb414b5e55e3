import type { Log } from '../../../../observe/log.ts';
import type { Cell } from './cell.ts';

interface PoolOptions {
  /** How many cells wait; as soon as one is taken, another is made. */
  readonly ready: number;
  readonly log: Log;
  make(outward: boolean): Promise<Cell>;
  discard(cell: Cell): Promise<void>;
}

/** Cells made ahead, for each network class that was ever asked for. */
export class CellPool {
  readonly #options: PoolOptions;
  readonly #waiting = new Map<boolean, Promise<Cell | undefined>[]>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async take(outward: boolean): Promise<Cell> {
    const waiting = this.#waiting.get(outward) ?? [];
    const next = waiting.shift();
    const cell = await next;
    this.#fill(outward);
    // A cell whose shell ended while it waited (the launcher died, somebody killed it) is no use.
    if (cell?.alive) return cell;
    if (cell) await this.#options.discard(cell);
    return this.#options.make(outward);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const cells = await Promise.all([...this.#waiting.values()].flat());
    this.#waiting.clear();
    await Promise.all(cells.map((cell) => cell && this.#options.discard(cell)));
  }

  #fill(outward: boolean): void {
    if (this.#closed) return;
    const waiting = this.#waiting.get(outward) ?? [];
    this.#waiting.set(outward, waiting);
    while (waiting.length < this.#options.ready) waiting.push(this.#makeQuietly(outward));
  }

  /** A failure here is only a cell less: whoever needs one makes it, and hears what is wrong. */
  async #makeQuietly(outward: boolean): Promise<Cell | undefined> {
    try {
      return await this.#options.make(outward);
    } catch (error) {
      this.#options.log.warn('Cannot prepare an environment ahead', { why: String(error) });
      return undefined;
    }
  }
}
