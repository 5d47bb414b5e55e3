import type { Clock } from '../../../base/clock.ts';
import { deferred } from '../../../base/deferred.ts';
import type { Log } from '../../../observe/log.ts';
import { type FunctionVersion, functionArn } from '../../model/function.ts';
import { InitReport } from '../init-report.ts';
import type { StartedRuntime } from '../started-runtime.ts';
import type { Journal, Snapshot, Snapshotter, Taken } from './snapshotter.ts';

/** A first invocation runs undisturbed before its successor is prepared. */
const refillDelayMs = 30;
/** After one that could not be taken: environments initialise by themselves for so long. */
const retryDelayMs = 30_000;
/** Clients that a function made before the snapshot hold its keys: those are good for twice as long. */
const ageMsMax = 6 * 3_600_000;

export interface Room {
  /** Takes room in the machine's budget, evicting what is idle if `mayEvict`; false when there is none. */
  claim(memoryMb: number, mayEvict: boolean): boolean;
  yield(memoryMb: number): void;
}

export interface SnapshotsParts {
  readonly snapshotter: Snapshotter;
  readonly clock: Clock;
  readonly log: Log;
  readonly room: Room;
  versionLabel(version: FunctionVersion): string;
  journal(version: FunctionVersion): Journal;
}

/** What is left of a publication: `full` is nobody's fault, and to be tried again by whoever needs it. */
export type Outcome = Exclude<Taken, { kind: 'taken' }> | { readonly kind: 'taken' | 'full' };

interface Kept {
  readonly version: FunctionVersion;
  readonly taken: Promise<Outcome>;
  readonly takenAt: number;
  lastUsedAt: number;
  snapshot: Snapshot | undefined;
  /** Made ahead for the next environment. */
  ready: Promise<StartedRuntime | undefined> | undefined;
  gone: boolean;
}

/** The snapshots of published versions that are there, each with a restored runtime that waits. */
export class Snapshots {
  readonly #parts: SnapshotsParts;
  /** By version id. */
  readonly #kept = new Map<string, Kept>();
  readonly #failedAt = new Map<string, number>();
  readonly #ending = new Set<Promise<void>>();
  readonly #timers = new Set<() => void>();
  #closed = false;

  constructor(parts: SnapshotsParts) {
    this.#parts = parts;
  }

  /** Takes one, or says what became of it. It is there when this resolves with `taken`, and one runtime is restored. */
  take(version: FunctionVersion, mayEvict = true): Promise<Outcome> {
    const known = this.#kept.get(version.id);
    if (known !== undefined) return known.taken;
    if (this.#closed || !this.#parts.room.claim(version.configuration.memorySizeMb, mayEvict)) {
      return Promise.resolve({ kind: 'full' });
    }
    const { promise: taken, resolve, reject } = deferred<Outcome>();
    const now = this.#parts.clock.monotonic();
    const kept: Kept = {
      version,
      taken,
      takenAt: now,
      lastUsedAt: now,
      snapshot: undefined,
      ready: undefined,
      gone: false,
    };
    this.#kept.set(version.id, kept);
    taken.catch(() => {});
    this.#take(kept).then(resolve, reject);
    return taken;
  }

