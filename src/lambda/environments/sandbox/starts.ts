/** Starts under way, so that closing waits for them: what starts while a kind is closing would be left behind. */
export class Starts {
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  async run<T>(id: string, start: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error(`Cannot start environment "${id}": the server is stopping`);
    const starting = start();
    this.#underWay.add(starting);
    try {
      return await starting;
    } finally {
      this.#underWay.delete(starting);
    }
  }

  /** No more from now on; resolves when those under way have come to an end, good or bad. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }
}
