import type { FunctionVersion } from '../model/function.ts';
import type { Environment } from './environment.ts';
import { Provision } from './provision.ts';

export type LeaseResult =
  | { readonly kind: 'leased'; readonly environment: Environment }
  /** Nothing became free in time, and the machine carries no more. */
  | { readonly kind: 'full' }
  | { readonly kind: 'lost'; readonly why: string };

export interface Waiter {
  readonly since: number;
  /** Nobody holds a line for it: whoever does comes first. */
  readonly background: boolean;
  readonly resolve: (result: LeaseResult) => void;
}

/** The environments of one function version, and who waits for one. */
export class Fleet {
  readonly version: FunctionVersion;
  readonly environments = new Set<Environment>();
  /** Free ones: the one used last comes first out, so that the rest can be reclaimed. */
  readonly #free: Environment[] = [];
  /** Those in the foreground first, each kind in the order of their coming. */
  readonly #waiters: Waiter[] = [];
  #foreground = 0;
  starting = 0;
  retired = false;
  readonly provision = new Provision();
  /** A moving mean; zero until the first invocation is over. */
  meanDurationMs = 0;
  /** Set while a decision about starting one more is put off. */
  reconsidering = false;

  constructor(version: FunctionVersion) {
    this.version = version;
  }

  get busy(): number {
    return this.environments.size - this.#free.length - this.starting;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /** Of those who wait, the ones whose callers wait too. */
  get foreground(): number {
    return this.#foreground;
  }

  get free(): readonly Environment[] {
    return this.#free;
  }

  takeFree(): Environment | undefined {
    return this.#free.pop();
  }

  /** One without a process is the last choice, one that was made ahead the first. */
  putFree(environment: Environment): void {
    const first = this.provision.alive === 0 ? -1 : this.#free.findIndex(({ parts }) => parts.provisioned);
    if (environment.state.name === 'cold') this.#free.unshift(environment);
    else if (environment.parts.provisioned || first < 0) this.#free.push(environment);
    else this.#free.splice(first, 0, environment);
  }

  removeFree(environment: Environment): boolean {
    const index = this.#free.indexOf(environment);
    if (index >= 0) this.#free.splice(index, 1);
    return index >= 0;
  }

  addWaiter(waiter: Waiter): void {
    const queued = waiter.background ? this.#waiters.length : this.#foreground;
    this.#waiters.splice(queued, 0, waiter);
    if (!waiter.background) this.#foreground += 1;
  }

  nextWaiter(): Waiter | undefined {
    if (this.#foreground > 0) this.#foreground -= 1;
    return this.#waiters.shift();
  }

  /** Removes and returns those who have waited since before `time`. */
  waitersBefore(time: number): Waiter[] {
    const late = this.#waiters.filter(({ since }) => since < time);
    for (const waiter of late) this.removeWaiter(waiter);
    return late;
  }

  /** Who is next. */
  get first(): Waiter | undefined {
    return this.#waiters[0];
  }

  removeWaiter(waiter: Waiter): boolean {
    const index = this.#waiters.indexOf(waiter);
    if (index < 0) return false;
    this.#waiters.splice(index, 1);
    if (!waiter.background) this.#foreground -= 1;
    return true;
  }

  finished(durationMs: number): void {
    this.meanDurationMs = this.meanDurationMs === 0 ? durationMs : this.meanDurationMs * 0.9 + durationMs * 0.1;
  }
}
