import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AsyncEvent, AsyncStore } from '../../lambda/invoke/async-store.ts';
import { DueQueue } from './due-queue.ts';
import type { Writer } from './writer.ts';

/** A claimed event's place in the table. */
type Sequence = number;

/** Events are on the disk; what is claimed and when the rest is due is in memory, and is made again at a start. */
export class SqliteAsyncEvents implements AsyncStore {
  readonly #writer: Writer;
  readonly #read: StatementSync;
  readonly #find: StatementSync;
  readonly #due = new DueQueue();
  readonly #claimed = new Map<string, Sequence>();
  #next = 1;
  #count = 0;

  constructor(reader: DatabaseSync, writer: Writer) {
    this.#writer = writer;
    this.#read = reader.prepare('SELECT document, payload, attempts, due FROM async_event WHERE sequence = ?');
    this.#find = reader.prepare('SELECT sequence FROM async_event WHERE id = ?');
    for (const row of reader.prepare('SELECT sequence, due FROM async_event ORDER BY due').iterate()) {
      const sequence = Number(row.sequence);
      this.#due.add(Number(row.due), sequence);
      this.#next = Math.max(this.#next, sequence + 1);
      this.#count += 1;
    }
  }

  async add(event: AsyncEvent): Promise<void> {
    const { payload, attempts, nextAttemptAt, ...document } = event;
    const sequence = this.#next++;
    const sql = 'INSERT INTO async_event (sequence, id, due, attempts, document, payload) VALUES (?, ?, ?, ?, ?, ?)';
    const params = [sequence, event.id, nextAttemptAt, attempts, JSON.stringify(document), payload];
    await this.#writer.write([{ sql, params }]);
    this.#count += 1;
    this.#due.add(nextAttemptAt, sequence);
  }

  claim(limit: number, now: number): AsyncEvent[] {
    const events: AsyncEvent[] = [];
    while (events.length < limit && (this.#due.soonest ?? Number.POSITIVE_INFINITY) <= now) {
      const sequence = this.#due.take() ?? 0;
      const row = this.#read.get(sequence);
      // Settled without having been claimed.
      if (row === undefined) continue;
      const event = eventOf(row);
      this.#claimed.set(event.id, sequence);
      events.push(event);
    }
    return events;
  }

  async settle(id: string): Promise<void> {
    const sequence = this.#sequenceOf(id);
    if (sequence === undefined) return;
    const sql = 'DELETE FROM async_event WHERE sequence = ?';
    const gone = await this.#writer.write([{ sql, params: [sequence], mustChangeOne: true }]);
    this.#claimed.delete(id);
    if (gone) this.#count -= 1;
  }

  async postpone(id: string, { attempts, nextAttemptAt }: { attempts: number; nextAttemptAt: number }): Promise<void> {
    const sequence = this.#sequenceOf(id);
    if (sequence === undefined) return;
    const sql = 'UPDATE async_event SET attempts = ?, due = ? WHERE sequence = ?';
    const params = [attempts, nextAttemptAt, sequence];
    const there = await this.#writer.write([{ sql, params, mustChangeOne: true }]);
    // One that nobody claimed is in the queue already, under its old time.
    if (this.#claimed.delete(id) && there) this.#due.add(nextAttemptAt, sequence);
  }

  nextDueAt(): number | undefined {
    return this.#due.soonest;
  }

  count(): number {
    return this.#count;
  }

  #sequenceOf(id: string): Sequence | undefined {
    const claimed = this.#claimed.get(id);
    if (claimed !== undefined) return claimed;
    const row = this.#find.get(id);
    return row === undefined ? undefined : Number(row.sequence);
  }
}

function eventOf(row: Record<string, unknown>): AsyncEvent {
  const { payload } = row;
  if (!(payload instanceof Uint8Array)) throw new Error('Cannot read an accepted event: its payload is not bytes');
  return {
    ...JSON.parse(String(row.document)),
    payload: Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
    attempts: Number(row.attempts),
    nextAttemptAt: Number(row.due),
  };
}
