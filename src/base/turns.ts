/** What must not overlap: one action at a time for each key, in the order of asking. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(key: string, action: () => Promise<T>): Promise<T> {
    const mine = afterwards(this.#last.get(key), action);
    this.#last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    }
  }
}

/** How the one before ended is its own affair. */
async function afterwards<T>(before: Promise<unknown> | undefined, action: () => Promise<T>): Promise<T> {
  await before?.catch(() => {});
  return action();
}
