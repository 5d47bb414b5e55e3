import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import type { Delivery, NewDelivery } from '../../delivery/parcel.ts';
import type { Joined, Statement, UnitWriter } from '../sqlite/unit.ts';
import { Backlog, type Place } from './backlog.ts';

export const deliveriesSchema = `
  CREATE TABLE delivery (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    lane TEXT,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    accepted INTEGER NOT NULL,
    document TEXT NOT NULL,
    body TEXT NOT NULL
  );
`;

/** Deliveries on the disk; which of them is due is known in memory, and made again at a start. */
export class SqliteDeliveries {
  readonly #writer: UnitWriter;
  readonly #clock: Clock;
  readonly #read: StatementSync;
  readonly #place: StatementSync;
  readonly #backlog = new Backlog();
  #watcher: () => void = () => {};
  #next: number;
  #count = 0;

  constructor(reader: DatabaseSync, writer: UnitWriter, clock: Clock) {
    this.#writer = writer;
    this.#clock = clock;
    this.#read = reader.prepare('SELECT document, body, attempts, accepted FROM delivery WHERE sequence = ?');
    this.#place = reader.prepare('SELECT target, lane FROM delivery WHERE sequence = ?');
    const last = reader.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'delivery'").get();
    this.#next = Number(last?.seq ?? 0) + 1;
    // In the order of handing over, so that the first of each lane stands in front.
    for (const row of reader.prepare('SELECT sequence, target, lane, due FROM delivery ORDER BY sequence').iterate()) {
      this.#backlog.add(Number(row.sequence), Number(row.due), placeOf(row));
      this.#count += 1;
    }
  }

  /** Called when something may be due earlier than it seemed. */
  watch(watcher: () => void): void {
    this.#watcher = watcher;
  }

  /** For a commit that the deliveries' cause makes: they are kept together or not at all. */
  joined(deliveries: readonly NewDelivery[]): Joined {
    const now = this.#clock.now();
    const rows = deliveries.map((delivery) => ({ delivery, sequence: this.#next++, due: delivery.notBefore ?? now }));
    return {
      statements: rows.map(({ delivery, sequence, due }) => insertion(delivery, sequence, due, now)),
      committed: () => {
        for (const { delivery, sequence, due } of rows) this.#backlog.add(sequence, due, placeOf(placed(delivery)));
        this.#count += rows.length;
        if (rows.length > 0) this.#watcher();
      },
    };
  }

  /** On the disk when it resolves. */
  async add(deliveries: readonly NewDelivery[]): Promise<void> {
    const { statements, committed } = this.joined(deliveries);
    if (statements.length > 0) await this.#writer.write(statements);
    committed();
  }

  /** Up to `limit` that are due; claimed in memory only, so that after a crash they are due again. */
  claim(limit: number, now: number): Delivery[] {
    const claimed = this.#backlog.claim(limit, now, (sequence) => {
      const row = this.#place.get(sequence);
      return row === undefined ? undefined : placeOf(row);
    });
    return claimed.flatMap((id) => {
      const row = this.#read.get(id);
      if (row === undefined) return [];
      const [attempts, acceptedAt] = [Number(row.attempts), Number(row.accepted)];
      return [{ ...JSON.parse(String(row.document)), body: String(row.body), id, attempts, acceptedAt }];
    });
  }

  /** It is taken, or given up; what follows from that is kept with it. */
  async settle(id: number, followUps: readonly NewDelivery[] = []): Promise<void> {
    const { statements, committed } = this.joined(followUps);
    try {
      await this.#writer.write([{ sql: 'DELETE FROM delivery WHERE sequence = ?', params: [id] }, ...statements]);
    } catch (error) {
      this.#backlog.postponed(id, this.#clock.now() + unwrittenWaitMs);
      throw error;
    }
    this.#count -= 1;
    this.#backlog.settled(id);
    committed();
  }

  async postpone(id: number, { attempts, due }: { attempts: number; due: number }): Promise<void> {
    try {
      const sql = 'UPDATE delivery SET attempts = ?, due = ? WHERE sequence = ?';
      await this.#writer.write([{ sql, params: [attempts, due, id] }]);
    } finally {
      this.#backlog.postponed(id, due);
    }
  }

  nextDueAt(): number | undefined {
    return this.#backlog.nextDueAt();
  }

  count(): number {
    return this.#count;
  }
}

/** When the disk is full, everything is tried again after this. */
const unwrittenWaitMs = 60_000;

function insertion(delivery: NewDelivery, sequence: number, due: number, now: number): Statement {
  const { body, notBefore: _, ...document } = delivery;
  const { target, lane } = placed(delivery);
  return {
    sql: `
      INSERT INTO delivery (sequence, target, lane, due, attempts, accepted, document, body)
      VALUES (?, ?, ?, ?, 0, ?, ?, ?)`,
    params: [sequence, target, lane, due, now, JSON.stringify(document), body],
  };
}

function placed({ target, groupId }: NewDelivery) {
  // A group of a standard queue only tells tenants apart.
  const ordered = groupId !== undefined && target.endsWith('.fifo');
  return { target, lane: ordered ? `${target}\n${groupId}` : null };
}

function placeOf({ target, lane }: Record<string, unknown>): Place {
  return { target: String(target), lane: lane === null ? undefined : String(lane) };
}
