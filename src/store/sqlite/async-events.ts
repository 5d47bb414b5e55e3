import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Aftermath, AsyncEvent, AsyncStore } from '../../lambda/invoke/async-store.ts';
import type { FunctionKey } from '../../lambda/model/function.ts';
import { DueQueue } from './due-queue.ts';
import type { Joined, Statement, UnitWriter } from './unit.ts';

/** An event's place in the table. */
type Sequence = number;

type Owner = Pick<AsyncEvent, 'accountId' | 'region' | 'functionName'>;

/** What is known of an event without its payload. */
interface Found {
  readonly sequence: Sequence;
  readonly owner: Owner;
}

/** One function's events that nobody has claimed. */
interface Line {
  readonly key: FunctionKey;
  readonly due: DueQueue;
}

/** Payloads of events that were just added and are run at once, as a rule: what does not fit is read from the disk. */
const rememberedBytesMax = 16 * 1024 * 1024;
const rememberedMax = 4096;

/** Events are on the disk; what is claimed and when the rest is due is in memory, and is made again at a start. */
export class SqliteAsyncEvents implements AsyncStore {
  readonly #writer: UnitWriter;
  readonly #read: StatementSync;
  readonly #find: StatementSync;
  /** The function that had its turn last comes last. */
  readonly #lines = new Map<string, Line>();
  readonly #claimed = new Map<string, Found>();
  readonly #remembered = new Map<Sequence, AsyncEvent>();
  #rememberedBytes = 0;
  #next = 1;
  #count = 0;

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#writer = writer;
    this.#read = reader.prepare('SELECT document, payload, attempts, due FROM async_event WHERE sequence = ?');
    this.#find = reader.prepare('SELECT sequence, document FROM async_event WHERE id = ?');
    for (const row of reader.prepare('SELECT sequence, due, document FROM async_event ORDER BY due').iterate()) {
      const sequence = Number(row.sequence);
      this.#enqueue(JSON.parse(String(row.document)), Number(row.due), sequence);
      this.#next = Math.max(this.#next, sequence + 1);
      this.#count += 1;
    }
  }

  async add(event: AsyncEvent): Promise<void> {
    const sequence = this.#next++;
    await this.#writer.write([insertion(event, sequence)]);
    this.#added(event, sequence);
  }

  /** The event as part of a commit that somebody else makes. */
  joined(event: AsyncEvent): Joined {
    const sequence = this.#next++;
    return { statements: [insertion(event, sequence)], committed: () => this.#added(event, sequence) };
  }

  claim(now: number, mayRun: (key: FunctionKey) => boolean): AsyncEvent | undefined {
    for (const [name, line] of this.#lines) {
      if (!isDue(line, now) || !mayRun(line.key)) continue;
      const event = this.#claimFrom(line, now);
      this.#lines.delete(name);
      if (line.due.soonest !== undefined) this.#lines.set(name, line);
      if (event !== undefined) return event;
    }
    return undefined;
  }

  async settle(id: string, { events }: Aftermath = { events: [] }): Promise<void> {
    const sequence = this.#found(id)?.sequence;
    if (sequence === undefined) return;
    const sql = 'DELETE FROM async_event WHERE sequence = ?';
    const added = events.map((event) => ({ event, sequence: this.#next++ }));
    const gone = await this.#writer.write([
      { sql, params: [sequence], mustChangeOne: true },
      ...added.map(({ event, sequence }) => insertion(event, sequence)),
    ]);
    this.#claimed.delete(id);
    if (!gone) return;
    this.#count -= 1;
    for (const { event, sequence } of added) this.#added(event, sequence);
  }

  async postpone(id: string, { attempts, nextAttemptAt }: { attempts: number; nextAttemptAt: number }): Promise<void> {
    const found = this.#found(id);
    if (found === undefined) return;
    const sql = 'UPDATE async_event SET attempts = ?, due = ? WHERE sequence = ?';
    const params = [attempts, nextAttemptAt, found.sequence];
    const there = await this.#writer.write([{ sql, params, mustChangeOne: true }]);
    // One that nobody claimed is in the queue already, under its old time.
    if (this.#claimed.delete(id) && there) this.#enqueue(found.owner, nextAttemptAt, found.sequence);
  }

  nextDueAt(mayRun: (key: FunctionKey) => boolean): number | undefined {
    let soonest: number | undefined;
    for (const { key, due } of this.#lines.values()) {
      const at = due.soonest;
      if (at !== undefined && at < (soonest ?? Number.POSITIVE_INFINITY) && mayRun(key)) soonest = at;
    }
    return soonest;
  }

  count(): number {
    return this.#count;
  }

  #claimFrom(line: Line, now: number): AsyncEvent | undefined {
    while (isDue(line, now)) {
      const sequence = line.due.take() ?? 0;
      const event = this.#recall(sequence) ?? this.#readEvent(sequence);
      // Settled without having been claimed.
      if (event === undefined) continue;
      this.#claimed.set(event.id, { sequence, owner: { ...line.key, functionName: line.key.name } });
      return event;
    }
    return undefined;
  }

  #readEvent(sequence: Sequence): AsyncEvent | undefined {
    const row = this.#read.get(sequence);
    return row && eventOf(row);
  }

  #remember(event: AsyncEvent, sequence: Sequence): void {
    const bytes = event.payload.byteLength;
    if (this.#rememberedBytes + bytes > rememberedBytesMax || this.#remembered.size >= rememberedMax) return;
    this.#rememberedBytes += bytes;
    this.#remembered.set(sequence, event);
  }

  /** Takes it out: whoever is given it holds it. */
  #recall(sequence: Sequence): AsyncEvent | undefined {
    const event = this.#remembered.get(sequence);
    if (event === undefined) return undefined;
    this.#remembered.delete(sequence);
    this.#rememberedBytes -= event.payload.byteLength;
    return event;
  }

  #added(event: AsyncEvent, sequence: Sequence): void {
    this.#count += 1;
    this.#remember(event, sequence);
    this.#enqueue(event, event.nextAttemptAt, sequence);
  }

  #enqueue({ accountId, region, functionName }: Owner, at: number, sequence: Sequence): void {
    const name = `${accountId}/${region}/${functionName}`;
    const line = this.#lines.get(name) ?? { key: { accountId, region, name: functionName }, due: new DueQueue() };
    line.due.add(at, sequence);
    this.#lines.set(name, line);
  }

  #found(id: string): Found | undefined {
    const claimed = this.#claimed.get(id);
    if (claimed !== undefined) return claimed;
    const row = this.#find.get(id);
    if (row === undefined) return undefined;
    const sequence = Number(row.sequence);
    // What is remembered of it is about to be no longer so.
    this.#recall(sequence);
    return { sequence, owner: JSON.parse(String(row.document)) };
  }
}

function isDue({ due }: Line, now: number): boolean {
  return (due.soonest ?? Number.POSITIVE_INFINITY) <= now;
}

function insertion(event: AsyncEvent, sequence: Sequence): Statement {
  const { payload, attempts, nextAttemptAt, ...document } = event;
  const sql = 'INSERT INTO async_event (sequence, id, due, attempts, document, payload) VALUES (?, ?, ?, ?, ?, ?)';
  return { sql, params: [sequence, event.id, nextAttemptAt, attempts, JSON.stringify(document), payload] };
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
