import type { Clock } from '../base/clock.ts';
import { within } from '../base/deadline.ts';
import { deferred } from '../base/deferred.ts';
import type { Log } from '../observe/log.ts';
import type { SqliteDeliveries } from '../store/deliveries/deliveries.ts';
import { type Delivery, type NewDelivery, type Retry, type Target, Undeliverable } from './parcel.ts';

export interface OutboxParts {
  readonly store: SqliteDeliveries;
  readonly targets: Target;
  readonly clock: Clock;
  readonly log: Log;
}

const atOnceMax = 128;
const attemptMsMax = 30_000;
/** Looks at the store at least this often, whatever it was told. */
const lookMsMax = 60_000;
const defaultRetry: Retry = { attemptsMax: 100, ageMsMax: 24 * 3_600_000, waitMsMin: 1000, waitMsMax: 600_000 };

/** Brings what the store keeps to its targets: at least once, with waits between attempts, until it is given up. */
export class Outbox {
  readonly #parts: OutboxParts;
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #stopped = deferred<never>();
  #cancelLook: () => void = () => {};

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#stopped.promise.catch(() => {});
  }

  start(): void {
    this.#parts.store.watch(() => this.#look());
    this.#look();
  }

  /** Takes no more; what was not taken by its target is due again at the next start. */
  async stop(): Promise<void> {
    const why = new Error('The server stops');
    this.#stopping.abort(why);
    this.#stopped.reject(why);
    this.#cancelLook();
    await Promise.all(this.#running);
  }

  #look(): void {
    this.#cancelLook();
    if (this.#stopping.signal.aborted) return;
    const { store, clock } = this.#parts;
    for (const delivery of store.claim(atOnceMax - this.#running.size, clock.now())) this.#begin(delivery);
    // With every place taken, the next one that ends looks again.
    if (this.#running.size >= atOnceMax) return;
    const dueInMs = Math.max(0, (store.nextDueAt() ?? Number.POSITIVE_INFINITY) - clock.now());
    this.#cancelLook = clock.after(Math.min(lookMsMax, dueInMs), () => this.#look());
  }

  #begin(delivery: Delivery): void {
    const running = this.#bring(delivery).catch((error) => {
      this.#parts.log.error('Cannot keep what became of a delivery', { target: delivery.target, why: String(error) });
    });
    this.#running.add(running);
    void running.finally(() => {
      this.#running.delete(running);
      this.#look();
    });
  }

  async #bring(delivery: Delivery): Promise<void> {
    const failure = await this.#attempt(delivery);
    if (failure === undefined) return this.#parts.store.settle(delivery.id);
    // Nobody counts an attempt that was cut short.
    if (this.#stopping.signal.aborted) return;
    const attempts = delivery.attempts + 1;
    const due = this.#parts.clock.now() + waitMs(delivery, attempts);
    const last = failure instanceof Undeliverable || isOver(delivery, attempts, due);
    if (last) return this.#giveUp(delivery, attempts, failure);
    await this.#parts.store.postpone(delivery.id, { attempts, due });
  }

  /** What went wrong, if anything. */
  async #attempt(delivery: Delivery): Promise<unknown> {
    const { targets, clock } = this.#parts;
    const cut = new AbortController();
    const signal = AbortSignal.any([cut.signal, this.#stopping.signal]);
    try {
      const accepted = Promise.race([targets.accept(delivery, signal), this.#stopped.promise]);
      await within(clock, attemptMsMax, accepted, `No answer after ${attemptMsMax / 1000} s`);
      return undefined;
    } catch (error) {
      cut.abort(error);
      return error ?? new Error('The target failed without a reason');
    }
  }

  async #giveUp(delivery: Delivery, attempts: number, failure: unknown): Promise<void> {
    const { target, source, deadLetterTarget } = delivery;
    const why = failure instanceof Error ? failure.message : String(failure);
    const told = { target, source: source.arn, attempts, deadLetters: deadLetterTarget, why };
    this.#parts.log.warn('Gave a delivery up', told);
    const left = deadLetterTarget === undefined ? [] : [deadLetter(delivery, deadLetterTarget)];
    await this.#parts.store.settle(delivery.id, left);
  }
}

/** What was for somebody else, to a queue; without a dead-letter queue of its own, so that this ends. */
function deadLetter(delivery: Delivery, target: string): NewDelivery {
  const { source, body, deadLetterBody = body, attributes, groupId, deduplicationId } = delivery;
  return { target, source, body: deadLetterBody, attributes, groupId, deduplicationId };
}

function waitMs({ retry = defaultRetry }: Delivery, attempts: number): number {
  return Math.min(retry.waitMsMax, retry.waitMsMin * 2 ** Math.min(attempts - 1, 30));
}

function isOver({ retry = defaultRetry, acceptedAt }: Delivery, attempts: number, due: number): boolean {
  return attempts >= retry.attemptsMax || due - acceptedAt > retry.ageMsMax;
}
