import type { DatabaseSync } from 'node:sqlite';
import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { UnitWriter } from '../sqlite/unit.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmKey {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
}

export type AlarmConfiguration = Omit<PutMetricAlarmInput, 'Tags'>;

export interface Alarm extends AlarmKey {
  readonly configuration: AlarmConfiguration;
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, as the times below. */
  readonly configuredAt: number;
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData?: string;
  readonly stateUpdatedAt: number;
  readonly stateChangedAt: number;
}

export type HistoryType = 'ConfigurationUpdate' | 'StateUpdate' | 'Action';

export interface HistoryItem {
  readonly name: string;
  readonly at: number;
  readonly type: HistoryType;
  readonly summary: string;
  readonly data: string;
}

const historyKeptMs = 30 * 86_400_000;

export const alarmsSchema = `
  CREATE TABLE alarm (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, region, name)
  ) WITHOUT ROWID;

  CREATE TABLE alarm_history (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    time INTEGER NOT NULL,
    type TEXT NOT NULL,
    summary TEXT NOT NULL,
    data TEXT NOT NULL
  );
  CREATE INDEX alarm_history_place ON alarm_history (account, region, time);
`;

/** All alarms are in memory as well: they are looked at every few seconds. */
export class AlarmStore {
  readonly #reader: DatabaseSync;
  readonly #writer: UnitWriter;
  readonly #alarms = new Map<string, Alarm>();

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#reader = reader;
    this.#writer = writer;
    for (const row of reader.prepare('SELECT document FROM alarm ORDER BY account, region, name').iterate()) {
      const alarm: Alarm = JSON.parse(String(row.document));
      this.#alarms.set(placeOf(alarm), alarm);
    }
  }

  get(key: AlarmKey): Alarm | undefined {
    return this.#alarms.get(placeOf(key));
  }

  all(): Iterable<Alarm> {
    return this.#alarms.values();
  }

  /** By name. */
  list({ accountId, region }: Omit<AlarmKey, 'name'>): Alarm[] {
    const here = [...this.#alarms.values()].filter((each) => each.accountId === accountId && each.region === region);
    return here.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** With what is to be remembered of it; durable when it resolves. */
  async put(alarm: Alarm, history: readonly HistoryItem[]): Promise<void> {
    const { accountId, region, name } = alarm;
    await this.#writer.write([
      {
        sql: 'INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?)',
        params: [accountId, region, name, JSON.stringify(alarm)],
      },
      ...history.map((item) => historyStatement(alarm, item)),
    ]);
    this.#alarms.set(placeOf(alarm), alarm);
  }

  async delete(key: AlarmKey, history: HistoryItem): Promise<void> {
    const params = [key.accountId, key.region, key.name];
    const sql = 'DELETE FROM alarm WHERE account = ? AND region = ? AND name = ?';
    await this.#writer.write([{ sql, params }, historyStatement(key, history)]);
    this.#alarms.delete(placeOf(key));
  }

  async remember(key: AlarmKey, item: HistoryItem): Promise<void> {
    await this.#writer.write([historyStatement(key, item)]);
  }

  /** Newest first. */
  history({ accountId, region }: Omit<AlarmKey, 'name'>, from: number, to: number): HistoryItem[] {
    const sql = `
      SELECT name, time, type, summary, data FROM alarm_history
      WHERE account = ? AND region = ? AND time >= ? AND time <= ? ORDER BY time DESC, id DESC LIMIT 10000`;
    return this.#reader
      .prepare(sql)
      .all(accountId, region, from, to)
      .map((row) => ({
        name: String(row.name),
        at: Number(row.time),
        type: String(row.type) as HistoryType, // written by this class alone
        summary: String(row.summary),
        data: String(row.data),
      }));
  }

  async expire(now: number): Promise<void> {
    await this.#writer.write([{ sql: 'DELETE FROM alarm_history WHERE time < ?', params: [now - historyKeptMs] }]);
  }
}

function historyStatement({ accountId, region }: AlarmKey, { name, at, type, summary, data }: HistoryItem) {
  const sql =
    'INSERT INTO alarm_history (account, region, name, time, type, summary, data) VALUES (?, ?, ?, ?, ?, ?, ?)';
  return { sql, params: [accountId, region, name, at, type, summary, data] };
}

function placeOf({ accountId, region, name }: AlarmKey): string {
  return `${accountId}/${region}/${name}`;
}
