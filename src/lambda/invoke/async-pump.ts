import type { Clock } from '../../base/clock.ts';
import { insist } from '../../base/insist.ts';
import type { Random } from '../../base/random.ts';
import type { Log } from '../../observe/log.ts';
import type { EventInvokeConfig } from '../model/event-invoke-config.ts';
import { type FunctionKey, type FunctionVersion, functionArn } from '../model/function.ts';
import { aftermathOf } from './aftermath.ts';
import { afterAttempt, beforeAttempt, type Next, throttledWaitMs } from './async-attempt.ts';
import type { AsyncMetrics } from './async-metrics.ts';
import { type AsyncEvent, type AsyncStore, functionKeyOf } from './async-store.ts';
import type { Delivery, Targets } from './delivery.ts';
import type { Door, InvokeResult } from './door.ts';

/** Looks at the queue at least this often, whatever it was told. */
const lookMsMax = 60_000;
/** A service that cannot take a delivery is asked again for so long. */
const deliveryMsMax = 3_600_000;
/** What became of an event is kept as soon as there is room for it: to run it once more would be worse. */
const keeping = { waitMs: 1_000, triesMax: 3_600 };

export interface AsyncPumpParts {
  readonly store: AsyncStore;
  readonly door: Door;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The snapshot that an event's function and qualifier stand for now; undefined when the function is gone. */
  resolve(event: AsyncEvent): FunctionVersion | undefined;
  /** What is configured for the qualifier that the caller used, and not for what an alias leads to. */
  config(event: AsyncEvent): EventInvokeConfig | undefined;
  /** What is reserved for a function; none for one without a reservation. */
  places(key: FunctionKey): number | undefined;
  readonly metrics: AsyncMetrics;
  /** Who can be told of an end. */
  readonly targets: Targets;
  /** Events that run at once, of all functions. */
  readonly concurrencyMax: number;
}

interface Work {
  readonly event: AsyncEvent;
  readonly version: FunctionVersion;
  readonly config: EventInvokeConfig | undefined;
}

/** Takes accepted asynchronous invocations from the queue and runs them, at least once. */
export class AsyncPump {
  readonly #parts: AsyncPumpParts;
  /** By function. */
  readonly #running = new Map<string, number>();
  #count = 0;
  #cancelLook: () => void = () => {};
  readonly #stopping = new AbortController();
  #idle: (() => void) | undefined;

  constructor(parts: AsyncPumpParts) {
    this.#parts = parts;
  }

