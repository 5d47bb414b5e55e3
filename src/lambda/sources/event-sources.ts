/** The one face of event sources to the rest: what is read for which mapping, and what came of it. */
import type { Clock } from '../../base/clock.ts';
import { deferred } from '../../base/deferred.ts';
import type { Log } from '../../observe/log.ts';
import type { MetricSink } from '../invoke/metrics.ts';
import { type Mapping, mappingArn, type SourceKind } from '../model/mapping/mapping.ts';
import { sourceRules } from '../model/mapping/source-rules.ts';
import type { ResourceStore } from '../model/resources.ts';
import { keptCheckpoints } from './checkpoints.ts';
import { dataKeys } from './filter/data-keys.ts';
import { compileFilters } from './filter/filters.ts';
import { counting } from './pump/counted.ts';
import { type GivenUp, type Message, messageOf } from './pump/given-up.ts';
import { HoldingReader } from './pump/holding-reader.ts';
import { Invoker, type InvokerParts } from './pump/invoker.ts';
import { scaleLimits } from './pump/scale.ts';
import { StreamReader } from './pump/stream-reader.ts';
import type { HoldingKind } from './source.ts';
import type { StreamKind, StreamSource } from './stream.ts';

export type Kind = HoldingKind | StreamKind;

export interface EventSourcesParts extends InvokerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly resources: ResourceStore;
  readonly metrics: MetricSink;
  /** What can be read here: a new source is one row. */
  readonly kinds: Readonly<Partial<Record<SourceKind, Kind>>>;
  /** Tells a destination of records that were given up; resolves once that is on the disk. */
  tell(mapping: Mapping, message: Message): Promise<void>;
}

interface Reader {
  readonly lastResult: string | undefined;
  start(): void;
  stop(): Promise<void>;
}

/** How long a mapping that is stopped waits for what its function has. */
const stopWaitMsMax = 20_000;

export class EventSources {
  readonly #parts: EventSourcesParts;
  /** By UUID. */
  readonly #readers = new Map<string, Reader>();
  readonly #ending = new Set<Promise<void>>();

  constructor(parts: EventSourcesParts) {
    this.#parts = parts;
  }

  /** From now on as the mapping says; answers what keeps it from that, if anything. */
  start(mapping: Mapping): string | undefined {
    const before = this.#end(mapping.uuid);
    const kind = this.#parts.kinds[mapping.source];
    if (kind === undefined) return notRead(mapping.source);
    const reader = 'openStream' in kind ? this.#streamReader(mapping, kind) : this.#holdingReader(mapping, kind);
    this.#readers.set(mapping.uuid, reader);
    // What a reader took from a source that holds it, it settles by itself; a stream has one reader at a time.
    if (before === undefined || !('openStream' in kind)) reader.start();
    else void before.then(() => this.#readers.get(mapping.uuid) === reader && reader.start());
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

  #holdingReader(mapping: Mapping, kind: HoldingKind): Reader {
    const source = kind.open(mapping);
    const { recordsMax, windowMs, ...common } = this.#common(mapping);
    return new HoldingReader({
      ...common,
      source,
      invoker: new Invoker(this.#parts, mapping, source.envelope),
      limits: { recordsMax, windowMs },
      scale: scaleLimits(mapping.configuration),
    });
  }

  #streamReader(mapping: Mapping, kind: StreamKind): Reader {
    const source = kind.openStream(mapping);
    const { configuration } = mapping;
    const ageSeconds = configuration.MaximumRecordAgeInSeconds ?? -1;
    const tumblingSeconds = configuration.TumblingWindowInSeconds ?? 0;
    return new StreamReader({
      ...this.#common(mapping),
      source,
      invoker: new Invoker(this.#parts, mapping, source.envelope),
      checkpoints: keptCheckpoints(this.#parts.resources, mapping),
      // A window's state goes from batch to batch.
      parallel: tumblingSeconds > 0 ? 1 : (configuration.ParallelizationFactor ?? 1),
      tumblingMs: tumblingSeconds * 1000,
      sourceArn: configuration.EventSourceArn ?? '',
      policy: {
        retriesMax: configuration.MaximumRetryAttempts ?? -1,
        ageMsMax: ageSeconds < 0 ? -1 : ageSeconds * 1000,
        bisect: configuration.BisectBatchOnFunctionError ?? false,
      },
      giveUp: (lane, lost) => this.#giveUp(mapping, source, lane, lost),
    });
  }

  #common(mapping: Mapping) {
    const { clock, log, metrics } = this.#parts;
    const { BatchSize, MaximumBatchingWindowInSeconds = 0, FilterCriteria } = mapping.configuration;
    return {
      filter: compileFilters(FilterCriteria, dataKeys[mapping.source]),
      recordsMax: BatchSize,
      windowMs: MaximumBatchingWindowInSeconds * 1000,
      clock,
      log,
      arn: mappingArn(mapping),
      count: counting(mapping, metrics, () => clock.now()),
    };
  }

  async #giveUp(mapping: Mapping, source: StreamSource, lane: string, lost: GivenUp): Promise<void> {
    const { clock, random, log, metrics } = this.#parts;
    const count = counting(mapping, metrics, () => clock.now());
    const message = messageOf(lost, { mapping, source, lane, now: clock.now(), id: random.uuid() });
    const { condition, records } = lost;
    if (message !== undefined) {
      await this.#parts.tell(mapping, message);
      return count('OnFailureDestinationDeliveredEventCount', records.length);
    }
    count('DroppedEventCount', records.length);
    log.warn('Dropped records of a stream', {
      mapping: mappingArn(mapping),
      lane,
      why: condition,
      records: records.length,
    });
  }
}

function notRead(source: SourceKind): string {
  return `The event source mapping is kept, and nothing is read: this server does not read from ${sourceRules[source].label} yet`;
}
