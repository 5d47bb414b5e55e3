import type { DatabaseSync } from 'node:sqlite';
import type { FunctionLog, LogEvent, LogTarget } from '../../observe/function-log.ts';
import type { Writer } from '../sqlite/writer.ts';
import { GroupSettings } from './group-settings.ts';
import type { LogJournal } from './log-journal.ts';
import { LogQueries, type Place } from './log-queries.ts';

/** Log groups, streams and events: what functions append, and what CloudWatch Logs asks for. */
export class LogStore implements FunctionLog {
  readonly #writer: Writer;
  readonly #journal: LogJournal;
  readonly #queries: LogQueries;
  readonly settings: GroupSettings;
  /** Sees what is appended, as it comes. Cheap, and never throws. */
  watched: (target: LogTarget, events: readonly LogEvent[]) => void = () => {};

  constructor(database: DatabaseSync, writer: Writer, journal: LogJournal) {
    this.settings = new GroupSettings(database, writer);
    this.#writer = writer;
    this.#journal = journal;
    this.#queries = new LogQueries(database);
  }

  append(target: LogTarget, events: readonly LogEvent[]): void {
    this.#journal.append(target, events);
    this.watched(target, events);
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
    await this.settings.forget({ accountId, region }, group);
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

  /** Removes blocks whose last event is older than their group keeps, and streams that have been empty as long. */
  async expire(now: number): Promise<void> {
    await this.#journal.settled();
    const expired = `
      SELECT log_stream.id FROM log_stream JOIN log_group
        ON log_group.account = log_stream.account AND log_group.region = log_stream.region
        AND log_group.name = log_stream.log_group
      WHERE retention_days IS NOT NULL`;
    const kept =
      '(SELECT retention_days FROM log_stream JOIN log_group USING (account, region) WHERE log_stream.id = stream AND log_group.name = log_stream.log_group)';
    await this.#writer.write([
      {
        sql: `DELETE FROM log_block WHERE stream IN (${expired}) AND last_time < ? - 86400000 * ${kept}`,
        params: [now],
      },
      {
        sql: `DELETE FROM log_stream WHERE id IN (${expired} AND coalesce(last_time, log_stream.created) < ? - 86400000 * retention_days)
              AND NOT EXISTS (SELECT 1 FROM log_block WHERE stream = log_stream.id)`,
        params: [now],
      },
    ]);
  }

  #changed(sql: string, params: readonly (string | number | null)[]): Promise<boolean> {
    return this.#writer.write([{ sql, params, mustChangeOne: true }]);
  }
}
