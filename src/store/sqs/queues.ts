import type { DatabaseSync } from 'node:sqlite';
import type { Writer } from '../sqlite/writer.ts';

export interface QueueKey {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

export interface QueueRecord extends QueueKey {
  /** Never given again, not even when the queue is deleted and made anew. */
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** As they were set; what was not set is absent. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** A move of messages out of a dead-letter queue. */
export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn?: string;
  readonly perSecondMax?: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  readonly startedAt: number;
  readonly toMove: number;
  readonly moved: number;
  readonly failureReason?: string;
}

/** Queues and move tasks on the disk; who uses them keeps them in memory. */
export class SqliteQueues {
  readonly #reader: DatabaseSync;
  readonly #writer: Writer;
  #next: number;

  constructor(reader: DatabaseSync, writer: Writer) {
    this.#reader = reader;
    this.#writer = writer;
    this.#next = lastOf(reader, 'sqs_queue') + 1;
  }

  all(): QueueRecord[] {
    return this.#reader.prepare('SELECT id, document FROM sqs_queue').all().map(recordOf);
  }

  /** False when the name is taken. */
  async create(queue: Omit<QueueRecord, 'id'>): Promise<QueueRecord | undefined> {
    const record = { ...queue, id: this.#next++ };
    const { id, accountId, region, name } = record;
    const sql = `
      INSERT INTO sqs_queue (id, account, region, name, document) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;
    const params = [id, accountId, region, name, JSON.stringify(record)];
    return (await this.#writer.write([{ sql, params, mustChangeOne: true }])) ? record : undefined;
  }

  async replace(record: QueueRecord): Promise<void> {
    const sql = 'UPDATE sqs_queue SET document = ? WHERE id = ?';
    await this.#writer.write([{ sql, params: [JSON.stringify(record), record.id] }]);
  }

  async delete({ id }: QueueRecord): Promise<void> {
    await this.#writer.write([
      { sql: 'DELETE FROM sqs_queue WHERE id = ?', params: [id] },
      { sql: 'DELETE FROM sqs_deduplication WHERE queue = ?', params: [id] },
    ]);
  }

  moveTasks(): MoveTask[] {
    const rows = this.#reader.prepare('SELECT document FROM sqs_move_task').all();
    return rows.map(({ document }) => JSON.parse(String(document)));
  }

  async putMoveTask(task: MoveTask): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO sqs_move_task (handle, document) VALUES (?, ?)';
    await this.#writer.write([{ sql, params: [task.handle, JSON.stringify(task)] }]);
  }

  async dropMoveTask(handle: string): Promise<void> {
    await this.#writer.write([{ sql: 'DELETE FROM sqs_move_task WHERE handle = ?', params: [handle] }]);
  }
}

/** The highest number that a table ever gave, whether its row is still there or not. */
export function lastOf(reader: DatabaseSync, table: string): number {
  return Number(reader.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(table)?.seq ?? 0);
}

function recordOf({ id, document }: Record<string, unknown>): QueueRecord {
  return { ...JSON.parse(String(document)), id: Number(id) };
}
