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
  readonly minute: number;
  readonly sample: Sample;
  readonly aggregate: Aggregate;
}

/** What is held under the same dimensions. */
interface Series {
  /** By name, the one that the last value went to: nearly always the next one's as well. */
  readonly latest: Map<string, Held>;
  readonly all: Map<string, Held>;
}

/**
 * The platform's own metrics, too many to be written one by one: summed in memory and written every few seconds. A
 * `kill -9` loses that much of them; the bill, which is not made of these, loses nothing.
 */
export class MetricBuffer {
  readonly #parts: { readonly metrics: MetricStore; readonly clock: Clock; readonly log: Log };
  readonly #namespace: string;
  #held = new Map<readonly Dimension[], Series>();
  #count = 0;
  #cancel: (() => void) | undefined;

  constructor(namespace: string, parts: { metrics: MetricStore; clock: Clock; log: Log }) {
    this.#namespace = namespace;
    this.#parts = parts;
  }

  /** `dimensions` should be the same object for the same dimensions: it is the key under which they are summed. */
  add(place: MetricPlace, sample: Sample): void {
    let series = this.#held.get(sample.dimensions);
    if (series === undefined) {
      series = { latest: new Map(), all: new Map() };
      this.#held.set(sample.dimensions, series);
    }
    const minute = Math.floor(sample.at / minuteMs);
    const latest = series.latest.get(sample.name);
    const held = latest !== undefined && isOf(latest, place, minute) ? latest : this.#find(series, place, sample);
    addValue(held.aggregate, sample.value);
    if (this.#count >= heldMax) void this.flush();
    this.#cancel ??= this.#parts.clock.after(flushMs, () => void this.flush());
  }

  /** Resolves once all that was added is on the disk, or could not be written. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const all = [...this.#held.values()].flatMap((series) => [...series.all.values()]);
    this.#held = new Map();
    this.#count = 0;
    const byPlace = Map.groupBy(all, ({ place }) => `${place.accountId}/${place.region}`);
    try {
      await Promise.all([...byPlace.values()].map((held) => this.#write(held)));
    } catch (error) {
      this.#parts.log.error('Cannot write metrics', { namespace: this.#namespace, why: String(error) });
    }
  }

  #find(series: Series, place: MetricPlace, sample: Sample): Held {
    const minute = Math.floor(sample.at / minuteMs);
    const key = `${sample.name}/${minute}/${place.accountId}/${place.region}`;
    let held = series.all.get(key);
    if (held === undefined) {
      const { accountId, region } = place;
      held = { place: { accountId, region }, minute, sample, aggregate: emptyAggregate() };
      series.all.set(key, held);
      this.#count += 1;
    }
    series.latest.set(sample.name, held);
    return held;
  }

  async #write(held: readonly Held[]): Promise<void> {
    const [first] = held;
    if (first === undefined) return;
    const measured = held.map(({ sample, aggregate }) => ({ ...sample, namespace: this.#namespace, aggregate }));
    await this.#parts.metrics.put(first.place, measured);
  }
}

function isOf(held: Held, { accountId, region }: MetricPlace, minute: number): boolean {
  return held.minute === minute && held.place.accountId === accountId && held.place.region === region;
}