  /** A runtime that has initialised; undefined when one has to initialise by itself. */
  async restored(version: FunctionVersion): Promise<StartedRuntime | undefined> {
    if (version.optimization !== 'On' || this.#closed || this.#failedLately(version.id)) return undefined;
    this.#replaceOld(version.id);
    try {
      const outcome = await this.take(version);
      const kept = this.#kept.get(version.id);
      if (kept !== undefined && outcome.kind === 'taken') return await this.#restore(kept);
      if (outcome.kind !== 'full') this.#failed(version, outcome.kind);
    } catch (error) {
      this.#failed(version, error);
    }
    return undefined;
  }

  /** Whether an environment of this version starts from a snapshot that is there. */
  has({ id }: FunctionVersion): boolean {
    return this.#kept.get(id)?.snapshot !== undefined;
  }

  /** Nobody will need it any more. What was restored from it lives on. */
  discard(versionId: string): void {
    this.#failedAt.delete(versionId);
    const kept = this.#kept.get(versionId);
    if (kept !== undefined) this.#drop(kept);
  }

  /** Gives back the room of the one that was not used for longest, if one is not used. */
  evict(): boolean {
    const unused = [...this.#kept.values()].filter(({ snapshot, ready }) => {
      return snapshot !== undefined && snapshot.users === (ready === undefined ? 0 : 1);
    });
    const victim = unused.sort((one, other) => one.lastUsedAt - other.lastUsedAt)[0];
    if (victim === undefined) return false;
    this.#drop(victim);
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    for (const kept of [...this.#kept.values()]) this.#drop(kept, 'now');
    await Promise.all(this.#ending);
  }

  async #take(kept: Kept): Promise<Outcome> {
    const { version } = kept;
    try {
      const taken = await this.#initialised(version);
      if (taken.kind !== 'taken') {
        this.#drop(kept);
        return taken;
      }
      return await this.#keep(kept, taken.snapshot);
    } catch (error) {
      this.#drop(kept);
      throw error;
    }
  }

  /** The first is restored at once: where that does not work, it is no snapshot. */
  async #keep(kept: Kept, snapshot: Snapshot): Promise<Outcome> {
    kept.snapshot = snapshot;
    void snapshot.lost.then(() => this.#drop(kept));
    if (kept.gone) {
      this.#end(snapshot.discard());
      return { kind: 'full' };
    }
    try {
      const first = await snapshot.restore();
      kept.ready = this.#waiting(kept, Promise.resolve(first));
      return { kind: 'taken' };
    } catch (error) {
      this.#drop(kept);
      return { kind: 'unfit', why: error instanceof Error ? error.message : String(error) };
    }
  }

  async #initialised(version: FunctionVersion): Promise<Taken> {
    const { snapshotter, clock, journal, versionLabel } = this.#parts;
    const { log, stream } = journal(version);
    const report = new InitReport({ version, versionLabel: versionLabel(version), provisioned: false, log, clock });
    report.begin('init');
    report.announce('init');
    try {
      const taken = await snapshotter.take(version, { log, stream });
      if (taken.kind === 'failed') report.done({ status: 'error', errorType: taken.errorType });
      else report.done({ status: 'success' });
      return taken;
    } finally {
      log.flush();
    }
  }

  async #restore(kept: Kept): Promise<StartedRuntime | undefined> {
    kept.lastUsedAt = this.#parts.clock.monotonic();
    const ready = kept.ready;
    kept.ready = undefined;
    this.#later(refillDelayMs, () => this.#refill(kept));
    return (await ready) ?? (await kept.snapshot?.restore());
  }

  #refill(kept: Kept): void {
    if (kept.gone || kept.ready !== undefined || kept.snapshot === undefined) return;
    kept.ready = this.#waiting(kept, kept.snapshot.restore());
  }

  /** One that ends while it waits is not used; nor is one that could not be restored. */
  #waiting(kept: Kept, restored: Promise<StartedRuntime>): Promise<StartedRuntime | undefined> {
    const ready = restored.then(
      (started) => {
        void started.sandbox.exited.then(() => {
          if (kept.ready === ready) kept.ready = undefined;
        });
        return started;
      },
      (error: unknown) => {
        this.#parts.log.warn('Cannot restore a snapshot ahead', { function: arnOf(kept), why: String(error) });
        if (kept.ready === ready) kept.ready = undefined;
        return undefined;
      },
    );
    return ready;
  }

  #replaceOld(versionId: string): void {
    const kept = this.#kept.get(versionId);
    if (kept?.snapshot !== undefined && this.#parts.clock.monotonic() - kept.takenAt > ageMsMax) this.#drop(kept);
  }

  #failedLately(versionId: string): boolean {
    const at = this.#failedAt.get(versionId);
    if (at === undefined) return false;
    if (this.#parts.clock.monotonic() - at < retryDelayMs) return true;
    this.#failedAt.delete(versionId);
    return false;
  }

  #failed(version: FunctionVersion, why: unknown): void {
    this.#failedAt.set(version.id, this.#parts.clock.monotonic());
    const name = functionArn(version, version.version);
    this.#parts.log.warn('Cannot start from a snapshot', { function: name, why: String(why) });
  }

  #drop(kept: Kept, how?: 'now'): void {
    if (kept.gone) return;
    kept.gone = true;
    const { version, snapshot, ready } = kept;
    if (this.#kept.get(version.id) === kept) this.#kept.delete(version.id);
    this.#parts.room.yield(version.configuration.memorySizeMb);
    kept.ready = undefined;
    if (ready !== undefined) this.#end(ready.then((started) => started?.discard()));
    if (snapshot !== undefined) this.#end(snapshot.discard(how));
  }

  #end(ended: Promise<unknown>): void {
    const quiet = ended.then(
      () => {},
      (error: unknown) => this.#parts.log.error('Cannot discard a snapshot', { why: String(error) }),
    );
    this.#ending.add(quiet);
    void quiet.finally(() => this.#ending.delete(quiet));
  }

  #later(ms: number, action: () => void): void {
    const cancel = this.#parts.clock.after(ms, () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }
}

function arnOf({ version }: Kept): string {
  return functionArn(version, version.version);
}
