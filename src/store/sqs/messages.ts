import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Statement, Value } from '../sqlite/unit.ts';
import type { Writer } from '../sqlite/writer.ts';
import { lastOf } from './queues.ts';

/** A message as it is kept; times are milliseconds since the epoch. */
export interface MessageRow {
  readonly sequence: number;
  readonly queue: number;
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly group?: string;
  /** JSON that only the queue's engine reads. */
  readonly details: string;
  readonly body: string;
}

export interface ReceiveState {
  readonly visibleAt: number;
  readonly receives: number;
  readonly firstReceivedAt: number;
}

export interface KeptMessage extends MessageRow {
  /** Absent until it is received for the first time. */
  readonly received?: ReceiveState;
}

/** What memory needs of a message at a start. */
export interface MessagePlace {
  readonly sequence: number;
  readonly queue: number;
  readonly visibleAt: number;
  readonly group?: string;
  readonly receives: number;
}

/** A message with this identity was sent; a second one is not kept until then. */
export interface DeduplicationRow {
  readonly queue: number;
  /** The group, where identities count for each group alone. */
  readonly scope: string;
  readonly id: string;
  readonly expiresAt: number;
  readonly messageId: string;
  readonly sequence: number;
}

/** To another queue, under a new number. */
export interface Move {
  readonly from: number;
  readonly to: Omit<MessageRow, 'body'>;
  /** Counts as never received there. */
  readonly fresh?: true;
}

/** Changes that are done together. */
export interface MessageChanges {
  readonly sent?: readonly MessageRow[];
  readonly deduplications?: readonly DeduplicationRow[];
  readonly received?: readonly (ReceiveState & { readonly sequence: number })[];
  /** Visible at another time than was said at the receive. */
  readonly extended?: readonly { readonly sequence: number; readonly visibleAt: number }[];
  readonly moved?: readonly Move[];
  readonly removed?: readonly number[];
}

const removedAtOnce = 2000;

/** Messages on the disk. Which of them may be received now is known in memory (services/sqs/engine). */
export class SqliteMessages {
  readonly #reader: DatabaseSync;
  readonly #writer: Writer;
  readonly #read: StatementSync;
  readonly #expired: StatementSync;
  readonly #any: StatementSync;
  #next: number;

