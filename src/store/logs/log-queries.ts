import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Reads of what the journal has moved into the database. Times are milliseconds since the epoch. */

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

export interface LogGroup {
  readonly name: string;
  readonly created: number;
  readonly retentionDays?: number;
  readonly bytes: number;
}

export interface LogStream {
  readonly id: number;
  readonly name: string;
  readonly created: number;
  readonly firstTime?: number;
  readonly lastTime?: number;
  readonly lastIngestion?: number;
  readonly nextSequence: number;
}

export interface StoredEvent {
  readonly streamId: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly message: string;
  readonly ingested: number;
}

interface Block {
  readonly streamId: number;
  readonly firstSequence: number;
  readonly count: number;
  readonly ingested: number;
  readonly data: Uint8Array;
}

export class LogQueries {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  groups({ accountId, region }: Place): LogGroup[] {
    const rows = this.#all('SELECT * FROM log_group WHERE account = ? AND region = ? ORDER BY name', accountId, region);
    return rows.map((row) => ({
      name: String(row.name),
      created: Number(row.created),
      retentionDays: optional(row.retention_days),
      bytes: Number(row.bytes),
    }));
  }

  group(place: Place, name: string): LogGroup | undefined {
    return this.groups(place).find((group) => group.name === name);
  }

  /** By name; those alone that have an event since `since`, where that is given. */
  streams({ accountId, region }: Place, group: string, since?: number): LogStream[] {
    const all = 'SELECT * FROM log_stream WHERE account = ? AND region = ? AND log_group = ?';
    const rows =
      since === undefined
        ? this.#all(`${all} ORDER BY name`, accountId, region, group)
        : this.#all(`${all} AND last_time >= ? ORDER BY name`, accountId, region, group, since);
    return rows.map(streamOf);
  }

  stream({ accountId, region }: Place, group: string, name: string): LogStream | undefined {
    const sql = 'SELECT * FROM log_stream WHERE account = ? AND region = ? AND log_group = ? AND name = ?';
    return this.#all(sql, accountId, region, group, name).map(streamOf)[0];
  }

  /** Events of one stream with sequence numbers from `from` on, ascending. */
  *forward(streamId: number, from: number): Generator<StoredEvent> {
    const sql = `SELECT * FROM log_block WHERE stream = ? AND first_sequence + count > ? ORDER BY first_sequence LIMIT 1`;
    for (let next = from; ; ) {
      const block = this.#block(sql, streamId, next);
      if (block === undefined) return;
      for (const event of eventsOf(block)) if (event.sequence >= next) yield event;
      next = block.firstSequence + block.count;
    }
  }

  /** Events of one stream with sequence numbers below `before`, descending. */
  *backward(streamId: number, before: number): Generator<StoredEvent> {
    const sql = `SELECT * FROM log_block WHERE stream = ? AND first_sequence < ? ORDER BY first_sequence DESC LIMIT 1`;
    for (let next = before; ; ) {
      const block = this.#block(sql, streamId, next);
      if (block === undefined) return;
      for (const event of eventsOf(block).reverse()) if (event.sequence < next) yield event;
      next = block.firstSequence;
    }
  }

  /** Events of many streams since `from`, in the order of their times. */
  *merged(streamIds: readonly number[], from: number): Generator<StoredEvent> {
    const heads = new Heads();
    for (const id of streamIds) heads.add(this.forward(id, this.#firstSequenceSince(id, from)));
    for (let event = heads.take(); event !== undefined; event = heads.take()) {
      // A block that reaches into the time asked for may begin before it.
      if (event.timestamp >= from) yield event;
    }
  }

  #firstSequenceSince(streamId: number, time: number): number {
    const sql = 'SELECT min(first_sequence) AS first FROM log_block WHERE stream = ? AND last_time >= ?';
    const first = this.#all(sql, streamId, time)[0]?.first;
    return first === null || first === undefined ? Number.MAX_SAFE_INTEGER : Number(first);
  }

  #block(sql: string, streamId: number, sequence: number): Block | undefined {
    const row = this.#all(sql, streamId, sequence)[0];
    if (row === undefined || !(row.data instanceof Uint8Array)) return undefined;
    return {
      streamId,
      firstSequence: Number(row.first_sequence),
      count: Number(row.count),
      ingested: Number(row.ingested),
      data: row.data,
    };
  }

  #all(sql: string, ...params: (string | number)[]) {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement.all(...params);
  }
}

interface Head {
  event: StoredEvent;
  readonly rest: Generator<StoredEvent>;
}

/** The next event of each of many streams, as a binary heap: a busy function has a stream for each of its environments. */
class Heads {
  readonly #heap: Head[] = [];

  add(rest: Generator<StoredEvent>): void {
    const first = rest.next();
    if (first.done) return;
    this.#heap.push({ event: first.value, rest });
    for (let at = this.#heap.length - 1; at > 0; at = (at - 1) >> 1) this.#order((at - 1) >> 1, at);
  }

  /** The least of them all; its stream's next one takes its place. */
  take(): StoredEvent | undefined {
    const [head] = this.#heap;
    if (head === undefined) return undefined;
    const { event } = head;
    const next = head.rest.next();
    if (next.done) this.#remove();
    else head.event = next.value;
    this.#sink();
    return event;
  }

  #remove(): void {
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) this.#heap[0] = last;
  }

  #sink(): void {
    for (let at = 0, child = 1; child < this.#heap.length; child = 2 * at + 1) {
      const lesser = this.#isBefore(child + 1, child) ? child + 1 : child;
      if (!this.#order(at, lesser)) return;
      at = lesser;
    }
  }

  /** Puts the lesser of two on top; whether that changed anything. */
  #order(parent: number, child: number): boolean {
    const [above, below] = [this.#heap[parent], this.#heap[child]];
    if (above === undefined || below === undefined || !before(below.event, above.event)) return false;
    this.#heap[parent] = below;
    this.#heap[child] = above;
    return true;
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    return a !== undefined && b !== undefined && before(a.event, b.event);
  }
}

/** Equal times keep streams apart and sequences in order, so that pages meet without gap or overlap. */
export function before(a: StoredEvent, b: StoredEvent): boolean {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp;
  return a.streamId !== b.streamId ? a.streamId < b.streamId : a.sequence < b.sequence;
}

function eventsOf({ streamId, firstSequence, ingested, data }: Block): StoredEvent[] {
  const pairs: [number, string][] = JSON.parse(Buffer.from(data).toString());
  return pairs.map(([timestamp, message], index) => ({
    streamId,
    sequence: firstSequence + index,
    timestamp,
    message,
    ingested,
  }));
}

function streamOf(row: Record<string, unknown>): LogStream {
  return {
    id: Number(row.id),
    name: String(row.name),
    created: Number(row.created),
    firstTime: optional(row.first_time),
    lastTime: optional(row.last_time),
    lastIngestion: optional(row.last_ingestion),
    nextSequence: Number(row.next_sequence),
  };
}

function optional(value: unknown): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
