import type { Readable } from 'node:stream';
import { deferred } from '../../base/deferred.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import type { RuntimeEvent, RuntimeLink, RuntimeListener } from './link.ts';
import type { ExitReason, Sandbox } from './sandbox/sandbox.ts';

/** Who is told what a started runtime does; changes hands when a waiting runtime gets its function. */
export interface RuntimeOwner {
  event(event: RuntimeEvent): void;
  output(chunk: Buffer): void;
  exited(reason: ExitReason): void;
}

/** A runtime process in its sandbox, with the wire to it. Holds both open until `discard`. */
export class StartedRuntime {
  readonly sandbox: Sandbox;
  readonly runtime: InstalledRuntime;
  #link: RuntimeLink | undefined;
  #owner: RuntimeOwner | undefined;
  #discarded = false;
  #channelOpen = false;
  /** Known, and not told yet. */
  #exit: ExitReason | undefined;
  readonly #kept = new DisposableStack();
  readonly #hello = deferred<void>();

  constructor(sandbox: Sandbox, runtime: InstalledRuntime) {
    this.sandbox = sandbox;
    this.runtime = runtime;
    this.#hello.promise.catch(() => {});
    listen(sandbox.output, (chunk) => this.#owner?.output(chunk));
    void sandbox.exited.then((reason) => this.#exited(reason));
  }

  /** The listener to make the link with, and then the link. */
  readonly listener: RuntimeListener = (event) => {
    if (event.type === 'hello') return this.#hello.resolve();
    this.#owner?.event(event);
    if (event.type !== 'closed') return;
    this.#channelOpen = false;
    if (this.#exit !== undefined) this.#ended(this.#exit);
  };

  attach(link: RuntimeLink): void {
    this.#link = link;
    this.#channelOpen = this.runtime.wire === 'framed';
  }

  /** Resolves when the runtime is there and waits for its function; rejects when it ends first. */
  hello(): Promise<void> {
    return this.#hello.promise;
  }

  own(owner: RuntimeOwner): void {
    this.#owner = owner;
  }

  /** What it needs for as long as its processes run. */
  keep(needed: Disposable): void {
    this.#kept.use(needed);
  }

  get link(): RuntimeLink {
    if (this.#link === undefined) throw new Error('Cannot talk to a runtime: it has not connected');
    return this.#link;
  }

  /** Ends it; what it does from now on concerns nobody. Idempotent. */
  async discard(): Promise<void> {
    this.#discarded = true;
    this.#owner = undefined;
    this.#link?.close();
    try {
      await this.sandbox.kill();
    } finally {
      this.#kept.dispose();
    }
  }

  /**
   * That the processes are gone comes another way than what they said last, and may come first: the error that made a
   * runtime exit counts, and not the exit. So it waits for the end of the channel.
   */
  #exited(reason: ExitReason): void {
    if (this.#channelOpen) this.#exit = reason;
    else this.#ended(reason);
  }

  #ended(reason: ExitReason): void {
    if (!this.#discarded) this.#owner?.exited(reason);
    this.#hello.reject(new Error(`The runtime ended before it was ready: ${JSON.stringify(reason)}`));
  }
}

function listen(output: Readable, receive: (chunk: Buffer) => void): void {
  output.on('data', receive);
  // A broken pipe of a sandbox that was killed is nothing to act upon.
  output.on('error', () => {});
}
