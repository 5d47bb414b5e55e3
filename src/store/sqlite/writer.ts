import { Worker } from 'node:worker_threads';
import { type Deferred, deferred } from '../../base/deferred.ts';
import { invariant } from '../../base/invariant.ts';
import type { Unit, UnitResult, UnitWriter, WriteAnswer, WriteRequest } from './unit.ts';

/** A write was not done: the disk is full, or a constraint of the database does not hold. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
}

const waitingUnitsMax = 100_000;

/** The server's side of the writer thread. Units are done in the order in which they are given. */
export class Writer implements UnitWriter {
  readonly #path: string;
  readonly #exited = deferred<void>();
  /** Started with the first write: a thread takes 20 MB, and a server that only listens writes nothing. */
  #worker: Worker | undefined;
  #unsent: Unit[] = [];
  /** In the order of their units, sent or not. */
  #waiting: Deferred<boolean>[] = [];
  #gone: WriteError | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves once the unit is on the disk; `false` when a condition of it did not hold and nothing was changed. */
  write(unit: Unit): Promise<boolean> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    if (this.#waiting.length >= waitingUnitsMax) {
      return Promise.reject(new WriteError(`Cannot write to the store: ${waitingUnitsMax} writes wait already`));
    }
    if (this.#unsent.length === 0) queueMicrotask(() => this.#send());
    this.#unsent.push(unit);
    const waiting = deferred<boolean>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** Does what was asked for before, then ends the thread. */
  async close(): Promise<void> {
    this.#send();
    if (this.#worker === undefined) return this.#end(closed());
    if (this.#gone === undefined) this.#worker.postMessage('close');
    await this.#exited.promise;
  }

  /** What one turn asked for goes in one message. */
  #send(): void {
    const units = this.#unsent;
    this.#unsent = [];
    if (units.length === 0 || this.#gone !== undefined) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ units } satisfies WriteRequest);
  }

  #start(): Worker {
    const worker = new Worker(threadFile(), { workerData: { path: this.#path }, name: 'store-writer' });
    worker.on('message', ({ results }: WriteAnswer) => this.#answer(results));
    worker.on('error', (error) => this.#end(new WriteError(`The store's writer failed: ${String(error)}`)));
    worker.on('exit', () => {
      this.#end(closed());
      this.#exited.resolve();
    });
    return worker;
  }

  #answer(results: readonly UnitResult[]): void {
    const answered = this.#waiting.splice(0, results.length);
    for (const [index, result] of results.entries()) {
      const waiting = answered[index];
      invariant(waiting !== undefined, 'every result of the writer has somebody waiting for it');
      if (result.kind === 'failed') waiting.reject(new WriteError(`Cannot write to the store: ${result.message}`));
      else waiting.resolve(result.kind === 'done');
    }
  }

  #end(why: WriteError): void {
    this.#gone ??= why;
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#gone);
  }
}

function closed(): WriteError {
  return new WriteError('Cannot write to the store: it is closed');
}

/** Beside this file: as it is written in development, and as the build makes it (tools/build.ts). */
function threadFile(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './writer-thread.ts' : './writer-thread.js', import.meta.url);
}
