import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import { type Deferred, deferred } from '../../base/deferred.ts';
import type { Meter, MeteredAllocation, MeteredInvocation } from '../../lambda/invoke/meter.ts';
import type { FunctionLog, LogEvent, LogTarget } from '../../observe/function-log.ts';
import type { Log } from '../../observe/log.ts';
import type { Unit } from '../sqlite/unit.ts';
import type { Writer } from '../sqlite/writer.ts';
import { Batch, type Entry } from './batch.ts';
import { JournalFile, type JournalPlace, journalFiles, readJournal, removeJournalFile } from './journal-file.ts';

export interface JournalParts {
  readonly folder: string;
  readonly reader: DatabaseSync;
  readonly writer: Writer;
  readonly clock: Clock;
  readonly log: Log;
}

const moveEveryMs = 250;
const moveBytesMax = 4 * 1024 * 1024;
/** Beyond this the database is too far behind: further log lines are dropped and counted, as AWS does. Never the bill. */
const waitingBytesMax = 64 * 1024 * 1024;
/** A chatty function does not pile up in memory until somebody asks for its lines to be persisted. */
const unwrittenBytesMax = 1024 * 1024;
const fileBytesMax = 64 * 1024 * 1024;
const retryMs = 1_000;
const settleMsMax = 5_000;
const reportEveryMs = 10_000;

interface Full {
  readonly batch: Batch;
  /** Behind all that is in it. */
  readonly place: JournalPlace;
  readonly moved: Deferred<void>;
}

/**
 * Takes log events and metered invocations where `kill -9` cannot reach them, at the price of one write to a file for all
 * that ended in one turn of the event loop, and moves them into the database behind everybody's back.
 */
export class LogJournal implements FunctionLog, Meter {
  readonly #parts: JournalParts;
  #file: JournalFile;
  #logs: { target: LogTarget; events: readonly LogEvent[] }[] = [];
  #metered: MeteredInvocation[] = [];
  #allocations: MeteredAllocation[] = [];
  #unwrittenBytes = 0;
  /** Takes what comes. */
  #batch = new Batch();
  /** On their way into the database, each no larger than one transaction should be. */
  readonly #full: Full[] = [];
  #fullBytes = 0;
  #moving: Promise<void> | undefined;
  #cancelMove: (() => void) | undefined;
  #dropped = 0;
  #reportedAt = Number.NEGATIVE_INFINITY;
  /** The number of the oldest file there still is. */
  #oldest: number;
  #closed = false;

  private constructor(parts: JournalParts, file: JournalFile) {
    this.#parts = parts;
    this.#file = file;
    this.#oldest = file.number;
  }

  /** Moves what an earlier process left in the journal, and begins a new file. */
  static async open(parts: JournalParts): Promise<LogJournal> {
    const last = await recover(parts);
    return new LogJournal(parts, new JournalFile(parts.folder, last + 1));
  }

