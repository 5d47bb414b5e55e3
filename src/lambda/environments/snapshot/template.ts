import type { Clock } from '../../../base/clock.ts';
import { deferred } from '../../../base/deferred.ts';
import type { Random } from '../../../base/random.ts';
import type { FunctionVersion } from '../../model/function.ts';
import type { InstalledRuntime } from '../../runtimes/runtime.ts';
import { connectFramed } from '../connect.ts';
import type { Copy, Sandbox, SandboxKind } from '../sandbox/sandbox.ts';
import { StartedRuntime } from '../started-runtime.ts';
import type { Snapshot } from './snapshotter.ts';
import type { TemplateLink } from './template-link.ts';

/** The runtime answers at once, unless the machine is very busy. */
const forkWaitMsMax = 10_000;

export interface TemplateParts {
  readonly kind: SandboxKind;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: FunctionVersion;
  readonly runtime: InstalledRuntime;
  readonly sandbox: Sandbox;
  readonly link: TemplateLink;
  /** What its process needs for as long as it runs. */
  readonly kept: Disposable;
}

/**
 * A runtime that has loaded its function and takes no events: environments are copies of it. One is made after the other.
 * A namespace ends with the one that it was made in, so a template stays as long as any of its copies.
 */
export class Template implements Snapshot {
  readonly lost: Promise<void>;
  readonly #parts: TemplateParts;
  readonly #gone = deferred<void>();
  #users = 0;
  #awake = 0;
  #forking: Promise<unknown> = Promise.resolve();
  #discarded = false;
  #ending: Promise<void> | undefined;

  constructor(parts: TemplateParts) {
    this.#parts = parts;
    this.lost = parts.sandbox.exited.then(() => this.#end());
  }

  get users(): number {
    return this.#users;
  }

  async restore(): Promise<StartedRuntime> {
    if (this.#discarded) throw new Error('Cannot restore a snapshot: it was discarded');
    this.#users += 1;
    using _awake = this.#awaken();
    const sandbox = await this.#copy().catch((error: unknown) => {
      this.#left();
      throw error;
    });
    void sandbox.exited.then(() => this.#left());
    const started = new StartedRuntime(sandbox, this.#parts.runtime);
    await connectFramed(started, this.#parts.clock);
    return started;
  }

  /** Its clock stands but for the moments in which it is copied: what init left in it, a timer perhaps, does nothing. */
  #awaken(): Disposable {
    const { sandbox } = this.#parts;
    this.#awake += 1;
    sandbox.thaw();
    return {
      [Symbol.dispose]: () => {
        this.#awake -= 1;
        if (this.#awake === 0 && this.#ending === undefined) sandbox.freeze();
      },
    };
  }

  async discard(how?: 'now'): Promise<void> {
    this.#discarded = true;
    if (how === 'now' || this.#users === 0) await this.#end();
    else await this.#gone.promise;
  }

  async #copy(): Promise<Sandbox> {
    const { kind, random, sandbox: source, version, link } = this.#parts;
    const { memorySizeMb, ephemeralStorageMb } = version.configuration;
    const id = `s-${random.hex(8)}`;
    const tmpBytes = ephemeralStorageMb * 1024 * 1024;
    const copy = await kind.makeCopy(source, { id, tmpBytes, memoryBytes: memorySizeMb * 1024 * 1024, network: true });
    const forked = this.#forking.then(() => this.#fork(copy, id));
    this.#forking = forked.catch(() => {});
    let go = false;
    try {
      await forked.catch(async (error: unknown) => {
        await copy.abandon();
        throw error;
      });
      const opened = await copy.open();
      go = true;
      return opened;
    } finally {
      link.release(id, go);
    }
  }

  async #fork(copy: Copy, id: string): Promise<void> {
    const { sandbox: source, link } = this.#parts;
    link.fork({ ...copy.places, id, tmpBefore: source.paths.tmp });
    const said = await link.next(forkWaitMsMax).catch(() => undefined);
    if (said?.type === 'forked') return copy.moveIn(said.pid);
    // Whoever did not answer when it was asked may answer when it is asked something else.
    void this.#end();
    throw new Error(
      `Cannot restore a snapshot: its process ${said === undefined ? 'does not answer' : 'is no template'}`,
    );
  }

  #left(): void {
    this.#users -= 1;
    if (this.#discarded && this.#users === 0) void this.#end();
  }

  #end(): Promise<void> {
    this.#discarded = true;
    this.#ending ??= this.#kill();
    return this.#ending;
  }

  async #kill(): Promise<void> {
    const { link, sandbox, kept } = this.#parts;
    link.close();
    try {
      await sandbox.kill();
    } finally {
      kept[Symbol.dispose]();
      this.#gone.resolve();
    }
  }
}
