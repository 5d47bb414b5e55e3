import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  comesBefore,
  type Direction,
  type Place as EventPlace,
  Heads,
  hindmost,
  type Position,
  type StoredEvent,
} from './event-order.ts';

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

const edgesAtOnce = 200;

interface Block {
  readonly streamId: number;
  readonly firstSequence: number;
  readonly ingested: number;
  readonly data: Uint8Array;
}

/** Where the events of a block begin, or going backward where they end. */
interface BlockEdge extends Position {
  readonly firstSequence: number;
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

  /** Events of one stream at `from` and after it, in the order of their times. */
  forward(streamId: number, from: Position): Generator<StoredEvent> {
    return this.#ordered('forward', streamId, (event) => !comesBefore(event, from), this.#edgesForward(streamId, from));
  }

  /** Events of one stream before `before`, the latest first. */
  backward(streamId: number, before: Position): Generator<StoredEvent> {
    return this.#ordered(
      'backward',
      streamId,
      (event) => comesBefore(event, before),
      this.#edgesBackward(streamId, before),
    );
  }

  /** Events of many streams since `from`, in the order of their times; those behind `after` alone where that is given. */
  *merged(streamIds: readonly number[], from: number, after?: EventPlace): Generator<StoredEvent> {
    const heads = new Heads('forward');
    for (const id of streamIds) heads.add(this.forward(id, startIn(id, from, after)));
    for (let event = heads.take(); event !== undefined; event = heads.take()) yield event;
  }

  /**
   * Blocks are numbered as they were written, and nobody promises that later ones hold later times. They are taken by
   * their edges; one is read only when none of those read so far has an event before it. Where times ascend that is one
   * at a time.
   */
  *#ordered(
    direction: Direction,
    streamId: number,
    wanted: (event: StoredEvent) => boolean,
    edges: Generator<BlockEdge>,
  ): Generator<StoredEvent> {
    const heads = new Heads(direction);
    const sooner = direction === 'forward' ? comesBefore : (a: Position, b: Position) => comesBefore(b, a);
    let edge = edges.next();
    for (;;) {
      while (!edge.done && (heads.next === undefined || sooner(edge.value, heads.next))) {
        const events = this.#events(streamId, edge.value.firstSequence).filter(wanted);
        heads.add(events.sort((a, b) => (sooner(a, b) ? -1 : 1)).values());
        edge = edges.next();
      }
      const event = heads.take();
      if (event === undefined) return;
      yield event;
    }
  }

  *#edgesForward(streamId: number, from: Position): Generator<BlockEdge> {
    const sql = `
      SELECT first_time AS time, first_sequence, first_sequence AS sequence FROM log_block INDEXED BY log_block_first_time
      WHERE stream = ? AND (first_time, first_sequence) > (?, ?) AND last_time >= ?
      ORDER BY first_time, first_sequence LIMIT ${edgesAtOnce}`;
    yield* this.#edges(sql, streamId, { timestamp: -1, firstSequence: -1 }, from.timestamp);
  }

  *#edgesBackward(streamId: number, before: Position): Generator<BlockEdge> {
    const sql = `
      SELECT last_time AS time, first_sequence, first_sequence + count - 1 AS sequence FROM log_block INDEXED BY log_block_last_time
      WHERE stream = ? AND (last_time, first_sequence) < (?, ?) AND first_time <= ?
      ORDER BY last_time DESC, first_sequence DESC LIMIT ${edgesAtOnce}`;
    const { timestamp, sequence } = hindmost;
    yield* this.#edges(sql, streamId, { timestamp, firstSequence: sequence }, before.timestamp);
  }

  /** Page by page: a statement that stayed open would keep the database's journal from being reused. */
  *#edges(sql: string, streamId: number, start: Omit<BlockEdge, 'sequence'>, time: number): Generator<BlockEdge> {
    for (let { timestamp, firstSequence } = start; ; ) {
      const rows = this.#all(sql, streamId, timestamp, firstSequence, time);
      for (const row of rows) {
        timestamp = Number(row.time);
        firstSequence = Number(row.first_sequence);
        yield { timestamp, firstSequence, sequence: Number(row.sequence) };
      }
      if (rows.length < edgesAtOnce) return;
    }
  }

  #events(streamId: number, firstSequence: number): StoredEvent[] {
    const sql = 'SELECT ingested, data FROM log_block WHERE stream = ? AND first_sequence = ?';
    const row = this.#all(sql, streamId, firstSequence)[0];
    // Deleted since its edge was read.
    if (row === undefined || !(row.data instanceof Uint8Array)) return [];
    return eventsOf({ streamId, firstSequence, ingested: Number(row.ingested), data: row.data });
  }

  #all(sql: string, ...params: (string | number)[]) {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement.all(...params);
  }
}

/** Where a search goes on in one of its streams. */
function startIn(streamId: number, from: number, after: EventPlace | undefined): Position {
  if (after === undefined || after.timestamp < from) return { timestamp: from, sequence: 0 };
  const { timestamp, sequence } = after;
  if (streamId === after.streamId) return { timestamp, sequence: sequence + 1 };
  return streamId < after.streamId ? { timestamp: timestamp + 1, sequence: 0 } : { timestamp, sequence: 0 };
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
