/** What is to be made ahead of a function version, and how that goes. */

/** The first wait after a start that failed; each next is twice as long. */
const retryMsMin = 5_000;
const retryMsMax = 300_000;
/** After so many in a row it stays failed, until it is asked for anew. */
const failuresMax = 10;

/** As AWS words a function that cannot be initialised. */
export const initFailure = 'FUNCTION_ERROR_INIT_FAILURE';

export class Provision {
  wanted = 0;
  /** Of the next try, while it is put off. */
  cancelRetry: () => void = () => {};
  /** There, whatever they do. */
  alive = 0;
  #failure: string | undefined;
  #failures = 0;
  #paused = false;

  want(wanted: number): void {
    this.wanted = wanted;
    this.#failure = undefined;
    this.#failures = 0;
    this.#paused = false;
    this.cancelRetry();
  }

  /** One more can be started now. */
  get lacks(): boolean {
    return this.alive < this.wanted && !this.#paused && this.#failures < failuresMax;
  }

  get surplus(): boolean {
    return this.alive > this.wanted;
  }

  /** Why there are not as many as wanted, as long as the last try failed. */
  get failure(): string | undefined {
    return this.#failure;
  }

  succeeded(): void {
    this.#failure = undefined;
    this.#failures = 0;
  }

  /** Milliseconds until `resume` may be called; undefined when somebody waits for that already. */
  failed(why: string): number | undefined {
    this.#failure = why;
    if (this.#paused) return undefined;
    this.#failures += 1;
    this.#paused = true;
    return Math.min(retryMsMax, retryMsMin * 2 ** (this.#failures - 1));
  }

  resume(): void {
    this.#paused = false;
  }
}
