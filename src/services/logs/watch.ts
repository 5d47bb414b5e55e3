/** What is done with log events as they come: live tails are shown them, metric filters count them, subscriptions get them. */
import type { Clock } from '../../base/clock.ts';
import type { LogEvent, LogTarget } from '../../observe/function-log.ts';
import type { Log } from '../../observe/log.ts';
import type { FilterDocument, GroupSettings } from '../../store/logs/group-settings.ts';
import { compileFilter, type Matcher } from './filter-pattern.ts';
import { type FilteredMetric, metricsIn } from './metric-filter.ts';

export interface WatchParts {
  readonly settings: GroupSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps the metrics of metric filters; the composition wires it to CloudWatch. */
  measure(target: LogTarget, metrics: readonly FilteredMetric[]): Promise<void>;
  /** Hands matching events to a subscription's destination; resolves once they were accepted for delivery. */
  deliver(
    target: LogTarget,
    filter: Extract<FilterDocument, { kind: 'subscription' }>,
    events: readonly LogEvent[],
  ): Promise<void>;
}

export type Listener = (target: LogTarget, events: readonly LogEvent[]) => void;

const compiledMax = 10_000;

export class LogWatch {
  readonly #parts: WatchParts;
  readonly #listeners = new Set<Listener>();
  readonly #compiled = new Map<string, Matcher>();

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  get listening(): number {
    return this.#listeners.size;
  }

  /** Until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** On the way of every line: nothing but two look-ups where nobody watches. Never throws. */
  saw(target: LogTarget, events: readonly LogEvent[]): void {
    for (const listener of this.#listeners) listener(target, events);
    const filters = this.#parts.settings.filters(target, target.group);
    if (filters === undefined) return;
    for (const filter of filters) this.#filtered(filter, target, events);
  }

  #filtered(filter: FilterDocument, target: LogTarget, events: readonly LogEvent[]): void {
    const matches = this.#matcher(filter.pattern);
    const found = events.filter(({ message }) => matches(message));
    if (found.length === 0) return;
    const done =
      filter.kind === 'metric'
        ? this.#parts.measure(target, metricsIn(filter, found))
        : this.#parts.deliver(target, filter, found);
    done.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.log.error('Cannot do what a log filter asks for', { group: target.group, filter: filter.name, why });
    });
  }

  /** Checked when the filter was put. */
  #matcher(pattern: string): Matcher {
    const known = this.#compiled.get(pattern);
    if (known !== undefined) return known;
    const matcher = compileFilter(pattern);
    if (this.#compiled.size >= compiledMax) this.#compiled.clear();
    this.#compiled.set(pattern, matcher);
    return matcher;
  }
}
