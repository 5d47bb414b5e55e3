/** Every queue of the server, and what is done to queues as a whole. */
import type { Clock } from '../../../base/clock.ts';
import type { SqliteMessages } from '../../../store/sqs/messages.ts';
import type { QueueKey, QueueRecord, SqliteQueues } from '../../../store/sqs/queues.ts';
import { redriveOf } from '../attributes.ts';
import { parseQueueArn, queueArn } from '../names.ts';
import { Queue } from './queue.ts';

export interface QueuesParts {
  readonly records: SqliteQueues;
  readonly messages: SqliteMessages;
  readonly clock: Clock;
}

export class Queues {
  readonly #parts: QueuesParts;
  readonly #byKey = new Map<string, Queue>();
  /** Queues that are gone and left messages on the disk. */
  readonly #orphaned = new Set<number>();

  constructor(parts: QueuesParts) {
    this.#parts = parts;
    const { records, messages, clock } = parts;
    const byId = new Map<number, Queue>();
    for (const record of records.all()) byId.set(record.id, this.#keep(record));
    const now = clock.now();
    for (const place of messages.places()) {
      const queue = byId.get(place.queue);
      if (queue === undefined) this.#orphaned.add(place.queue);
      else queue.restore(place, now);
    }
  }

  find(key: QueueKey): Queue | undefined {
    return this.#byKey.get(keyOf(key));
  }

  byArn(arn: string): Queue | undefined {
    const key = parseQueueArn(arn);
    return key === undefined ? undefined : this.find(key);
  }

  /** By name. */
  in({ accountId, region }: Omit<QueueKey, 'name'>): Queue[] {
    const found = [...this.#byKey.values()].filter(
      ({ record }) => record.accountId === accountId && record.region === region,
    );
    return found.sort((a, b) => (a.record.name < b.record.name ? -1 : 1));
  }

  all(): Iterable<Queue> {
    return this.#byKey.values();
  }

  /** The queues whose dead letters go to this one. */
  sourcesOf(deadLetters: Queue): Queue[] {
    const arn = queueArn(deadLetters.record);
    return this.in(deadLetters.record).filter(({ record }) => redriveOf(record)?.deadLetterTargetArn === arn);
  }

  /** Undefined when the name is taken. */
  async create(queue: Omit<QueueRecord, 'id'>): Promise<Queue | undefined> {
    const record = await this.#parts.records.create(queue);
    return record === undefined ? undefined : this.#keep(record);
  }

  /** Two changes at once: both are done, one after the other. */
  async change(queue: Queue, change: (record: QueueRecord) => QueueRecord): Promise<void> {
    const record = change(queue.record);
    const before = queue.record;
    queue.record = record;
    try {
      await this.#parts.records.replace(record);
    } catch (error) {
      if (queue.record === record) queue.record = before;
      throw error;
    }
  }

  async delete(queue: Queue): Promise<void> {
    await this.#parts.records.delete(queue.record);
    this.#byKey.delete(keyOf(queue.record));
    queue.end();
    this.#orphaned.add(queue.id);
  }

  async purge(queue: Queue): Promise<void> {
    const upTo = this.#parts.messages.nextSequence();
    queue.purging = true;
    queue.purge(upTo);
    try {
      await this.#parts.messages.clear(queue.id, upTo);
    } finally {
      queue.purging = false;
    }
  }

  /** Messages of queues that are gone go in the background. */
  async clearOrphans(): Promise<void> {
    for (const id of [...this.#orphaned]) {
      await this.#parts.messages.clear(id);
      this.#orphaned.delete(id);
    }
  }

  #keep(record: QueueRecord): Queue {
    const queue = new Queue(record, this.#parts.clock);
    this.#byKey.set(keyOf(record), queue);
    return queue;
  }
}

function keyOf({ accountId, region, name }: QueueKey): string {
  return `${accountId}/${region}/${name}`;
}
