import type { DatabaseSync } from 'node:sqlite';
import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import type { UnitWriter } from '../sqlite/unit.ts';
import type { Place } from './log-queries.ts';

/** A step of lambent.db: tags of log groups, and what is done with their events as they come. */
export const groupSettingsSchema = `
  CREATE TABLE log_group_tags (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (account, region, log_group)
  ) WITHOUT ROWID;

  CREATE TABLE log_filter (
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    log_group TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (account, region, log_group, kind, name)
  ) WITHOUT ROWID;
`;

export interface MetricFilterDocument {
  readonly kind: 'metric';
  readonly name: string;
  readonly pattern: string;
  readonly transformations: readonly MetricTransformation[];
  /** Milliseconds since the epoch. */
  readonly created: number;
}

export interface SubscriptionFilterDocument {
  readonly kind: 'subscription';
  readonly name: string;
  readonly pattern: string;
  readonly destinationArn: string;
  readonly roleArn?: string;
  readonly distribution: 'Random' | 'ByLogStream';
  readonly created: number;
}

export type FilterDocument = MetricFilterDocument | SubscriptionFilterDocument;
export type Tags = Readonly<Record<string, string>>;

/** Few, and asked for with every line that is logged: all of them are in memory as well. */
export class GroupSettings {
  readonly #writer: UnitWriter;
  readonly #tags = new Map<string, Tags>();
  readonly #filters = new Map<string, Map<string, FilterDocument>>();

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#writer = writer;
    for (const row of reader.prepare('SELECT * FROM log_group_tags').iterate()) {
      this.#tags.set(keyOf(placeIn(row), String(row.log_group)), JSON.parse(String(row.tags)));
    }
    for (const row of reader.prepare('SELECT * FROM log_filter').iterate()) {
      this.#keep(placeIn(row), String(row.log_group), JSON.parse(String(row.document)));
    }
  }

  tags(place: Place, group: string): Tags {
    return this.#tags.get(keyOf(place, group)) ?? {};
  }

  async setTags(place: Place, group: string, tags: Tags): Promise<void> {
    const params = [place.accountId, place.region, group, JSON.stringify(tags)];
    await this.#writer.write([{ sql: 'INSERT OR REPLACE INTO log_group_tags VALUES (?, ?, ?, ?)', params }]);
    this.#tags.set(keyOf(place, group), tags);
  }

  /** By name. Undefined where a group has none, which is nearly always. */
  filters(place: Place, group: string): Iterable<FilterDocument> | undefined {
    return this.#filters.get(keyOf(place, group))?.values();
  }

  /** Of every group of the account and region, with its group. */
  allFilters(place: Place): { group: string; filter: FilterDocument }[] {
    const prefix = keyOf(place, '');
    return [...this.#filters].flatMap(([key, filters]) => {
      if (!key.startsWith(prefix)) return [];
      return [...filters.values()].map((filter) => ({ group: key.slice(prefix.length), filter }));
    });
  }

  async putFilter(place: Place, group: string, filter: FilterDocument): Promise<void> {
    const sql = 'INSERT OR REPLACE INTO log_filter VALUES (?, ?, ?, ?, ?, ?)';
    const params = [place.accountId, place.region, group, filter.kind, filter.name, JSON.stringify(filter)];
    await this.#writer.write([{ sql, params }]);
    this.#keep(place, group, filter);
  }

  /** False when there was none. */
  async deleteFilter(
    place: Place,
    group: string,
    { kind, name }: Pick<FilterDocument, 'kind' | 'name'>,
  ): Promise<boolean> {
    const sql = 'DELETE FROM log_filter WHERE account = ? AND region = ? AND log_group = ? AND kind = ? AND name = ?';
    const params = [place.accountId, place.region, group, kind, name];
    if (!(await this.#writer.write([{ sql, params, mustChangeOne: true }]))) return false;
    const filters = this.#filters.get(keyOf(place, group));
    filters?.delete(`${kind}/${name}`);
    if (filters?.size === 0) this.#filters.delete(keyOf(place, group));
    return true;
  }

  /** The group is gone, and these with it. */
  async forget(place: Place, group: string): Promise<void> {
    const key = keyOf(place, group);
    if (!this.#tags.has(key) && !this.#filters.has(key)) return;
    const params = [place.accountId, place.region, group];
    const where = 'WHERE account = ? AND region = ? AND log_group = ?';
    await this.#writer.write([
      { sql: `DELETE FROM log_group_tags ${where}`, params },
      { sql: `DELETE FROM log_filter ${where}`, params },
    ]);
    this.#tags.delete(key);
    this.#filters.delete(key);
  }

  #keep(place: Place, group: string, filter: FilterDocument): void {
    const key = keyOf(place, group);
    const filters = this.#filters.get(key) ?? new Map<string, FilterDocument>();
    filters.set(`${filter.kind}/${filter.name}`, filter);
    this.#filters.set(key, filters);
  }
}

/** Names of groups have no line ends. */
function keyOf({ accountId, region }: Place, group: string): string {
  return `${accountId}\n${region}\n${group}`;
}

function placeIn(row: Record<string, unknown>): Place {
  return { accountId: String(row.account), region: String(row.region) };
}
