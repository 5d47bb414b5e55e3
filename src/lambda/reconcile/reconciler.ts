/**
 * Makes so what the control plane wrote: takes every record whose `latest` is not ready, gets its code unpacked and its
 * runtime installed, and writes the outcome. A start, a new record and a retry take this one path.
 */
import type { Clock } from '../../base/clock.ts';
import { invariant } from '../../base/invariant.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import { placementOf } from '../environments/placement.ts';
import type { FunctionEvent } from '../lifecycle/function-state.ts';
import { advance } from '../lifecycle/function-state.ts';
import { settledWith } from '../lifecycle/publication.ts';
import type { CodeStore } from '../model/code-store.ts';
import { PackageError } from '../model/code-store.ts';
import type { FunctionRecord, FunctionVersion, ReasonCode } from '../model/function.ts';
import { functionArn } from '../model/function.ts';
import type { FunctionStore } from '../model/function-store.ts';
import { publishedVersion } from '../model/qualifier.ts';
import { type Change, ownedKey, put, type ResourceStore, snapshotWanted, versionName } from '../model/resources.ts';
import type { Runtime } from '../runtimes/runtime.ts';

export interface ReconcilerParts {
  readonly functions: FunctionStore;
  readonly resources: Pick<ResourceStore, 'get'>;
  readonly code: CodeStore;
  readonly runtimes: ReadonlyMap<string, Runtime>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Nothing new runs this snapshot any more; its environments may go. */
  retired(version: FunctionVersion): void;
  /** A version that was published along is ready but for its snapshot. */
  snapshotWanted?(version: FunctionVersion): void;
  /** A runtime is there and will be used: some of it may be kept waiting. */
  installed?(runtimeId: string): void;
  readonly settings?: Partial<ReconcilerSettings>;
}

export interface ReconcilerSettings {
  /** Functions that are made ready at the same time. */
  readonly parallelMax: number;
  /** From the first look at a record to `Failed`; AWS gives up after about six minutes. */
  readonly deadlineMs: number;
  /** After a store that did not answer. */
  readonly retryDelayMs: number;
}

const defaults: ReconcilerSettings = { parallelMax: 4, deadlineMs: 300_000, retryDelayMs: 1000 };

interface Outcome {
  readonly reason: string;
  readonly reasonCode: ReasonCode;
}

