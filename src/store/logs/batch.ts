import type { MeteredInvocation } from '../../lambda/invoke/meter.ts';
import type { LogEvent, LogTarget } from '../../observe/function-log.ts';
import type { Statement, Unit } from '../sqlite/unit.ts';
import type { JournalPlace } from './journal-file.ts';

/** What one turn of the event loop logged and metered; a record of the journal is this as JSON. */
export interface Entry {
  readonly logs: readonly { readonly target: LogTarget; readonly events: readonly LogEvent[] }[];
  readonly metered: readonly MeteredInvocation[];
}

interface Stream {
  readonly target: LogTarget;
  readonly events: LogEvent[];
}

/** Gathers entries of the journal into what the database takes in one transaction. */
interface Sum extends Omit<MeteredInvocation, 'billedMs'> {
  billedMs: number;
  requests: number;
  megabyteMs: number;
}

export class Batch {
  readonly #streams = new Map<string, Stream>();
  readonly #usage = new Map<string, Sum>();
  bytes = 0;

  get empty(): boolean {
    return this.#streams.size === 0 && this.#usage.size === 0;
  }

  add({ logs, metered }: Entry): void {
    for (const { target, events } of logs) this.#log(target, events);
    for (const invocation of metered) this.#meter(invocation);
  }

  /** Everything, and the place in the journal up to which this is everything: both or neither. */
  unit(place: JournalPlace, now: number): Unit {
    const statements = [...this.#streams.values()].flatMap((stream) => statementsOf(stream, now));
    const usage = [...this.#usage.values()].map(billed);
    return [...statements, ...usage, moved(place)];
  }

  #log(target: LogTarget, events: readonly LogEvent[]): void {
    const key = `${target.accountId}\n${target.region}\n${target.group}\n${target.stream}`;
    const stream = this.#streams.get(key) ?? { target, events: [] };
    this.#streams.set(key, stream);
    for (const event of events) {
      stream.events.push(event);
      this.bytes += event.message.length + 32;
    }
  }

  #meter(invocation: MeteredInvocation): void {
    const { accountId, region, functionName, version, architecture, billedMs, memorySizeMb, finishedAt } = invocation;
    const day = dayOf(finishedAt);
    const key = `${accountId}\n${region}\n${functionName}\n${version}\n${architecture}\n${day}`;
    let sum = this.#usage.get(key);
    if (sum === undefined) {
      sum = { ...invocation, billedMs: 0, requests: 0, megabyteMs: 0 };
      this.#usage.set(key, sum);
    }
    sum.requests += 1;
    sum.billedMs += billedMs;
    sum.megabyteMs += billedMs * memorySizeMb;
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

function blockOf(events: readonly LogEvent[]): Block {
  const times = events.map(({ timestamp }) => timestamp);
  return {
    count: events.length,
    first: times.reduce((a, b) => Math.min(a, b), Number.MAX_SAFE_INTEGER),
    last: times.reduce((a, b) => Math.max(a, b), 0),
    data: Buffer.from(JSON.stringify(events.map(({ timestamp, message }) => [timestamp, message]))),
  };
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

function billed(sum: Sum): Statement {
  const { accountId, region, functionName, version, architecture, finishedAt, requests, billedMs, megabyteMs } = sum;
  return {
    sql: `INSERT INTO usage (account, region, function, version, architecture, day, requests, billed_ms, megabyte_ms)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET requests = requests + excluded.requests,
            billed_ms = billed_ms + excluded.billed_ms, megabyte_ms = megabyte_ms + excluded.megabyte_ms`,
    params: [accountId, region, functionName, version, architecture, dayOf(finishedAt), requests, billedMs, megabyteMs],
  };
}

function moved({ file, offset }: JournalPlace): Statement {
  return { sql: 'UPDATE journal SET file = ?, offset = ? WHERE one = 1', params: [file, offset] };
}

const dayMs = 86_400_000;
/** Nearly every invocation ends on the same day as the one before. */
let lastDay = { number: 0, text: '1970-01-01' };

function dayOf(time: number): string {
  const number = Math.floor(time / dayMs);
  if (number !== lastDay.number) lastDay = { number, text: new Date(time).toISOString().slice(0, 10) };
  return lastDay.text;
}
