import type { Clock } from '../../../base/clock.ts';
import { deferred } from '../../../base/deferred.ts';
import type { Random } from '../../../base/random.ts';
import type { DeduplicationRow, MessageRow, SqliteMessages } from '../../../store/sqs/messages.ts';
import { numberOf } from '../attributes.ts';
import { detailsOf, type NewMessage, type SentMessage } from '../message.ts';
import { Deduplication, deduplicationMs, type FirstSend } from './deduplication.ts';
import type { Queue } from './queue.ts';

export interface SendingParts {
  readonly messages: SqliteMessages;
  readonly clock: Clock;
  readonly random: Random;
}

interface Planned {
  readonly answer: SentMessage;
  readonly row?: MessageRow;
  readonly remembered?: DeduplicationRow;
  /** Of a duplicate: it is answered once the first is on the disk. */
  readonly first?: FirstSend;
}

export class Sending {
  readonly #parts: SendingParts;
  readonly #deduplication = new Deduplication();

  constructor(parts: SendingParts) {
    this.#parts = parts;
    const { messages, clock } = parts;
    for (const row of messages.deduplications(clock.now())) this.#deduplication.restore(row);
  }

  /** On the disk when it resolves: all of them, in one write. */
  async send(queue: Queue, batch: readonly NewMessage[]): Promise<SentMessage[]> {
    const written = deferred<void>();
    const planned = batch.map((message) => this.#plan(queue, message, written.promise));
    const rows = planned.flatMap(({ row }) => row ?? []);
    const deduplications = planned.flatMap(({ remembered }) => remembered ?? []);
    try {
      if (rows.length > 0) await this.#parts.messages.change({ sent: rows, deduplications });
      written.resolve();
    } catch (error) {
      written.reject(error);
      // Who is a duplicate of this hears of it there; without duplicates nobody listens.
      written.promise.catch(() => {});
      throw error;
    }
    for (const { sequence, visibleAt, group } of rows) queue.put(sequence, visibleAt, group);
    await Promise.all(planned.map(({ first }) => first?.written));
    return planned.map(({ answer }) => answer);
  }

  async forget(): Promise<void> {
    const now = this.#parts.clock.now();
    this.#deduplication.forget(now);
    await this.#parts.messages.forgetDeduplications(now);
  }

  #plan(queue: Queue, message: NewMessage, written: Promise<void>): Planned {
    const now = this.#parts.clock.now();
    const { deduplicationId: id, groupId = '' } = message;
    if (!queue.fifo || id === undefined) return this.#row(queue, message, now);
    const scope = queue.record.attributes.DeduplicationScope === 'messageGroup' ? groupId : '';
    const first = this.#deduplication.find(queue.id, scope, id, now);
    if (first !== undefined) {
      return { answer: { messageId: first.messageId, sequenceNumber: sequenceNumber(first.sequence) }, first };
    }
    const planned = this.#row(queue, message, now);
    const { answer, row } = planned;
    const { messageId } = answer;
    const remembered = {
      queue: queue.id,
      scope,
      id,
      messageId,
      sequence: row.sequence,
      expiresAt: now + deduplicationMs,
    };
    this.#deduplication.add(remembered, written);
    return { ...planned, remembered };
  }

  #row(queue: Queue, message: NewMessage, now: number): { answer: SentMessage; row: MessageRow } {
    const { messages, random } = this.#parts;
    const messageId = random.uuid();
    const sequence = messages.nextSequence();
    const delayMs = message.delayMs ?? numberOf(queue.record, 'DelaySeconds') * 1000;
    return {
      answer: { messageId, sequenceNumber: queue.fifo ? sequenceNumber(sequence) : undefined },
      row: {
        sequence,
        queue: queue.id,
        sentAt: now,
        visibleAt: now + delayMs,
        group: message.groupId,
        details: JSON.stringify(detailsOf(messageId, message)),
        body: message.body,
      },
    };
  }
}

/** Twenty digits, as AWS's; higher for what was sent later. */
export function sequenceNumber(sequence: number): string {
  return String(18_850_000_000_000_000_000n + BigInt(sequence));
}
