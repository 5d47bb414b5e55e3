import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import { connectFramed } from './connect.ts';
import type { SandboxKind } from './sandbox/sandbox.ts';
import { StartedRuntime } from './started-runtime.ts';
import { baseVariables } from './variables.ts';

/** The size of /tmp that waiting environments have; functions with another size start cold. */
export const warmTmpMb = 512;

/** A first invocation runs undisturbed before its successor is prepared. */
const refillDelayMs = 30;
/** After a start that failed: wait, then try again, this often. */
const retryDelayMs = 2_000;
const failuresMax = 5;

interface Shelf {
  readonly runtime: InstalledRuntime;
  readonly waiting: StartedRuntime[];
  starting: number;
  failures: number;
}

export interface WarmPoolParts {
  readonly kind: SandboxKind;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** How many wait for each runtime in use. */
  readonly perRuntime: number;
}

/** Runtimes that wait, isolated and running, for a function they do not know yet. */
export class WarmPool {
  readonly #parts: WarmPoolParts;
  readonly #shelves = new Map<string, Shelf>();
  readonly #timers = new Set<() => void>();
  #closed = false;

  constructor(parts: WarmPoolParts) {
    this.#parts = parts;
  }

  /** From now on some of this runtime are kept waiting. Idempotent. */
  keep(runtime: InstalledRuntime): void {
    if (this.#closed || !runtime.generic || this.#shelves.has(runtime.id)) return;
    const shelf: Shelf = { runtime, waiting: [], starting: 0, failures: 0 };
    this.#shelves.set(runtime.id, shelf);
    this.#refill(shelf);
  }

  /** A waiting runtime, which is the caller's from now on, or undefined. */
  take(runtimeId: string): StartedRuntime | undefined {
    const shelf = this.#shelves.get(runtimeId);
    const taken = shelf?.waiting.shift();
    if (shelf === undefined) return undefined;
    shelf.failures = 0;
    this.#later(refillDelayMs, () => this.#refill(shelf));
    return taken;
  }

  waiting(runtimeId: string): number {
    return this.#shelves.get(runtimeId)?.waiting.length ?? 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    const all = [...this.#shelves.values()].flatMap((shelf) => shelf.waiting.splice(0));
    await Promise.all(all.map((started) => started.discard()));
  }

  /** One at a time for each runtime: starting is work that invocations should not feel. */
  #refill(shelf: Shelf): void {
    const wanted = this.#parts.perRuntime - shelf.waiting.length;
    if (this.#closed || shelf.starting > 0 || wanted <= 0 || shelf.failures >= failuresMax) return;
    shelf.starting += 1;
    void this.#start(shelf).then(
      () => this.#refillAfterSuccess(shelf),
      (error: unknown) => this.#failed(shelf, error),
    );
  }

  #refillAfterSuccess(shelf: Shelf): void {
    shelf.starting -= 1;
    shelf.failures = 0;
    this.#refill(shelf);
  }

  #failed(shelf: Shelf, error: unknown): void {
    shelf.starting -= 1;
    shelf.failures += 1;
    const why = error instanceof Error ? error.message : String(error);
    if (!this.#closed) this.#parts.log.warn('cannot keep a runtime waiting', { runtime: shelf.runtime.id, why });
    this.#later(retryDelayMs, () => this.#refill(shelf));
  }

  async #start(shelf: Shelf): Promise<void> {
    const { runtime } = shelf;
    const sandbox = await this.#parts.kind.start({
      id: `w-${this.#parts.random.hex(8)}`,
      mounts: runtime.mounts,
      command: runtime.command,
      environment: baseVariables(runtime),
      tmpBytes: warmTmpMb * 1024 * 1024,
      network: true,
    });
    const started = new StartedRuntime(sandbox, runtime);
    await connectFramed(started, this.#parts.clock);
    if (this.#closed) return started.discard();
    shelf.waiting.push(started);
    void sandbox.exited.then(() => this.#lost(shelf, started));
  }

  /** One that ended while it waited is replaced. */
  #lost(shelf: Shelf, started: StartedRuntime): void {
    const index = shelf.waiting.indexOf(started);
    if (index < 0) return;
    shelf.waiting.splice(index, 1);
    shelf.failures += 1;
    this.#later(retryDelayMs, () => this.#refill(shelf));
  }

  #later(ms: number, action: () => void): void {
    if (this.#closed) return;
    const cancel = this.#parts.clock.after(ms, () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }
}