  constructor(reader: DatabaseSync, writer: Writer) {
    this.#reader = reader;
    this.#writer = writer;
    this.#next = lastOf(reader, 'sqs_message') + 1;
    this.#read = reader.prepare(`
      SELECT queue, sent, m.visible_at AS visible_at, message_group, details, body,
        r.visible_at AS hidden_until, receives, first_received
      FROM sqs_message m LEFT JOIN sqs_receive r USING (sequence) WHERE m.sequence = ?`);
    this.#expired = reader.prepare(`
      SELECT sequence, message_group FROM sqs_message WHERE queue = ? AND sent <= ? LIMIT ?`);
    this.#any = reader.prepare('SELECT 1 FROM sqs_message WHERE queue = ? AND sequence <= ? LIMIT 1');
  }

  /** The number of the next message: later ones have higher numbers, across all queues. */
  nextSequence(): number {
    return this.#next++;
  }

  /** Every message, in the order of sending. */
  *places(): Generator<MessagePlace> {
    const rows = this.#reader.prepare(`
      SELECT m.sequence AS sequence, queue, message_group, coalesce(r.visible_at, m.visible_at) AS visible_at,
        coalesce(receives, 0) AS receives
      FROM sqs_message m LEFT JOIN sqs_receive r USING (sequence) ORDER BY m.sequence`);
    for (const row of rows.iterate()) {
      yield {
        sequence: Number(row.sequence),
        queue: Number(row.queue),
        visibleAt: Number(row.visible_at),
        group: textOf(row.message_group),
        receives: Number(row.receives),
      };
    }
  }

  deduplications(now: number): DeduplicationRow[] {
    const rows = this.#reader.prepare('SELECT * FROM sqs_deduplication WHERE expires > ? ORDER BY expires').all(now);
    return rows.map((row) => ({
      queue: Number(row.queue),
      scope: String(row.scope),
      id: String(row.id),
      expiresAt: Number(row.expires),
      messageId: String(row.message),
      sequence: Number(row.sequence),
    }));
  }

  read(sequence: number): KeptMessage | undefined {
    const row = this.#read.get(sequence);
    if (row === undefined) return undefined;
    const message = {
      sequence,
      queue: Number(row.queue),
      sentAt: Number(row.sent),
      visibleAt: Number(row.visible_at),
      group: textOf(row.message_group),
      details: String(row.details),
      body: String(row.body),
    };
    if (row.receives === null) return message;
    const [visibleAt, receives] = [Number(row.hidden_until), Number(row.receives)];
    return { ...message, received: { visibleAt, receives, firstReceivedAt: Number(row.first_received) } };
  }

  /** Durable when it resolves, all of it or nothing. */
  async change(changes: MessageChanges): Promise<void> {
    await this.#writer.write(statementsOf(changes));
  }

  /** Sent at `sentBefore` or earlier; not all of them at once. */
  expired(queue: number, sentBefore: number): { sequence: number; group?: string }[] {
    const rows = this.#expired.all(queue, sentBefore, removedAtOnce);
    return rows.map((row) => ({ sequence: Number(row.sequence), group: textOf(row.message_group) }));
  }

  async forgetDeduplications(now: number): Promise<void> {
    await this.#writer.write([{ sql: 'DELETE FROM sqs_deduplication WHERE expires <= ?', params: [now] }]);
  }

  /** Everything in a queue up to a number; in pieces, so that other writers do not wait for all of it. */
  async clear(queue: number, upTo = Number.MAX_SAFE_INTEGER): Promise<void> {
    const sql = `
      DELETE FROM sqs_message WHERE sequence IN (
        SELECT sequence FROM sqs_message WHERE queue = ? AND sequence <= ? LIMIT ${removedAtOnce})`;
    do await this.#writer.write([{ sql, params: [queue, upTo] }]);
    while (this.#any.get(queue, upTo) !== undefined);
  }
}

const insert = `
  INSERT INTO sqs_message (sequence, queue, sent, visible_at, message_group, details, body)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const remember = `
  INSERT OR REPLACE INTO sqs_deduplication (queue, scope, id, expires, message, sequence) VALUES (?, ?, ?, ?, ?, ?)`;
const receive = `
  INSERT INTO sqs_receive (sequence, visible_at, receives, first_received)
  SELECT sequence, ?, ?, ? FROM sqs_message WHERE sequence = ?
  ON CONFLICT (sequence) DO UPDATE SET visible_at = excluded.visible_at, receives = excluded.receives`;
const extend = 'UPDATE sqs_receive SET visible_at = ? WHERE sequence = ?';
const copy = `
  INSERT INTO sqs_message (sequence, queue, sent, visible_at, message_group, details, body)
  SELECT ?, ?, ?, ?, ?, ?, body FROM sqs_message WHERE sequence = ?`;
/** How often it was received counts across all queues. */
const copyReceives = `
  INSERT INTO sqs_receive (sequence, visible_at, receives, first_received)
  SELECT ?, ?, receives, first_received FROM sqs_receive WHERE sequence = ?`;
const remove = 'DELETE FROM sqs_message WHERE sequence = ?';

function statementsOf(changes: MessageChanges): Statement[] {
  const { sent = [], deduplications = [], received = [], extended = [], moved = [], removed = [] } = changes;
  return [
    ...sent.map((row) => ({ sql: insert, params: [...placeParams(row), row.body] })),
    ...deduplications.map((row) => ({ sql: remember, params: deduplicationParams(row) })),
    ...received.map(({ sequence, visibleAt, receives, firstReceivedAt }) => ({
      sql: receive,
      params: [visibleAt, receives, firstReceivedAt, sequence],
    })),
    ...extended.map(({ sequence, visibleAt }) => ({ sql: extend, params: [visibleAt, sequence] })),
    ...moved.flatMap(moveStatements),
    ...removed.map((sequence) => ({ sql: remove, params: [sequence] })),
  ];
}

function moveStatements({ from, to, fresh }: Move): Statement[] {
  return [
    { sql: copy, params: [...placeParams(to), from] },
    ...(fresh ? [] : [{ sql: copyReceives, params: [to.sequence, to.visibleAt, from] }]),
    { sql: remove, params: [from] },
  ];
}

function placeParams(row: Omit<MessageRow, 'body'>): Value[] {
  return [row.sequence, row.queue, row.sentAt, row.visibleAt, row.group ?? null, row.details];
}

function deduplicationParams(row: DeduplicationRow): Value[] {
  return [row.queue, row.scope, row.id, row.expiresAt, row.messageId, row.sequence];
}

function textOf(value: unknown): string | undefined {
  return value === null ? undefined : String(value);
}
