import type { MeteredAllocation, MeteredInvocation } from '../../lambda/invoke/meter.ts';
import type { LogEvent, LogTarget } from '../../observe/function-log.ts';
import type { Statement, Unit } from '../sqlite/unit.ts';
import type { JournalPlace } from './journal-file.ts';
import { UsageSums } from './usage-sums.ts';

/** What one turn of the event loop logged and metered; a record of the journal is this as JSON. */
export interface Entry {
  readonly logs: readonly { readonly target: LogTarget; readonly events: readonly LogEvent[] }[];
  readonly metered: readonly MeteredInvocation[];
  readonly allocations?: readonly MeteredAllocation[];
}

interface Stream {
  readonly target: LogTarget;
  readonly events: LogEvent[];
}

/** Gathers entries of the journal into what the database takes in one transaction. */
export class Batch {
  readonly #streams = new Map<string, Stream>();
  /** An environment appends under one and the same target. */
  readonly #byTarget = new Map<LogTarget, Stream>();
  readonly #usage = new UsageSums();
  bytes = 0;

  get empty(): boolean {
    return this.#streams.size === 0 && this.#usage.empty;
  }

  add({ logs, metered, allocations = [] }: Entry): void {
    for (const { target, events } of logs) this.#log(target, events);
    for (const invocation of metered) this.#usage.add(invocation);
    for (const allocation of allocations) this.#usage.allocated(allocation);
  }

  /** Everything, and the place in the journal up to which this is everything: both or neither. */
  unit(place: JournalPlace, now: number): Unit {
    const statements = [...this.#streams.values()].flatMap((stream) => statementsOf(stream, now));
    return [...statements, ...this.#usage.statements(), moved(place)];
  }

  #log(target: LogTarget, events: readonly LogEvent[]): void {
    const stream = this.#byTarget.get(target) ?? this.#streamOf(target);
    for (const event of events) {
      stream.events.push(event);
      this.bytes += event.message.length + 32;
    }
  }

  #streamOf(target: LogTarget): Stream {
    const key = `${target.accountId}\n${target.region}\n${target.group}\n${target.stream}`;
    const stream = this.#streams.get(key) ?? { target, events: [] };
    this.#streams.set(key, stream);
    this.#byTarget.set(target, stream);
    return stream;
  }
}

/** What a reader has to parse at once. */
const blockCharactersMax = 256 * 1024;

interface Block {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** `[[timestamp, message], …]` as JSON. */
  readonly data: Buffer;
}

/** A stream is told apart by four names; the database numbers its events. */
function statementsOf({ target, events }: Stream, now: number): Statement[] {
  const { accountId, region, group, stream } = target;
  const blocks = blocksOf(events);
  const first = blocks.reduce((least, block) => Math.min(least, block.first), Number.MAX_SAFE_INTEGER);
  const last = blocks.reduce((most, block) => Math.max(most, block.last), 0);
  const bytes = blocks.reduce((sum, { data }) => sum + data.length, 0);
  const names = [accountId, region, group, stream];
  return [
    { sql: upsertGroup, params: [accountId, region, group, now, bytes] },
    { sql: upsertStream, params: [...names, now, first, last, now, events.length] },
    ...blockStatements(blocks, names, now),
  ];
}

/** The stream's next number has been moved on already: the first block begins all events before it. */
function blockStatements(blocks: readonly Block[], names: readonly string[], now: number): Statement[] {
  let ahead = blocks.reduce((sum, { count }) => sum + count, 0);
  return blocks.map(({ count, first, last, data }) => {
    const params = [ahead, count, first, last, now, data, ...names];
    ahead -= count;
    return { sql: insertBlock, params, mustChangeOne: true };
  });
}

function blocksOf(events: readonly LogEvent[]): Block[] {
  const blocks: Block[] = [];
  let [from, characters] = [0, 0];
  for (const [index, { message }] of events.entries()) {
    characters += message.length;
    if (characters < blockCharactersMax && index + 1 < events.length) continue;
    blocks.push(blockOf(events.slice(from, index + 1)));
    [from, characters] = [index + 1, 0];
  }
  return blocks;
}

/** Its JSON is put together here: an array for each event would be made to be thrown away. */
function blockOf(events: readonly LogEvent[]): Block {
  let first = Number.MAX_SAFE_INTEGER;
  let last = 0;
  let data = '';
  for (const { timestamp, message } of events) {
    first = Math.min(first, timestamp);
    last = Math.max(last, timestamp);
    data += `${data === '' ? '[' : ','}[${timestamp},${JSON.stringify(message)}]`;
  }
  return { count: events.length, first, last, data: Buffer.from(`${data}]`) };
}

const upsertGroup = `
  INSERT INTO log_group (account, region, name, created, bytes) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes`;
const upsertStream = `
  INSERT INTO log_stream
    (account, region, log_group, name, created, first_time, last_time, last_ingestion, next_sequence)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET
    first_time = min(coalesce(first_time, excluded.first_time), excluded.first_time),
    last_time = max(coalesce(last_time, 0), excluded.last_time),
    last_ingestion = excluded.last_ingestion,
    next_sequence = next_sequence + excluded.next_sequence`;
const insertBlock = `
  INSERT INTO log_block (stream, first_sequence, count, first_time, last_time, ingested, data)
  SELECT id, next_sequence - ?, ?, ?, ?, ?, ? FROM log_stream
  WHERE account = ? AND region = ? AND log_group = ? AND name = ?`;

function moved({ file, offset }: JournalPlace): Statement {
  return { sql: 'UPDATE journal SET file = ?, offset = ? WHERE one = 1', params: [file, offset] };
}
