import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../observe/log.ts';
import { type Aggregate, addValue, emptyAggregate } from './aggregate.ts';
import type { Dimension, MetricPlace, MetricStore } from './metric-store.ts';

export interface NamedMetric {
  readonly name: string;
  readonly unit: string;
  readonly dimensions: readonly Dimension[];
}

const flushMs = 5_000;
const heldMax = 20_000;
const minuteMs = 60_000;

interface Held {
  readonly place: MetricPlace;
  readonly minute: number;
  readonly named: NamedMetric;
  readonly aggregate: Aggregate;
  /** It is on its way to the disk: what is added counts in another. */
  taken: boolean;
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
  series(place: MetricPlace, named: NamedMetric): { add(value: number, at: number): void } {
    let held: Held | undefined;
    return {
      add: (value, at) => {
        const minute = Math.floor(at / minuteMs);
        // The one that the last value went to: nearly always this one's as well.
        if (held === undefined || held.taken || held.minute !== minute) held = this.#find(place, named, minute);
        addValue(held.aggregate, value);
        if (this.#count >= heldMax) void this.flush();
        this.#cancel ??= this.#parts.clock.after(flushMs, () => void this.flush());
      },
    };
  }

  /** Resolves once all that was added is on the disk, or could not be written. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const all = [...this.#held.values()].flatMap((held) => [...held.values()]);
    for (const held of all) held.taken = true;
    this.#held = new Map();
    this.#count = 0;
    const byPlace = Map.groupBy(all, ({ place }) => `${place.accountId}/${place.region}`);
    try {
      await Promise.all([...byPlace.values()].map((held) => this.#write(held)));
    } catch (error) {
      this.#parts.log.error('Cannot write metrics', { namespace: this.#namespace, why: String(error) });
    }
  }

  #find({ accountId, region }: MetricPlace, named: NamedMetric, minute: number): Held {
    const { name, dimensions } = named;
    const all = this.#held.get(dimensions) ?? new Map<string, Held>();
    this.#held.set(dimensions, all);
    const key = `${name}/${minute}/${accountId}/${region}`;
    const known = all.get(key);
    if (known !== undefined) return known;
    const made = { place: { accountId, region }, minute, named, aggregate: emptyAggregate(), taken: false };
    all.set(key, made);
    this.#count += 1;
    return made;
  }

  async #write(held: readonly Held[]): Promise<void> {
    const [first] = held;
    if (first === undefined) return;
    const measured = held.map(({ named, minute, aggregate }) => {
      return { ...named, at: minute * minuteMs, namespace: this.#namespace, aggregate };
    });
    await this.#parts.metrics.put(first.place, measured);
  }
}
