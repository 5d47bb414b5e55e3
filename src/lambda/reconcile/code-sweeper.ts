import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../observe/log.ts';
import type { CodeStore } from '../model/code-store.ts';
import type { FunctionStore } from '../model/function-store.ts';

export interface CodeSweeperParts {
  readonly code: Pick<CodeStore, 'sweep'>;
  readonly functions: Pick<FunctionStore, 'referencedCode'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** One deletion is seldom alone; and who has resolved a version that is going waits up to a minute for its environment. */
const soonMs = 2 * 60_000;
/** As long as packages are spared that were just used. */
const againMs = 15 * 60_000;

/** Removes packages that no function needs any more. */
export class CodeSweeper {
  readonly #parts: CodeSweeperParts;
  #cancel: (() => void) | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #sweeping: Promise<void> | undefined;
  #closed = false;

  constructor(parts: CodeSweeperParts) {
    this.#parts = parts;
  }

  /** Something may be needed no longer: looks soon. */
  kick(): void {
    this.#later(soonMs);
  }

  /** Now; one at a time. What is left because somebody still holds it is looked at again. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const { code, functions, log } = this.#parts;
    try {
      if ((await code.sweep(functions.referencedCode())) > 0) this.#later(againMs);
    } catch (error) {
      log.warn('Cannot remove packages that no function needs', { why: String(error) });
      this.#later(againMs);
    }
  }

  #later(ms: number): void {
    const { clock } = this.#parts;
    const dueAt = clock.monotonic() + ms;
    // The sooner counts: however often functions change, a sweep comes.
    if (this.#closed || dueAt >= this.#dueAt) return;
    this.#cancel?.();
    this.#dueAt = dueAt;
    this.#cancel = clock.after(ms, () => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      void this.sweep();
    });
  }
}
