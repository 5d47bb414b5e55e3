import type { Readable } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { InstalledRuntime } from '../runtimes/runtime.ts';
import type { Extensions, ExtensionsEvent, ShutdownReason } from './extensions-api/extensions.ts';
import { shutDown } from './extensions-api/shut-down.ts';
import type { RuntimeEvent, RuntimeLink, RuntimeListener } from './link.ts';
import { exitStatus } from './log-lines.ts';
import type { ExitReason, Sandbox } from './sandbox/sandbox.ts';
import type { Telemetry } from './telemetry-api/telemetry.ts';

/** Who is told what a started runtime does; changes hands when a waiting runtime gets its function. */
export interface RuntimeOwner {
  /** It initialises from here on, or is told its function after a snapshot. */
  begins(how: 'init' | 'restore'): void;
  event(event: RuntimeEvent): void;
  output(chunk: Buffer): void;
  /** Of this start. */
  readonly telemetry: Telemetry;
  extensions(event: ExtensionsEvent): void;
  extensionOutput(name: string, chunk: Buffer): void;
  exited(reason: ExitReason): void;
}

/** A runtime process in its sandbox, with the wire to it. Holds both open until `discard`. */
export class StartedRuntime {
  readonly sandbox: Sandbox;
  readonly runtime: InstalledRuntime;
  #link: RuntimeLink | undefined;
  #owner: RuntimeOwner | undefined;
  /** Kept to the very end, for the log. */
  #speaksFor: RuntimeOwner | undefined;
  #discarded: Promise<void> | undefined;
  #extensions: { readonly extensions: Extensions; readonly clock: Clock } | undefined;
  #channelOpen = false;
  /** Known, and not told yet. */
  #exit: ExitReason | undefined;
  readonly #kept = new DisposableStack();
  readonly #hello = deferred<void>();

  constructor(sandbox: Sandbox, runtime: InstalledRuntime) {
    this.sandbox = sandbox;
    this.runtime = runtime;
    this.#hello.promise.catch(() => {});
    listen(sandbox.output, (chunk) => this.#speaksFor?.output(chunk));
    for (const { name, output } of sandbox.companions?.all ?? []) {
      listen(output, (chunk) => this.#speaksFor?.extensionOutput(name, chunk));
    }
    void sandbox.exited.then((reason) => this.#exited(reason));
    void sandbox.companions?.commandExited.then((reason) => this.#exited(reason));
  }

  extensionsEvent(event: ExtensionsEvent): void {
    this.#owner?.extensions(event);
  }

  /** The listener to make the link with, and then the link. */
  readonly listener: RuntimeListener = (event) => {
    if (event.type === 'hello') return this.#hello.resolve();
    const owner = event.type === 'log' ? this.#speaksFor : this.#owner;
    owner?.event(event);
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
    this.#speaksFor = owner;
  }

  /** Who else runs in the sandbox. */
  accompany(extensions: Extensions, clock: Clock): void {
    this.#extensions = { extensions, clock };
    for (const { name, exited } of this.sandbox.companions?.all ?? []) {
      void exited.then((reason) => extensions.exited(name, { ...reason, text: exitStatus(reason) }));
    }
  }

  get extensions(): Extensions | undefined {
    return this.#extensions?.extensions;
  }

  get discarded(): boolean {
    return this.#discarded !== undefined;
  }

  /** What it needs for as long as its processes run. */
  keep(needed: Disposable): void {
    this.#kept.use(needed);
  }

  get link(): RuntimeLink {
    if (this.#link === undefined) throw new Error('Cannot talk to a runtime: it has not connected');
    return this.#link;
  }

  /**
   * Ends it; what it does from now on concerns nobody, though what it says is still logged. Without extensions that takes
   * no time, with them up to two seconds. Idempotent.
   */
  discard(reason: ShutdownReason = 'failure'): Promise<void> {
    this.#discarded ??= this.#discard(reason);
    return this.#discarded;
  }

  async #discard(reason: ShutdownReason): Promise<void> {
    this.#owner = undefined;
    const others = this.#extensions;
    if (others !== undefined && others.extensions.count > 0) {
      await shutDown({ ...others, sandbox: this.sandbox, reason });
    }
    this.#link?.close();
    others?.extensions.close();
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
    this.#owner?.exited(reason);
    this.#hello.reject(new Error(`The runtime ended before it was ready: ${JSON.stringify(reason)}`));
  }
}

function listen(output: Readable, receive: (chunk: Buffer) => void): void {
  output.on('data', receive);
  // A broken pipe of a sandbox that was killed is nothing to act upon.
  output.on('error', () => {});
}