  append(target: LogTarget, events: readonly LogEvent[]): void {
    if (this.#batch.bytes + this.#fullBytes > waitingBytesMax) return this.#drop(events.length);
    this.#logs.push({ target, events });
    for (const { message } of events) this.#unwrittenBytes += message.length;
    if (this.#unwrittenBytes > unwrittenBytesMax) this.flush();
    this.#later();
  }

  record(invocation: MeteredInvocation): void {
    this.#metered.push(invocation);
    this.#later();
  }

  allocated(allocation: MeteredAllocation): void {
    this.#allocations.push(allocation);
    this.#later();
  }

  /**
   * When this returns, what was appended and recorded survives this process. Where the disk has no room for it that is
   * reported, and it stays in memory until the database takes it: an invocation does not fail for its log.
   */
  flush(): void {
    const entry: Entry = { logs: this.#logs, metered: this.#metered, allocations: this.#allocations };
    if (this.#closed || (this.#logs.length === 0 && this.#metered.length === 0 && this.#allocations.length === 0))
      return;
    this.#logs = [];
    this.#metered = [];
    this.#allocations = [];
    this.#unwrittenBytes = 0;
    try {
      this.#turnPage();
      this.#file.append(Buffer.from(JSON.stringify(entry)));
    } catch (error) {
      this.#report('Cannot write the journal of function logs and usage', String(error));
    }
    this.#batch.add(entry);
    if (this.#batch.bytes >= moveBytesMax) void this.#move();
  }

  /** Resolves once everything so far can be read from the database, or when that takes too long. */
  async settled(): Promise<void> {
    this.flush();
    const { promise: late, resolve } = deferred<void>();
    const cancel = this.#parts.clock.after(settleMsMax, resolve);
    await Promise.race([this.#allMoved(), late]);
    cancel();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    await this.settled();
    this.#closed = true;
    this.#cancelMove?.();
    this.#file.close();
  }

  /** Everything so far, not what comes meanwhile: on a busy server that never ends. */
  async #allMoved(): Promise<void> {
    this.#closeBatch();
    const last = this.#full.at(-1);
    void this.#move();
    await last?.moved.promise;
  }

  #later(): void {
    if (this.#closed) return;
    this.#cancelMove ??= this.#parts.clock.after(moveEveryMs, () => {
      this.#cancelMove = undefined;
      this.flush();
      void this.#move();
    });
  }

  #closeBatch(): void {
    if (this.#batch.empty) return;
    this.#full.push({ batch: this.#batch, place: this.#file.place, moved: deferred() });
    this.#fullBytes += this.#batch.bytes;
    this.#batch = new Batch();
  }

  #move(): Promise<void> {
    this.#closeBatch();
    this.#moving ??= this.#moveFull().finally(() => {
      this.#moving = undefined;
    });
    return this.#moving;
  }

  /** One at a time: what comes later must not pass by what came before, since the place in the journal moves with it. */
  async #moveFull(): Promise<void> {
    for (let [next] = this.#full; next !== undefined; [next] = this.#full) {
      const { batch, place, moved } = next;
      const unit = batch.unit(place, this.#parts.clock.now());
      this.#file.sync();
      while (!(await this.#written(unit))) {
        // The next start finds it in the journal.
        if (this.#closed) return;
        await this.#parts.clock.sleep(retryMs);
      }
      this.#full.shift();
      this.#fullBytes -= batch.bytes;
      this.#retire(place.file);
      moved.resolve();
    }
  }

  async #written(unit: Unit): Promise<boolean> {
    try {
      return await this.#parts.writer.write(unit);
    } catch (error) {
      this.#report('Cannot move function logs into the store; they stay in the journal', String(error));
      return false;
    }
  }

  /** A long file is left for a new one; it goes once a later place than its end has been moved. */
  #turnPage(): void {
    const { file, offset } = this.#file.place;
    if (offset < fileBytesMax) return;
    const next = new JournalFile(this.#parts.folder, file + 1);
    this.#file.close();
    this.#file = next;
  }

  #retire(movedFile: number): void {
    const { folder } = this.#parts;
    try {
      for (; this.#oldest < movedFile; this.#oldest += 1) removeJournalFile(folder, this.#oldest);
    } catch (error) {
      this.#report('Cannot remove a journal file that is no longer needed', String(error));
    }
  }

  #drop(count: number): void {
    this.#dropped += count;
    this.#report('Function logs come faster than they can be stored: dropping lines', 'too many wait already');
  }

  /** The same trouble befalls every turn of the event loop; a line now and then says enough. */
  #report(message: string, why: string): void {
    const now = this.#parts.clock.monotonic();
    if (now - this.#reportedAt < reportEveryMs) return;
    this.#reportedAt = now;
    this.#parts.log.error(message, { why, droppedSoFar: this.#dropped });
  }
}

/** Returns the number of the last file there was. Nothing is moved twice: the place moves with the content. */
async function recover({ folder, reader, writer, clock, log }: JournalParts): Promise<number> {
  const row = reader.prepare('SELECT file, offset FROM journal').get();
  const done = { file: Number(row?.file ?? 0), offset: Number(row?.offset ?? 0) };
  let last = done.file;
  for (const file of journalFiles(folder)) {
    last = Math.max(last, file);
    if (file >= done.file)
      await recoverFile({ folder, writer, clock, file, offset: file === done.file ? done.offset : 0 });
    removeJournalFile(folder, file);
  }
  if (last > done.file) log.debug('Moved what an earlier process had logged into the store');
  return last;
}

interface Recovery extends Pick<JournalParts, 'folder' | 'writer' | 'clock'> {
  readonly file: number;
  readonly offset: number;
}

async function recoverFile({ folder, writer, clock, file, offset }: Recovery): Promise<void> {
  let batch = new Batch();
  for (const [payload, place] of readJournal(folder, file, offset)) {
    batch.add(JSON.parse(payload.toString()));
    if (batch.bytes < moveBytesMax) continue;
    await writer.write(batch.unit(place, clock.now()));
    batch = new Batch();
  }
  // Even when it held nothing: this file is done with.
  await writer.write(batch.unit({ file, offset: Number.MAX_SAFE_INTEGER }, clock.now()));
}
