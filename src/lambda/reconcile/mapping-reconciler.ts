/**
 * Makes so what the operations wrote of event source mappings: starts and stops what reads the sources, and writes that it
 * is so. A start of the server, a new mapping and a retry take this one path.
 */
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import { advanceMapping, isUnderWay } from '../lifecycle/mapping-state.ts';
import { claimKey, type Mapping, mappingArn, mappingKey } from '../model/mapping/mapping.ts';
import { put, type ResourceStore, remove } from '../model/resources.ts';

/** What reads the sources. */
export interface Readers {
  /** From now on as the mapping says, in place of what it said before; answers what keeps it from that, if anything. */
  start(mapping: Mapping): string | undefined;
  /** Takes nothing more; resolves when nothing is under way for the mapping, or at its own deadline. */
  stop(uuid: string): Promise<void>;
}

export interface MappingReconcilerParts {
  readonly resources: ResourceStore;
  readonly readers: Readers;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** After a store that did not answer. */
  readonly retryDelayMs?: number;
}

const retryDelayMsDefault = 1000;

export class MappingReconciler {
  readonly #parts: MappingReconcilerParts;
  /** By UUID; one thing at a time is done for a mapping. */
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(parts: MappingReconcilerParts) {
    this.#parts = parts;
  }

  /** Takes up every mapping that is kept: at the start of the server. */
  begin(): void {
    for (const { value } of this.#parts.resources.all('mapping')) this.#take(value);
  }

  /** This mapping was written. */
  kick(mapping: Mapping): void {
    this.#take(mapping);
  }

  /** Resolves once nothing is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values());
  }

  /** What is unfinished stays so for the next start. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('The server is stopping'));
    await this.idle();
  }

  #take(mapping: Mapping): void {
    const { uuid } = mapping;
    if (this.#stop.signal.aborted || this.#underWay.has(uuid)) return;
    const work = this.#settle(mapping)
      .catch((error: unknown) => this.#pause(mapping, error))
      .then((done) => {
        this.#underWay.delete(uuid);
        if (!done) this.#again(mapping);
      });
    this.#underWay.set(uuid, work);
  }

  /** Does what the mapping says and writes that it is done; false when it says something else meanwhile. */
  async #settle(mapping: Mapping): Promise<boolean> {
    const hindrance = await this.#perform(mapping);
    const { resources, clock, random } = this.#parts;
    const key = mappingKey(mapping, mapping.uuid);
    const current = resources.get('mapping', key);
    if (current?.state !== mapping.state) return current === undefined;
    if (!isUnderWay(current) && current.hindrance === hindrance) return true;
    const when = { revisionId: current.revisionId };
    if (!isUnderWay(current)) return resources.write([put('mapping', key, { ...current, hindrance }, when)]);
    const event = { kind: 'settled', revisionId: random.uuid(), hindrance } as const;
    const next = advanceMapping(current, event, clock.now());
    if (next === 'refused') return true;
    if (next !== 'gone') return resources.write([put('mapping', key, next, when)]);
    return resources.write([
      remove('mapping', key, when),
      remove('mapping-claim', claimKey(current)),
      ...resources
        .list('mapping-checkpoint', { ...current, owner: current.uuid, limit: Number.MAX_SAFE_INTEGER })
        .map((entry) => remove('mapping-checkpoint', entry.key)),
    ]);
  }

  async #perform(mapping: Mapping): Promise<string | undefined> {
    const { readers } = this.#parts;
    if (mapping.enabled && mapping.state !== 'Deleting') return readers.start(mapping);
    await readers.stop(mapping.uuid);
    return undefined;
  }

  #again(mapping: Mapping): void {
    const current = this.#parts.resources.get('mapping', mappingKey(mapping, mapping.uuid));
    if (current !== undefined) this.#take(current);
  }

  async #pause(mapping: Mapping, error: unknown): Promise<false> {
    const { log, clock, retryDelayMs = retryDelayMsDefault } = this.#parts;
    log.error('Cannot write the state of an event source mapping', {
      mapping: mappingArn(mapping),
      why: String(error),
    });
    await clock.sleep(retryDelayMs, this.#stop.signal).catch(() => {});
    return false;
  }
}
