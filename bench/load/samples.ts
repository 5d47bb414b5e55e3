/** Latencies of one run: all of them are kept, so percentiles are exact. Runs last seconds; a histogram would save nothing. */
export class Samples {
  #values = new Float64Array(1 << 16);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = ms;
  }

  /** The smallest latency that at least the share `of` (0 to 1) of all answers kept to, for each of `shares`. */
  percentiles(shares: readonly number[]): number[] {
    const sorted = this.#values.subarray(0, this.#count).toSorted();
    return shares.map((of) => sorted[Math.max(0, Math.ceil(of * sorted.length) - 1)] ?? Number.NaN);
  }
}
