/** The one face of event sources to the rest: what is read for which mapping, and what came of it. */
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { Log } from '../../observe/log.ts';
import { type Mapping, mappingArn, type SourceKind } from '../model/mapping/mapping.ts';
import { sourceRules } from '../model/mapping/source-rules.ts';
import { dataKeys } from './filter/data-keys.ts';
import { compileFilters } from './filter/filters.ts';
import { HoldingReader } from './pump/holding-reader.ts';
import { Invoker, type InvokerParts } from './pump/invoker.ts';
import { scaleLimits } from './pump/scale.ts';
import type { HoldingKind } from './source.ts';

export interface EventSourcesParts extends InvokerParts {
  readonly clock: Clock;
  readonly log: Log;
  /** What can be read here. */
  readonly kinds: Readonly<Partial<Record<SourceKind, HoldingKind>>>;
}

/** How long a mapping that is stopped waits for what its function has. */
const stopWaitMsMax = 20_000;

export class EventSources {
  readonly #parts: EventSourcesParts;
  /** By UUID. */
  readonly #readers = new Map<string, HoldingReader>();
  readonly #ending = new Set<Promise<void>>();

  constructor(parts: EventSourcesParts) {
    this.#parts = parts;
  }

  /** From now on as the mapping says; answers what keeps it from that, if anything. */
  start(mapping: Mapping): string | undefined {
    // What the reader before it took it settles by itself.
    this.#end(mapping.uuid);
    const kind = this.#parts.kinds[mapping.source];
    if (kind === undefined) return notRead(mapping.source);
    const reader = this.#readerOf(mapping, kind);
    this.#readers.set(mapping.uuid, reader);
    reader.start();
    return undefined;
  }

  /** Resolves when nothing is under way for the mapping any more, or that has taken too long. */
  async stop(uuid: string): Promise<void> {
    const ended = this.#end(uuid);
    if (ended === undefined) return;
    const { promise: late, resolve } = deferred<void>();
    const cancel = this.#parts.clock.after(stopWaitMsMax, resolve);
    await Promise.race([ended, late]);
    cancel();
  }

  /** Everything, for the end of the server, which has its own deadline. */
  async stopAll(): Promise<void> {
    for (const uuid of [...this.#readers.keys()]) this.#end(uuid);
    await Promise.all(this.#ending);
  }

  lastResult(uuid: string): string | undefined {
    return this.#readers.get(uuid)?.lastResult;
  }

  async check(mapping: Mapping, functionTimeoutSeconds: number): Promise<void> {
    await this.#parts.kinds[mapping.source]?.check(mapping, functionTimeoutSeconds);
  }

  #end(uuid: string): Promise<void> | undefined {
    const reader = this.#readers.get(uuid);
    if (reader === undefined) return undefined;
    this.#readers.delete(uuid);
    const ended = reader.stop().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
    return ended;
  }

  #readerOf(mapping: Mapping, kind: HoldingKind): HoldingReader {
    const { clock, log } = this.#parts;
    const { configuration, source } = mapping;
    const opened = kind.open(mapping);
    return new HoldingReader({
      source: opened,
      invoker: new Invoker(this.#parts, mapping, opened.envelope),
      filter: compileFilters(configuration.FilterCriteria, dataKeys[source]),
      limits: {
        recordsMax: configuration.BatchSize,
        windowMs: (configuration.MaximumBatchingWindowInSeconds ?? 0) * 1000,
      },
      scale: scaleLimits(configuration),
      clock,
      log,
      arn: mappingArn(mapping),
    });
  }
}

function notRead(source: SourceKind): string {
  return `The event source mapping is kept, and nothing is read: this server does not read from ${sourceRules[source].label} yet`;
}