  /** Something was accepted, or the server has just started. */
  look(): void {
    this.#cancelLook();
    if (this.#stopping.signal.aborted) return;
    const { store, clock } = this.#parts;
    const next = () => store.claim(clock.now(), this.#mayRun);
    for (let event = next(); event !== undefined; event = next()) void this.#run(event);
    // Who may not run now is looked at when something ends.
    const dueAt = store.nextDueAt(this.#mayRun) ?? Number.POSITIVE_INFINITY;
    const waitMs = Math.min(lookMsMax, Math.max(0, dueAt - clock.now()));
    this.#cancelLook = clock.after(waitMs, () => this.look());
  }

  /** Takes no more; resolves when what runs has ended. What was not settled is due again at the next start. */
  stop(): Promise<void> {
    this.#stopping.abort(new Error('the server is stopping'));
    this.#cancelLook();
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  /**
   * A function has no more running than there are free places: one alone gets half of all, two a third each, and there
   * is a place left for whoever comes next. More than is reserved for it would only be throttled.
   */
  readonly #mayRun = (key: FunctionKey): boolean => {
    const free = this.#parts.concurrencyMax - this.#count;
    const running = this.#running.get(functionArn(key)) ?? 0;
    // Where nothing is reserved nothing runs either, and the events are done with at once.
    const places = this.#parts.places(key) || free;
    return free > 0 && running < Math.max(1, Math.min(free, places));
  };

  async #run(event: AsyncEvent): Promise<void> {
    const name = functionArn(functionKeyOf(event));
    this.#changeRunning(name, 1);
    try {
      await this.#handle(event);
    } catch (error) {
      this.#parts.log.error('cannot run an asynchronous event', { id: event.id, why: String(error) });
    } finally {
      this.#changeRunning(name, -1);
      if (this.#count === 0) this.#idle?.();
      this.look();
    }
  }

  #changeRunning(name: string, by: number): void {
    this.#count += by;
    const running = (this.#running.get(name) ?? 0) + by;
    if (running === 0) this.#running.delete(name);
    else this.#running.set(name, running);
  }

  async #handle(event: AsyncEvent): Promise<void> {
    if (event.delivery !== undefined) return this.#deliver(event, event.delivery);
    const { clock, resolve, config, places, metrics } = this.#parts;
    const version = resolve(event);
    if (version === undefined) return this.#forget(event, 'its function is gone');
    const work = { event, version, config: config(event) };
    const blocked = places(functionKeyOf(event)) === 0;
    // Once, unless a crash comes between: the first attempt is the one that is not put off.
    if (event.nextAttemptAt === event.acceptedAt)
      metrics.count(event, version, 'AsyncEventsReceived', event.acceptedAt);
    metrics.age(event, version, clock.now());
    const early = beforeAttempt({ ...work, now: clock.now() }, blocked);
    if (early !== undefined) return this.#proceed(work, early);
    const result = await this.#attempt(work);
    return this.#proceed(work, afterAttempt({ ...work, now: clock.now() }, result), result);
  }

  async #attempt({ event, version }: Work): Promise<InvokeResult> {
    // An alias was moved to a version that is not ready.
    if (version.state.value !== 'Active') return { kind: 'unavailable', message: 'The version is not ready' };
    return this.#parts.door.invoke({
      version,
      invokedArn: functionArn(functionKeyOf(event), event.qualifier),
      requestId: event.id,
      payload: event.payload,
      traceHeader: event.traceHeader,
      // Another attempt is another piece of the trace.
      callerTrace: event.attempts === 0 ? event.callerTrace : undefined,
      logTail: false,
      background: true,
      extraRequests: extraRequestsOf(event.payload.byteLength),
    });
  }

  async #proceed({ event, version, config }: Work, next: Next, result?: InvokeResult): Promise<void> {
    const { store, clock, random, targets, metrics, resolve } = this.#parts;
    if (next.kind === 'again') return this.#keep(event, () => store.postpone(event.id, next));
    if (next.condition !== 'Success') metrics.count(event, version, 'AsyncEventsDropped', clock.now());
    const ended = { event, version, ...next, result, now: clock.now() };
    const known = (told: AsyncEvent) => resolve(told) !== undefined;
    const { untold, events } = aftermathOf(ended, { config, targets, known, newId: () => random.uuid() });
    for (const { delivery, arn, why } of untold) this.#cannotTell({ ...event, delivery }, arn, why);
    if (next.condition !== 'Success' && events.length === 0) return this.#forget(event, next.condition);
    await this.#keep(event, () => store.settle(event.id, { events }));
  }

  async #deliver(event: AsyncEvent, delivery: Delivery): Promise<void> {
    const { store, clock, targets } = this.#parts;
    try {
      const answer = await targets.deliver(delivery, event);
      if (answer !== 'delivered') this.#cannotTell(event, delivery.arn, answer.refused);
    } catch (error) {
      const ageMs = clock.now() - event.acceptedAt;
      const nextAttemptAt = clock.now() + throttledWaitMs(ageMs);
      if (ageMs < deliveryMsMax) {
        return this.#keep(event, () => store.postpone(event.id, { attempts: 0, nextAttemptAt }));
      }
      this.#cannotTell(event, delivery.arn, String(error));
    }
    await this.#keep(event, () => store.settle(event.id));
  }

  #cannotTell(event: AsyncEvent, arn: string, why: string): void {
    const { metrics, clock, resolve } = this.#parts;
    const deadLetter = event.delivery !== undefined && 'attributes' in event.delivery;
    const name = deadLetter ? 'DeadLetterErrors' : 'DestinationDeliveryFailures';
    metrics.count(event, resolve(event), name, clock.now());
    const fields = { id: event.id, function: event.functionName, destination: arn, why };
    this.#parts.log.warn('Cannot tell a destination of an event', fields);
  }

  async #forget(event: AsyncEvent, why: string): Promise<void> {
    this.#parts.log.warn('dropped an asynchronous event', { id: event.id, function: event.functionName, why });
    await this.#keep(event, () => this.#parts.store.settle(event.id));
  }

  #keep({ id }: AsyncEvent, write: () => Promise<void>): Promise<void> {
    const { clock, log } = this.#parts;
    const failed = (error: unknown) => log.error('cannot keep what became of an event yet', { id, why: String(error) });
    return insist(write, { ...keeping, clock, signal: this.#stopping.signal, failed });
  }
}

/** AWS bills each begun 64 KB beyond the first 256 as one more request; most events have none. */
function extraRequestsOf(bytes: number): number | undefined {
  return bytes <= 256 * 1024 ? undefined : Math.ceil((bytes - 256 * 1024) / (64 * 1024));
}
