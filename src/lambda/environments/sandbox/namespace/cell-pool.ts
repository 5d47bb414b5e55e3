import type { Log } from '../../../../observe/log.ts';
import type { Cell } from './cell.ts';

/** What a cell must be made for, as it cannot be changed afterwards. */
export interface CellClass {
  /** Whether it has a way out of this machine. */
  readonly outward: boolean;
  readonly tmpBytes: number;
}

interface PoolOptions {
  /** How many cells of a class wait; as soon as one is taken, another is made. */
  readonly ready: number;
  readonly log: Log;
  make(wanted: CellClass): Promise<Cell>;
  discard(cell: Cell): Promise<void>;
}

/** Functions with a `/tmp` of their own size are few; cells for sizes not asked for lately are given up. */
const classesMax = 4;

type Waiting = Promise<Cell | undefined>[];

/** Cells made ahead, for the classes that were asked for last. */
export class CellPool {
  readonly #options: PoolOptions;
  /** The class used last is the last. */
  readonly #classes = new Map<string, Waiting>();
  readonly #discarding = new Set<Promise<void>>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  async take(wanted: CellClass): Promise<Cell> {
    const waiting = this.#waiting(wanted);
    const next = waiting.shift();
    this.#fill(wanted, waiting);
    const cell = await next;
    // A cell whose shell ended while it waited (the launcher died, somebody killed it) is no use.
    if (cell?.alive) return cell;
    if (cell) this.#discard(Promise.resolve(cell));
    return this.#options.make(wanted);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cell of [...this.#classes.values()].flat()) this.#discard(cell);
    this.#classes.clear();
    await Promise.all(this.#discarding);
  }

  #waiting(wanted: CellClass): Waiting {
    const key = `${wanted.outward} ${wanted.tmpBytes}`;
    const waiting = this.#classes.get(key) ?? [];
    this.#classes.delete(key);
    this.#classes.set(key, waiting);
    const [oldest] = this.#classes;
    if (oldest && this.#classes.size > classesMax) {
      this.#classes.delete(oldest[0]);
      for (const cell of oldest[1]) this.#discard(cell);
    }
    return waiting;
  }

  #fill(wanted: CellClass, waiting: Waiting): void {
    while (!this.#closed && waiting.length < this.#options.ready) waiting.push(this.#makeQuietly(wanted));
  }

  #discard(cell: Promise<Cell | undefined>): void {
    const done = cell
      .then((made) => made && this.#options.discard(made))
      .catch((error) => this.#options.log.error('Cannot discard a prepared environment', { why: String(error) }));
    this.#discarding.add(done);
    done.finally(() => this.#discarding.delete(done));
  }

  /** A failure here is only a cell less: whoever needs one makes it, and hears what is wrong. */
  async #makeQuietly(wanted: CellClass): Promise<Cell | undefined> {
    try {
      return await this.#options.make(wanted);
    } catch (error) {
      this.#options.log.warn('Cannot prepare an environment ahead', { why: String(error) });
      return undefined;
    }
  }
}
