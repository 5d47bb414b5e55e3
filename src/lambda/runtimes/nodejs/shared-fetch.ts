import type { InstallContext } from '../runtime.ts';

const fetchMsMax = 280_000;

export interface SharedFetchParts {
  fetch(context: InstallContext): Promise<string>;
  /** It has ended, or was given up: nobody else may wait for it. */
  over(): void;
}

/** One fetch that many wait for. Who gives up leaves the others waiting; when the last has left, it is stopped. */
export class SharedFetch {
  readonly #callers = new Set<InstallContext>();
  readonly #stop = new AbortController();
  readonly #parts: SharedFetchParts;
  readonly #result: Promise<string>;

  constructor(parts: SharedFetchParts) {
    this.#parts = parts;
    const late = AbortSignal.timeout(fetchMsMax);
    this.#result = parts.fetch({
      signal: AbortSignal.any([this.#stop.signal, late]),
      progress: (step) => {
        for (const { progress } of this.#callers) progress(step);
      },
    });
    // Whoever waits is told; perhaps nobody does any more.
    this.#result.catch(() => {}).then(() => parts.over());
  }

  async wait(caller: InstallContext): Promise<string> {
    const { signal } = caller;
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    this.#callers.add(caller);
    try {
      return await Promise.race([this.#result, givenUp]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.#callers.delete(caller);
      if (this.#callers.size === 0) this.#giveUp();
    }
  }

  #giveUp(): void {
    this.#parts.over();
    this.#stop.abort(new Error('nobody waits for it any more'));
  }
}