export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #settings: ReconcilerSettings;
  /** By snapshot id. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#settings = { ...defaults, ...parts.settings };
  }

  /** Looks for work. Cheap, returns at once; call it at the start and after each write of an unfinished record. */
  kick(): void {
    const { parallelMax } = this.#settings;
    if (this.#stop.signal.aborted || this.#underWay.size >= parallelMax) return;
    // Among so many there is one for each free place, if there are any.
    for (const record of this.#unfinished(parallelMax)) {
      if (this.#underWay.size >= parallelMax) return;
      if (!this.#underWay.has(record.latest.id)) this.#begin(record);
    }
  }

  /** None when the store does not answer: an operation that was already written must not fail for it; the next kick looks again. */
  #unfinished(limit: number): FunctionRecord[] {
    try {
      return this.#parts.functions.unfinished(limit);
    } catch (error) {
      this.#parts.log.error('Cannot look for unfinished functions', { error: messageOf(error) });
      return [];
    }
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  /** Stops without an outcome: the records stay as they are for the next start. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('The server is stopping'));
    await this.idle();
  }

  #begin(record: FunctionRecord): void {
    const { latest } = record;
    const work = this.#reconcile(record)
      .catch((error: unknown) => this.#pause(latest, error))
      .then(() => {
        this.#underWay.delete(latest.id);
        this.kick();
      });
    this.#underWay.set(latest.id, work);
  }

  async #reconcile(record: FunctionRecord): Promise<void> {
    const outcome = await this.#prepare(record.latest);
    if (this.#stop.signal.aborted) return;
    await this.#write(record, outcome);
  }

  /** Undefined once ready, else why it cannot be. */
  async #prepare(version: FunctionVersion): Promise<Outcome | undefined> {
    const { clock } = this.#parts;
    const late = new AbortController();
    const cancel = clock.after(this.#settings.deadlineMs, () => late.abort());
    const signal = AbortSignal.any([late.signal, this.#stop.signal]);
    try {
      await Promise.race([this.#makeReady(version, signal), aborted(signal)]);
      return undefined;
    } catch (error) {
      if (late.signal.aborted) return { reason: overdue(this.#settings.deadlineMs), reasonCode: 'InternalError' };
      return outcomeOf(error);
    } finally {
      cancel();
    }
  }

  async #makeReady(version: FunctionVersion, signal: AbortSignal): Promise<void> {
    const { code, runtimes, log } = this.#parts;
    const unpacked = placementOf(code, version);
    unpacked.catch(() => {}); // waited for below, after the runtime may have failed first
    const id = version.configuration.runtime;
    const runtime = runtimes.get(id);
    if (runtime === undefined) throw new RuntimeFailure(`Cannot install runtime ${id}: this server does not have it`);
    const progress = (step: { what: string; doneBytes: number; totalBytes?: number }) =>
      log.info('Installing runtime', { runtime: id, what: step.what, megabytes: Math.round(step.doneBytes / 1e6) });
    await runtime.install({ signal, progress }).catch((error: unknown) => {
      throw new RuntimeFailure(`Cannot install runtime ${id}: ${messageOf(error)}`);
    });
    this.#parts.installed?.(id);
    await unpacked;
  }

  /** Writes onto what is there now: a function deleted or made anew meanwhile is not ours to change. */
  async #write(record: FunctionRecord, outcome: Outcome | undefined): Promise<void> {
    const { functions, clock, random, log, retired } = this.#parts;
    const current = functions.get(record);
    if (current?.latest.id !== record.latest.id) return;
    const revisionId = random.uuid();
    const event: FunctionEvent = outcome ? { kind: 'failed', revisionId, ...outcome } : { kind: 'ready', revisionId };
    const next = advance(current, event, clock.now());
    if (next === 'refused') return;
    const also = this.#publishedAlong(current, next.latest);
    if (!(await functions.replace(next, current.latest.revisionId, also.changes))) return;
    if (also.waiting !== undefined) this.#parts.snapshotWanted?.(also.waiting);
    const fields = { function: functionArn(record), reason: outcome?.reason };
    if (outcome) log.warn('Function cannot be made ready', fields);
    else log.debug('Function is ready', fields);
    if (!outcome && current.serving) retired(current.serving);
  }

  /** The version that was published with the change becomes what `$LATEST` has become, in the same commit. */
  #publishedAlong({ publishing }: FunctionRecord, latest: FunctionVersion): Along {
    if (publishing === undefined) return { changes: [] };
    const version = publishedVersion(this.#parts, latest, publishing);
    invariant(version !== undefined, 'a version that is Pending cannot be deleted');
    const settled = settledWith(latest, version, this.#parts.random.uuid());
    const change = put('version', ownedKey(latest, versionName(publishing)), settled, {
      revisionId: version.revisionId,
    });
    if (settled.state.value !== 'Pending') return { changes: [change] };
    return { changes: [change, snapshotWanted(settled)], waiting: settled };
  }

  /** The store did not answer. The record still says what should be, so the next look finds it again. */
  async #pause(version: FunctionVersion, error: unknown): Promise<void> {
    const { log, clock } = this.#parts;
    log.error('Cannot write the state of a function', { function: functionArn(version), error: messageOf(error) });
    await clock.sleep(this.#settings.retryDelayMs, this.#stop.signal).catch(() => {});
  }
}

interface Along {
  readonly changes: Change[];
  /** For its snapshot. */
  readonly waiting?: FunctionVersion;
}

class RuntimeFailure extends Error {}

function outcomeOf(error: unknown): Outcome {
  const reason = messageOf(error);
  if (error instanceof RuntimeFailure) return { reason, reasonCode: 'InvalidRuntime' };
  if (error instanceof PackageError) return { reason, reasonCode: 'InvalidZipFileException' };
  return { reason, reasonCode: 'InternalError' };
}

function overdue(deadlineMs: number): string {
  return `Cannot make the function ready: it was not so after ${Math.round(deadlineMs / 1000)} seconds`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Rejects when the signal fires; nobody else has to wait for work that does not heed it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
