import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Statement, UnitWriter } from '../sqlite/unit.ts';
import { type Aggregate, addStatistics, addValue, emptyAggregate, merge } from './aggregate.ts';

export interface MetricPlace {
  readonly accountId: string;
  readonly region: string;
}

export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  /** Sorted by name; `dimensionsOf` makes it so. */
  readonly dimensions: readonly Dimension[];
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

export interface Measured extends MetricName {
  readonly unit: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly values?: readonly { readonly value: number; readonly times: number }[];
  readonly statistics?: Pick<Aggregate, 'count' | 'sum' | 'min' | 'max'>;
  /** Values that were summed before. */
  readonly aggregate?: Aggregate;
  /** Kept by the second for three hours, besides by the minute. */
  readonly highResolution?: boolean;
}

export interface Point {
  /** Seconds since the epoch, at the start of the point's span. */
  readonly time: number;
  readonly unit: string;
  readonly aggregate: Aggregate;
}

export interface PointsAsked extends MetricName {
  readonly unit?: string;
  /** Seconds since the epoch; `to` is exclusive. */
  readonly from: number;
  readonly to: number;
  readonly highResolution?: boolean;
}

export interface MetricsAsked {
  readonly namespace?: string;
  readonly name?: string;
  /** Seconds since the epoch: only metrics with a newer point. */
  readonly newerThan?: number;
}

const openMax = 20_000;
const hour = 3600;
const day = 24 * hour;
/** How long points of each span are kept, as CloudWatch keeps them or longer. */
const keptSeconds: readonly (readonly [span: number, kept: number])[] = [
  [1, 3 * hour],
  [60, 63 * day],
];

interface Open {
  readonly aggregate: Aggregate;
  /** Writes of it that are not on the disk yet: until then only memory knows it. */
  pending: number;
}

/**
 * Metrics by account and region. Points are rows of a minute (and of a second where asked for); a point that is still
 * being added to is in memory and written again as a whole, so one minute of a metric is one row however many values it has.
 */
export class MetricStore {
  readonly #writer: UnitWriter;
  readonly #statements: ReturnType<typeof prepare>;
  readonly #ids = new Map<string, number>();
  readonly #open = new Map<string, Open>();
  #nextId: number;

  constructor(reader: DatabaseSync, writer: UnitWriter) {
    this.#writer = writer;
    this.#statements = prepare(reader);
    this.#nextId = Number(reader.prepare('SELECT max(id) AS last FROM metric').get()?.last ?? 0) + 1;
  }

  /** Durable when it resolves. */
  async put(place: MetricPlace, measured: readonly Measured[]): Promise<void> {
    const written: Open[] = [];
    const unit: Statement[] = [];
    for (const each of measured) {
      const id = this.#idOf(place, each, unit);
      for (const span of each.highResolution ? [60, 1] : [60]) {
        const time = Math.floor(each.at / 1000 / span) * span;
        const open = this.#opened(id, span, time);
        add(open.aggregate, each);
        open.pending += 1;
        written.push(open);
        unit.push(pointStatement(id, span, time, open.aggregate));
      }
    }
    try {
      await this.#writer.write(unit);
    } finally {
      for (const open of written) open.pending -= 1;
    }
  }

