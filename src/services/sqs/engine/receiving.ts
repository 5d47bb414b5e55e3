import type { Clock } from '../../../base/clock.ts';
import type { KeptMessage, MessageChanges, SqliteMessages } from '../../../store/sqs/messages.ts';
import { numberOf, redriveOf } from '../attributes.ts';
import { overLimit } from '../errors.ts';
import { attributesOf, type ReceivedMessage, readDetails } from '../message.ts';
import { queueArn } from '../names.ts';
import type { Receipts } from '../receipt.ts';
import type { InFlight } from './flight.ts';
import type { Taken } from './line.ts';
import type { Queue } from './queue.ts';
import { sequenceNumber } from './sending.ts';

export interface ReceivingParts {
  readonly messages: SqliteMessages;
  readonly receipts: Receipts;
  readonly clock: Clock;
  queueByArn(arn: string): Queue | undefined;
}

export interface ReceiveOptions {
  readonly messagesMax: number;
  /** The queue's own where it is absent. */
  readonly visibilityMs?: number;
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

const inFlightMax = 120_000;
const fifoInFlightMax = 20_000;

interface Delivered {
  readonly message: InFlight;
  readonly kept: KeptMessage;
  readonly firstReceivedAt: number;
}

interface Moved {
  readonly from: number;
  readonly to: Omit<KeptMessage, 'body' | 'received'>;
  readonly target: Queue;
}

/** What becomes of the messages that were taken. */
interface Sorted {
  readonly delivered: Delivered[];
  readonly moved: Moved[];
  /** Expired; or deleted by an old receipt handle while they waited. */
  readonly removed: number[];
}

export class Receiving {
  readonly #parts: ReceivingParts;

  constructor(parts: ReceivingParts) {
    this.#parts = parts;
  }

  /** Answers at once when something is there; else waits for it. Empty when the time is over or the caller is gone. */
  async receive(queue: Queue, options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const { clock } = this.#parts;
    const { waitMs, signal } = options;
    const endsAt = clock.now() + waitMs;
    for (let again = false; ; again = true) {
      const received = await this.#claim(queue, options);
      if (received.length > 0) queue.passOn(clock.now());
      const leftMs = endsAt - clock.now();
      if (received.length > 0 || leftMs <= 0 || signal?.aborted || queue.gone) return received;
      await queue.wait(leftMs, signal, again);
      // What is taken for somebody who is gone would be hidden from everybody else.
      if (signal?.aborted) {
        queue.passOn(clock.now());
        return [];
      }
    }
  }

  /** Goes on while all that was taken had to go elsewhere. */
  async #claim(queue: Queue, { messagesMax, visibilityMs }: ReceiveOptions): Promise<ReceivedMessage[]> {
    const hiddenMs = visibilityMs ?? numberOf(queue.record, 'VisibilityTimeout') * 1000;
    for (;;) {
      const room = queue.fifo ? fifoInFlightMax - queue.inFlightCount : messagesMax;
      const now = this.#parts.clock.now();
      const taken = queue.gone ? [] : queue.take(Math.min(messagesMax, room), now);
      if (taken.length === 0) return [];
      if (!queue.fifo && queue.inFlightCount > inFlightMax) {
        this.#giveBack(queue, taken, now);
        throw overLimit();
      }
      const sorted = this.#sort(queue, taken, now, hiddenMs);
      await this.#write(queue, taken, sorted, now);
      if (sorted.delivered.length > 0) return sorted.delivered.map((one) => this.#shown(queue, one));
    }
  }

  #sort(queue: Queue, taken: readonly Taken[], now: number, hiddenMs: number): Sorted {
    const sorted: Sorted = { delivered: [], moved: [], removed: [] };
    const sentAfter = now - numberOf(queue.record, 'MessageRetentionPeriod') * 1000;
    const redrive = redriveOf(queue.record);
    const target = redrive === undefined ? undefined : this.#parts.queueByArn(redrive.deadLetterTargetArn);
    for (const { sequence, group } of taken) {
      const kept = this.#parts.messages.read(sequence);
      const receives = kept?.received?.receives ?? 0;
      if (kept === undefined || kept.sentAt <= sentAfter) sorted.removed.push(sequence);
      else if (redrive !== undefined && target !== undefined && receives >= redrive.maxReceiveCount) {
        sorted.moved.push(this.#toDeadLetters(queue, kept, target, now));
      } else {
        const message = { sequence, group, receives: receives + 1, receivedAt: now, visibleAt: now + hiddenMs };
        sorted.delivered.push({ message, kept, firstReceivedAt: kept.received?.firstReceivedAt ?? now });
      }
    }
    return sorted;
  }

  #toDeadLetters(queue: Queue, kept: KeptMessage, target: Queue, now: number): Moved {
    const { body: _, received: __, ...row } = kept;
    const details = JSON.stringify({ ...readDetails(kept), deadLetterSource: queueArn(queue.record) });
    // A standard queue keeps the time of sending: what is in the dead-letter queue does not live longer for it.
    const sentAt = target.fifo ? now : kept.sentAt;
    const sequence = this.#parts.messages.nextSequence();
    return { from: kept.sequence, to: { ...row, sequence, queue: target.id, sentAt, visibleAt: now, details }, target };
  }

  async #write(queue: Queue, taken: readonly Taken[], { delivered, moved, removed }: Sorted, now: number) {
    const changes: MessageChanges = {
      received: delivered.map(({ message, firstReceivedAt }) => ({ ...message, firstReceivedAt })),
      moved,
      removed,
    };
    try {
      await this.#parts.messages.change(changes);
    } catch (error) {
      this.#giveBack(queue, taken, now);
      throw error;
    }
    for (const { message } of delivered) queue.received(message);
    for (const sequence of removed) queue.settled(sequence);
    for (const { from, to, target } of moved) {
      target.put(to.sequence, to.visibleAt, to.group);
      queue.settled(from);
    }
  }

  #giveBack(queue: Queue, taken: readonly Taken[], now: number): void {
    for (const { sequence, group } of taken) {
      queue.received({ sequence, group, receives: 0, receivedAt: now, visibleAt: now });
    }
  }

  #shown(queue: Queue, { message, kept, firstReceivedAt }: Delivered): ReceivedMessage {
    const details = readDetails(kept);
    const { sequence, receives } = message;
    return {
      messageId: details.id,
      receiptHandle: this.#parts.receipts.seal({ queue: queue.id, sequence, receives }),
      body: kept.body,
      attributes: attributesOf(details),
      senderId: details.sender,
      sentAt: kept.sentAt,
      receives,
      firstReceivedAt,
      sequenceNumber: queue.fifo ? sequenceNumber(sequence) : undefined,
      groupId: kept.group,
      deduplicationId: details.deduplication,
      traceHeader: details.trace,
      deadLetterSourceArn: details.deadLetterSource,
    };
  }
}
