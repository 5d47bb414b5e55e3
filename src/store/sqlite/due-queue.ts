/**
 * What is due when: a binary heap in two arrays of numbers, sixteen bytes an event, so that a backlog of millions stays
 * affordable while the events themselves are on the disk. Of those due at the same time the lower sequence comes first.
 *
 *          0 soonest
 *        /   \
 *       1     2      children of n: 2n + 1, 2n + 2
 */
export class DueQueue {
  readonly #due: number[] = [];
  readonly #sequences: number[] = [];

  get soonest(): number | undefined {
    return this.#due[0];
  }

  get size(): number {
    return this.#due.length;
  }

  add(due: number, sequence: number): void {
    let at = this.#due.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isAfter(parent, due, sequence)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, due, sequence);
  }

  /** Takes the soonest out; its sequence. */
  take(): number | undefined {
    const taken = this.#sequences[0];
    const due = this.#due.pop();
    const sequence = this.#sequences.pop();
    if (due !== undefined && sequence !== undefined && this.#due.length > 0) this.#sink(due, sequence);
    return taken;
  }

  #sink(due: number, sequence: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#due.length) break;
      if (child + 1 < this.#due.length && this.#isAfter(child, this.#at(child + 1), this.#sequenceAt(child + 1)))
        child += 1;
      if (this.#isAfter(child, due, sequence)) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, due, sequence);
  }

  /** Whether what is at this place comes after that. */
  #isAfter(index: number, due: number, sequence: number): boolean {
    const there = this.#at(index);
    return there === due ? this.#sequenceAt(index) > sequence : there > due;
  }

  #at(index: number): number {
    return this.#due[index] ?? Number.POSITIVE_INFINITY;
  }

  #sequenceAt(index: number): number {
    return this.#sequences[index] ?? 0;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#at(from), this.#sequenceAt(from));
  }

  #put(at: number, due: number, sequence: number): void {
    this.#due[at] = due;
    this.#sequences[at] = sequence;
  }
}