  points({ accountId, region }: MetricPlace, asked: PointsAsked): Point[] {
    const { namespace, name, dimensions, unit = null, from, to, highResolution } = asked;
    const rows = this.#statements.points.all(
      accountId,
      region,
      namespace,
      name,
      JSON.stringify(dimensions),
      unit,
      unit,
      highResolution ? 1 : 60,
      from,
      to,
    );
    return rows.map((row) => ({ time: Number(row.time), unit: String(row.unit), aggregate: aggregateOf(row) }));
  }

  /** In order; `after` is a position of an earlier answer. */
  list(place: MetricPlace, asked: MetricsAsked, after: number, limit: number): (MetricName & { position: number })[] {
    const { namespace = null, name = null, newerThan = 0 } = asked;
    const rows = this.#statements.list.all(
      place.accountId,
      place.region,
      namespace,
      namespace,
      name,
      name,
      newerThan,
      after,
      limit,
    );
    return rows.map((row) => ({
      position: Number(row.id),
      namespace: String(row.namespace),
      name: String(row.name),
      dimensions: JSON.parse(String(row.dimensions)),
    }));
  }

  /** Removes points that are older than they are kept for, and metrics that have none left. */
  async expire(now: number): Promise<void> {
    const seconds = Math.floor(now / 1000);
    const oldest = seconds - (keptSeconds.at(-1)?.[1] ?? 0);
    await this.#writer.write([
      ...keptSeconds.map(([span, kept]) => ({
        sql: 'DELETE FROM metric_point WHERE seconds = ? AND time < ?',
        params: [span, seconds - kept],
      })),
      { sql: 'DELETE FROM metric WHERE newest < ?', params: [oldest] },
    ]);
    this.#ids.clear();
  }

  #idOf(
    { accountId, region }: MetricPlace,
    { namespace, name, dimensions, unit, at }: Measured,
    to: Statement[],
  ): number {
    const keys = [accountId, region, namespace, name, JSON.stringify(dimensions), unit];
    const key = keys.join('\n');
    let id = this.#ids.get(key);
    if (id === undefined) {
      const row = this.#statements.id.get(...keys);
      id = row === undefined ? this.#nextId++ : Number(row.id);
      if (this.#ids.size >= openMax) this.#ids.clear();
      this.#ids.set(key, id);
    }
    // Also where it is known: another write that made it may not be on the disk yet, or may have failed.
    to.push({ sql: touch, params: [id, ...keys, Math.floor(at / 1000)] });
    return id;
  }

  #opened(id: number, span: number, time: number): Open {
    const key = `${id}/${span}/${time}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const row = this.#statements.point.get(id, span, time);
    const open: Open = { aggregate: row === undefined ? emptyAggregate() : aggregateOf(row), pending: 0 };
    if (this.#open.size >= openMax) this.#close();
    this.#open.set(key, open);
    return open;
  }

  /** Forgets what is on the disk; the longest known first. */
  #close(): void {
    for (const [key, { pending }] of this.#open) {
      if (pending === 0) this.#open.delete(key);
      if (this.#open.size < openMax / 2) return;
    }
  }
}

export function dimensionsOf(given: readonly { Name?: string; Value?: string }[] = []): Dimension[] {
  const all = given.map(({ Name = '', Value = '' }) => ({ Name, Value }));
  return all.sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** One value, as something to put. */
export function measured<T extends MetricName & { unit: string; at: number; value: number }>({
  value,
  ...rest
}: T): Measured {
  return { ...rest, dimensions: dimensionsOf(rest.dimensions), values: [{ value, times: 1 }] };
}

const touch = `
  INSERT INTO metric (id, account, region, namespace, name, dimensions, unit, newest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (account, region, namespace, name, dimensions, unit) DO UPDATE SET newest = max(newest, excluded.newest)`;

function pointStatement(id: number, span: number, time: number, aggregate: Aggregate): Statement {
  const { count, sum, min, max, buckets } = aggregate;
  const sql = 'INSERT OR REPLACE INTO metric_point VALUES (?, ?, ?, ?, ?, ?, ?, ?)';
  return { sql, params: [id, span, time, count, sum, min, max, JSON.stringify([...buckets])] };
}

function add(to: Aggregate, { values = [], statistics, aggregate }: Measured): void {
  if (aggregate !== undefined) merge(to, aggregate);
  for (const { value, times } of values) addValue(to, value, times);
  if (statistics !== undefined) addStatistics(to, statistics);
}

function aggregateOf(row: Record<string, unknown>): Aggregate {
  const buckets: [number, number][] = JSON.parse(String(row.buckets));
  const [count, sum, min, max] = [row.count, row.sum, row.min, row.max].map(Number);
  const whole = emptyAggregate();
  merge(whole, { count: count ?? 0, sum: sum ?? 0, min: min ?? 0, max: max ?? 0, buckets: new Map(buckets) });
  return whole;
}

function prepare(reader: DatabaseSync) {
  const statement = (sql: string): StatementSync => reader.prepare(sql);
  return {
    id: statement(`
      SELECT id FROM metric
      WHERE account = ? AND region = ? AND namespace = ? AND name = ? AND dimensions = ? AND unit = ?`),
    point: statement('SELECT * FROM metric_point WHERE metric = ? AND seconds = ? AND time = ?'),
    points: statement(`
      SELECT metric_point.*, unit FROM metric JOIN metric_point ON metric = id
      WHERE account = ? AND region = ? AND namespace = ? AND name = ? AND dimensions = ? AND (? IS NULL OR unit = ?)
        AND seconds = ? AND time >= ? AND time < ?
      ORDER BY time`),
    list: statement(`
      SELECT min(id) AS id, namespace, name, dimensions FROM metric
      WHERE account = ? AND region = ? AND (? IS NULL OR namespace = ?) AND (? IS NULL OR name = ?) AND newest >= ?
      GROUP BY namespace, name, dimensions HAVING min(id) > ? ORDER BY min(id) LIMIT ?`),
  };
}
