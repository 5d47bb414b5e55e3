import type { DatabaseSync } from 'node:sqlite';
import type { FunctionLog, LogEvent, LogTarget } from '../../observe/function-log.ts';
import type { Writer } from '../sqlite/writer.ts';
import type { LogJournal } from './log-journal.ts';
import { LogQueries, type Place } from './log-queries.ts';

/** Log groups, streams and events: what functions append, and what CloudWatch Logs asks for. */
export class LogStore implements FunctionLog {
  readonly #writer: Writer;
  readonly #journal: LogJournal;
  readonly #queries: LogQueries;

  constructor(database: DatabaseSync, writer: Writer, journal: LogJournal) {
    this.#writer = writer;
    this.#journal = journal;
    this.#queries = new LogQueries(database);
  }

  append(target: LogTarget, events: readonly LogEvent[]): void {
    this.#journal.append(target, events);
  }

  /** Puts what was appended, and what was metered, where a `kill -9` cannot take it. */
  persist(): void {
    this.#journal.flush();
  }

  /** Everything appended so far, ready to be read. */
  async read(): Promise<LogQueries> {
    await this.#journal.settled();
    return this.#queries;
  }

  /** Resolves `false` when it was there already. */
  createGroup({ accountId, region }: Place, name: string, now: number): Promise<boolean> {
    return this.#changed('INSERT OR IGNORE INTO log_group (account, region, name, created) VALUES (?, ?, ?, ?)', [
      accountId,
      region,
      name,
      now,
    ]);
  }

  createStream({ accountId, region }: Place, group: string, name: string, now: number): Promise<boolean> {
    const sql = 'INSERT OR IGNORE INTO log_stream (account, region, log_group, name, created) VALUES (?, ?, ?, ?, ?)';
    return this.#changed(sql, [accountId, region, group, name, now]);
  }

  setRetention({ accountId, region }: Place, group: string, days: number | undefined): Promise<boolean> {
    const sql = 'UPDATE log_group SET retention_days = ? WHERE account = ? AND region = ? AND name = ?';
    return this.#changed(sql, [days ?? null, accountId, region, group]);
  }

  async deleteGroup({ accountId, region }: Place, group: string): Promise<boolean> {
    await this.#journal.settled();
    const names = [accountId, region, group];
    const streams = 'account = ? AND region = ? AND log_group = ?';
    return this.#writer.write([
      { sql: `DELETE FROM log_block WHERE stream IN (SELECT id FROM log_stream WHERE ${streams})`, params: names },
      { sql: `DELETE FROM log_stream WHERE ${streams}`, params: names },
      {
        sql: 'DELETE FROM log_group WHERE account = ? AND region = ? AND name = ?',
        params: names,
        mustChangeOne: true,
      },
    ]);
  }

  async deleteStream({ accountId, region }: Place, group: string, name: string): Promise<boolean> {
    await this.#journal.settled();
    const names = [accountId, region, group, name];
    const stream = 'account = ? AND region = ? AND log_group = ? AND name = ?';
    return this.#writer.write([
      { sql: `DELETE FROM log_block WHERE stream = (SELECT id FROM log_stream WHERE ${stream})`, params: names },
      { sql: `DELETE FROM log_stream WHERE ${stream}`, params: names, mustChangeOne: true },
    ]);
  }

  #changed(sql: string, params: readonly (string | number | null)[]): Promise<boolean> {
    return this.#writer.write([{ sql, params, mustChangeOne: true }]);
  }
}
