/**
 * Makes so what is written of SnapStart: takes the snapshot that a published version waits for, and writes what became of
 * it. A start finds the same versions waiting; it also takes anew, in the background, what was lost with the last server.
 */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import type { Snapshots } from '../environments/snapshot/snapshots.ts';
import { type SnapshotOutcome, snapshotted } from '../lifecycle/publication.ts';
import { type FunctionVersion, functionArn } from '../model/function.ts';
import { ownedKey, put, type ResourceStore, versionName } from '../model/resources.ts';

/** Initialising is work for the processor, and nobody waits for more than one of them at a time. */
const parallelMax = 2;
const triesMax = 3;
const retryDelayMs = 1_000;

export interface SnapshotTakerParts {
  readonly resources: Pick<ResourceStore, 'get' | 'all' | 'write'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export class SnapshotTaker {
  readonly #parts: SnapshotTakerParts;
  readonly #waiting: FunctionVersion[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #snapshots: Pick<Snapshots, 'take' | 'discard'> | undefined;

  constructor(parts: SnapshotTakerParts) {
    this.#parts = parts;
  }

  /** The data plane is there. */
  begin(snapshots: Pick<Snapshots, 'take' | 'discard'>): void {
    this.#snapshots = snapshots;
    const taken: FunctionVersion[] = [];
    for (const { key, value } of this.#parts.resources.all('snapshot')) {
      const version = this.#parts.resources.get('version', key);
      if (version !== undefined && value.status === 'wanted') this.#waiting.push(version);
      if (version !== undefined && value.status === 'taken') taken.push(version);
    }
    this.#look();
    if (taken.length > 0) this.#track(this.#takeAnew(taken));
  }

  /** It was written that this one waits. */
  wanted(version: FunctionVersion): void {
    this.#waiting.push(version);
    this.#look();
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Stops without an outcome: what waits goes on waiting for the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.idle();
  }

  #look(): void {
    while (this.#underWay.size < parallelMax && !this.#stop.signal.aborted && this.#snapshots !== undefined) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#track(this.#settle(this.#snapshots, next));
    }
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#parts.log.error('Cannot write of a snapshot', { error: String(error) }))
      .then(() => {
        this.#underWay.delete(tracked);
        this.#look();
      });
    this.#underWay.add(tracked);
  }

  async #settle(snapshots: Pick<Snapshots, 'take' | 'discard'>, version: FunctionVersion): Promise<void> {
    const outcome = await this.#outcome(snapshots, version);
    if (outcome === undefined) return;
    const { log, random, resources } = this.#parts;
    const key = ownedKey(version, versionName(version.version));
    const next = snapshotted(version, outcome, random.uuid());
    const status = outcome.kind === 'taken' ? 'taken' : 'refused';
    const written = await resources.write([
      put('version', key, next, { revisionId: version.revisionId }),
      put('snapshot', key, { status }, 'present'),
    ]);
    // It was deleted meanwhile.
    if (!written) snapshots.discard(version.id);
    const fields = { function: functionArn(version, version.version), reason: next.state.reason };
    if (outcome.kind === 'taken') log.debug('A snapshot was taken', fields);
    else log.warn('No snapshot was taken', fields);
  }

  /** Undefined when the server stops before it is known. */
  async #outcome(snapshots: Pick<Snapshots, 'take'>, version: FunctionVersion): Promise<SnapshotOutcome | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        const outcome = await Promise.race([snapshots.take(version), aborted(this.#stop.signal)]);
        if (outcome === undefined || this.#stop.signal.aborted) return undefined;
        if (outcome.kind === 'unfit') return { kind: 'refused', why: outcome.why };
        if (outcome.kind === 'failed') return { kind: 'failed', why: `${outcome.errorType}: ${outcome.message}` };
        // Where there was no room, it is taken when an environment needs it.
        return { kind: 'taken' };
      } catch (error) {
        if (this.#stop.signal.aborted) return undefined;
        const why = error instanceof Error ? error.message : String(error);
        if (tries === triesMax) return { kind: 'refused', why };
        await this.#parts.clock.sleep(retryDelayMs, this.#stop.signal).catch(() => {});
      }
    }
  }

  /** As far as there is room, one after the other: others start at this time. */
  async #takeAnew(versions: readonly FunctionVersion[]): Promise<void> {
    for (const version of versions) {
      if (this.#stop.signal.aborted) return;
      const taken = this.#snapshots?.take(version, false).catch(() => undefined);
      const outcome = await Promise.race([taken, aborted(this.#stop.signal)]);
      if (outcome?.kind === 'full') return;
    }
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
