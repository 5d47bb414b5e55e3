import type { Clock } from '../../../base/clock.ts';
import type { MessagePlace } from '../../../store/sqs/messages.ts';
import type { QueueRecord } from '../../../store/sqs/queues.ts';
import { FifoLine } from './fifo-line.ts';
import { Flight, type InFlight } from './flight.ts';
import type { Line, Taken } from './line.ts';
import { StandardLine } from './standard-line.ts';
import { Waiters } from './waiters.ts';

/** One queue in memory: what waits, what is in flight, and who waits for messages. */
export class Queue {
  record: QueueRecord;
  readonly #waiters: Waiters;
  /** Deleted: whoever still holds it finds nothing. */
  gone = false;
  purging = false;
  #line: Line;
  #flight = new Flight();
  /** Messages up to this number were purged, also those whose write was still under way. */
  #purgedUpTo = 0;

  constructor(record: QueueRecord, clock: Clock) {
    this.record = record;
    this.#waiters = new Waiters(clock);
    this.#line = this.#newLine();
  }

  get id(): number {
    return this.record.id;
  }

  get fifo(): boolean {
    return this.record.attributes.FifoQueue === 'true';
  }

  get inFlightCount(): number {
    return this.#flight.size;
  }

  restore({ sequence, group, visibleAt, receives }: MessagePlace, now: number): void {
    if (receives === 0 || visibleAt <= now) {
      this.#line.put(sequence, visibleAt, group);
      return;
    }
    this.#line.flies(group);
    this.#flight.set({ sequence, group, receives, receivedAt: now, visibleAt });
  }

  /** A message is on the disk. */
  put(sequence: number, visibleAt: number, group: string | undefined): void {
    if (sequence <= this.#purgedUpTo) return;
    this.#line.put(sequence, visibleAt, group);
    this.#arrived();
  }

  /** Takes what may be received now; each is hidden until it is told otherwise. */
  take(limit: number, now: number): Taken[] {
    this.#land(now);
    const taken = this.#line.take(limit, now);
    for (const { sequence, group } of taken) {
      this.#flight.set({ sequence, group, receives: 0, receivedAt: now, visibleAt: Number.POSITIVE_INFINITY });
    }
    return taken;
  }

  /** The receive of a taken message is on the disk. */
  received(message: InFlight): void {
    if (this.#flight.get(message.sequence) !== undefined) this.#flight.set(message);
    this.#look();
  }

  /** Resolves when it is worth to look again: something arrived, the time is over, or the caller is gone. */
  async wait(ms: number, signal: AbortSignal | undefined, again: boolean): Promise<void> {
    const waiting = this.#waiters.wait(ms, signal, again);
    this.#look();
    await waiting;
    // For the others who wait; without any, no timer is left behind.
    this.#look();
  }

  /** Who received something leaves the rest to the next who waits; nobody is woken for nothing. */
  passOn(now: number): void {
    if (this.#waiters.any && (this.#nextAt() ?? Number.POSITIVE_INFINITY) <= now) this.#waiters.wakeOne();
  }

  /** Nobody waits for messages of a queue that is deleted. */
  end(): void {
    this.gone = true;
    this.#waiters.wakeAll();
  }

  inFlight(sequence: number, now: number): InFlight | undefined {
    this.#land(now);
    return this.#flight.get(sequence);
  }

  /** Not to land any more while its deletion is being written. */
  hold(message: InFlight): void {
    this.#flight.set({ ...message, visibleAt: Number.POSITIVE_INFINITY });
  }

  hideUntil(message: InFlight, visibleAt: number): void {
    if (this.#flight.get(message.sequence) === undefined) return;
    this.#flight.set({ ...message, visibleAt });
    this.#arrived();
  }

  /** A message is gone from the disk, or lies in another queue now. */
  settled(sequence: number): void {
    const message = this.#flight.get(sequence);
    if (message === undefined) return;
    this.#flight.delete(sequence);
    this.#line.settled(message.group);
    // Its group may be received from again.
    if (this.fifo) this.#arrived();
  }

  removeWaiting(sequence: number, group: string | undefined): void {
    this.#line.remove(sequence, group);
  }

  /** Forgets everything up to a number. */
  purge(upTo: number): void {
    this.#purgedUpTo = upTo;
    this.#line = this.#newLine();
    this.#flight = new Flight();
  }

  counts(now: number): { visible: number; delayed: number; inFlight: number } {
    this.#land(now);
    return { ...this.#line.counts(now), inFlight: this.#flight.size };
  }

  /** Something may be there to receive, now or by the passing of time. */
  #arrived(): void {
    if (!this.#waiters.any) return;
    this.#waiters.wakeOne();
    this.#look();
  }

  #look(): void {
    this.#waiters.wakeAt(this.#nextAt());
  }

  #nextAt(): number | undefined {
    const times = [this.#line.nextAt(), this.#flight.nextAt()].filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #land(now: number): void {
    for (const { sequence, group, visibleAt } of this.#flight.landed(now)) {
      this.#line.put(sequence, visibleAt, group);
      this.#line.settled(group);
    }
  }

  #newLine(): Line {
    return this.fifo ? new FifoLine() : new StandardLine();
  }
}
