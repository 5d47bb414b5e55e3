import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../observe/log.ts';
import { type Aggregate, addValue, emptyAggregate } from './aggregate.ts';
import type { Dimension, MetricPlace, MetricStore } from './metric-store.ts';

export interface Sample {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly dimensions: readonly Dimension[];
}

const flushMs = 5_000;
const heldMax = 20_000;
const minuteMs = 60_000;

interface Held {
  readonly place: MetricPlace;
  readonly sample: Sample;
  readonly aggregate: Aggregate;
}

/**
 * The platform's own metrics, too many to be written one by one: summed in memory and written every few seconds. A
 * `kill -9` loses that much of them; the bill, which is not made of these, loses nothing.
 */
export class MetricBuffer {
  readonly #parts: { readonly metrics: MetricStore; readonly clock: Clock; readonly log: Log };
  readonly #namespace: string;
  #held = new Map<readonly Dimension[], Map<string, Held>>();
  #count = 0;
  #cancel: (() => void) | undefined;

  constructor(namespace: string, parts: { metrics: MetricStore; clock: Clock; log: Log }) {
    this.#namespace = namespace;
    this.#parts = parts;
  }

  /** `dimensions` should be the same object for the same dimensions: it is the key under which they are summed. */
  add(place: MetricPlace, sample: Sample): void {
    let byName = this.#held.get(sample.dimensions);
    if (byName === undefined) {
      byName = new Map();
      this.#held.set(sample.dimensions, byName);
    }
    const key = `${sample.name}/${Math.floor(sample.at / minuteMs)}/${place.accountId}/${place.region}`;
    let held = byName.get(key);
    if (held === undefined) {
      held = { place: { accountId: place.accountId, region: place.region }, sample, aggregate: emptyAggregate() };
      byName.set(key, held);
      this.#count += 1;
    }
    addValue(held.aggregate, sample.value);
    if (this.#count >= heldMax) void this.flush();
    this.#cancel ??= this.#parts.clock.after(flushMs, () => void this.flush());
  }

  /** Resolves once all that was added is on the disk, or could not be written. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const all = [...this.#held.values()].flatMap((byName) => [...byName.values()]);
    this.#held = new Map();
    this.#count = 0;
    const byPlace = Map.groupBy(all, ({ place }) => `${place.accountId}/${place.region}`);
    try {
      await Promise.all([...byPlace.values()].map((held) => this.#write(held)));
    } catch (error) {
      this.#parts.log.error('Cannot write metrics', { namespace: this.#namespace, why: String(error) });
    }
  }

  async #write(held: readonly Held[]): Promise<void> {
    const [first] = held;
    if (first === undefined) return;
    const measured = held.map(({ sample, aggregate }) => ({ ...sample, namespace: this.#namespace, aggregate }));
    await this.#parts.metrics.put(first.place, measured);
  }
}
