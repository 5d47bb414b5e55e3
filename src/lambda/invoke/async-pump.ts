import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../observe/log.ts';
import { type FunctionVersion, functionArn } from '../model/function.ts';
import type { AsyncEvent, AsyncStore } from './async-store.ts';
import type { Door, InvokeResult } from './door.ts';

const attemptsMax = 3;
/** AWS waits one minute before the second attempt and two before the third (reference: lambda-semantics 4.2). */
const retryWaitMs = [60_000, 120_000];
const eventAgeMsMax = 6 * 3_600_000;
const throttledWaitMsMin = 1_000;
const throttledWaitMsMax = 300_000;
/** Looks at the queue at least this often, whatever it was told. */
const lookMsMax = 60_000;

export interface AsyncPumpParts {
  readonly store: AsyncStore;
  readonly door: Door;
  readonly clock: Clock;
  readonly log: Log;
  /** The snapshot that an event's function and qualifier stand for now; undefined when the function is gone. */
  resolve(event: AsyncEvent): FunctionVersion | undefined;
  readonly concurrencyMax: number;
}

/** Takes accepted asynchronous invocations from the queue and runs them, at least once. */
export class AsyncPump {
  readonly #parts: AsyncPumpParts;
  #running = 0;
  #cancelLook: () => void = () => {};
  #stopped = false;
  #idle: (() => void) | undefined;

  constructor(parts: AsyncPumpParts) {
    this.#parts = parts;
  }

  /** Something was accepted, or the server has just started. */
  look(): void {
    this.#cancelLook();
    if (this.#stopped) return;
    const { store, clock, concurrencyMax } = this.#parts;
    for (const event of store.claim(concurrencyMax - this.#running, clock.now())) void this.#run(event);
    const dueInMs = Math.max(0, (store.nextDueAt() ?? Number.POSITIVE_INFINITY) - clock.now());
    // With every place taken, the next one that ends looks again.
    if (this.#running < concurrencyMax) this.#cancelLook = clock.after(Math.min(lookMsMax, dueInMs), () => this.look());
  }

  /** Takes no more; resolves when what runs has ended. What was not settled is due again at the next start. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook();
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  async #run(event: AsyncEvent): Promise<void> {
    this.#running += 1;
    try {
      await this.#attempt(event);
    } catch (error) {
      this.#parts.log.error('cannot run an asynchronous event', { id: event.id, why: String(error) });
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#idle?.();
      this.look();
    }
  }

  async #attempt(event: AsyncEvent): Promise<void> {
    const { store, door, resolve } = this.#parts;
    const version = resolve(event);
    if (version === undefined) return this.#drop(event, 'its function is gone');
    // An alias was moved to a version that is not ready.
    if (version.state.value !== 'Active') return this.#again(event, { kind: 'unavailable', message: 'not ready' });
    const result = await door.invoke({
      version,
      invokedArn: functionArn({ ...event, name: event.functionName }, event.qualifier),
      requestId: event.id,
      payload: event.payload,
      traceHeader: event.traceHeader,
      logTail: false,
      background: true,
    });
    if (result.kind === 'success') return store.settle(event.id);
    return this.#again(event, result);
  }

  async #again(event: AsyncEvent, result: InvokeResult): Promise<void> {
    const { store, clock } = this.#parts;
    const counts = result.kind === 'function-error';
    const attempts = event.attempts + (counts ? 1 : 0);
    const waitMs = counts ? retryWaitMs[attempts - 1] : throttledWaitMs(clock.now() - event.acceptedAt);
    if (attempts >= attemptsMax || waitMs === undefined) return this.#drop(event, 'every attempt failed');
    const nextAttemptAt = clock.now() + waitMs;
    if (nextAttemptAt - event.acceptedAt > eventAgeMsMax) return this.#drop(event, 'it is too old');
    await store.postpone(event.id, { attempts, nextAttemptAt });
  }

  async #drop(event: AsyncEvent, why: string): Promise<void> {
    this.#parts.log.warn('dropped an asynchronous event', { id: event.id, function: event.functionName, why });
    await this.#parts.store.settle(event.id);
  }
}

/** The longer it has been refused, the longer the next wait: about as long as it has already waited. */
function throttledWaitMs(ageMs: number): number {
  return Math.min(throttledWaitMsMax, Math.max(throttledWaitMsMin, ageMs));
}
