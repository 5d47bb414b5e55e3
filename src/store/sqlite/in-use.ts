/**
 * The packages, layers and runtimes that functions and versions are made of, each once. A start and every sweep ask, so
 * the answer must not take longer because there are more functions: to read them all took 140 ms for ten thousand.
 */
import type { DatabaseSync } from 'node:sqlite';

/** Where the configuration of a snapshot is; `kept` goes before another condition. */
const snapshots = {
  latest: { table: 'function', kept: '', key: '', path: '$.latest.configuration' },
  serving: { table: 'function', kept: '', key: '', path: '$.serving.configuration' },
  version: { table: 'resource', kept: "kind = 'version' AND ", key: 'kind, ', path: '$.configuration' },
} as const;

type Snapshot = keyof typeof snapshots;
type Member = 'runtime' | 'layers';
const members: readonly Member[] = ['runtime', 'layers'];

/** A step of lambent.db (schema.ts). */
export const inUseSchema = [
  'CREATE INDEX function_code ON function (latest_code, serving_code);',
  ...snapshotNames().flatMap((name) => members.map((member) => index(name, member))),
].join('\n');

export class InUse {
  readonly #reader: DatabaseSync;
  readonly #packages;
  readonly #values;

  constructor(reader: DatabaseSync) {
    this.#reader = reader;
    this.#packages = reader.prepare(`
      SELECT latest_code AS value FROM function
      UNION SELECT serving_code FROM function WHERE serving_code IS NOT NULL
      UNION SELECT code FROM resource WHERE code IS NOT NULL`);
    const prepared = (member: Member) => snapshotNames().map((name) => reader.prepare(distinct(name, member)));
    this.#values = { runtime: prepared('runtime'), layers: prepared('layers') };
  }

  /** SHA-256 of packages. */
  packages(): string[] {
    return this.#packages.all().map(({ value }) => String(value));
  }

  /** Asked once a start: no index is kept for it. */
  roles(): string[] {
    const role = (path: string) => `json_extract(document, '${path}.role')`;
    const all = snapshotNames().map((name) => {
      const { table, kept, path } = snapshots[name];
      return `SELECT ${role(path)} AS value FROM ${table} WHERE ${kept}${role(path)} IS NOT NULL`;
    });
    return this.#reader
      .prepare(all.join(' UNION '))
      .all()
      .map(({ value }) => String(value));
  }

  /** What a member of the configurations is, as JSON where it is a list; absent ones are not there. */
  values(member: Member): Set<string> {
    return new Set(this.#values[member].flatMap((query) => query.all().map(({ value }) => String(value))));
  }
}

function index(name: Snapshot, member: Member): string {
  const { table, key } = snapshots[name];
  const value = extracted(name, member);
  return `CREATE INDEX ${name}_${member} ON ${table} (${key}${value}) WHERE ${value} IS NOT NULL;`;
}

/** Leaps through the index from each value to the next: as many steps as there are values, however many rows. */
function distinct(name: Snapshot, member: Member): string {
  const { table, kept } = snapshots[name];
  const value = extracted(name, member);
  const first = (condition: string) =>
    `(SELECT ${value} FROM ${table} WHERE ${kept}${value} ${condition} ORDER BY ${value} LIMIT 1)`;
  return `
    WITH RECURSIVE seen (value) AS (
      SELECT ${first('IS NOT NULL')}
      UNION ALL
      SELECT ${first('> seen.value')} FROM seen WHERE seen.value IS NOT NULL
    )
    SELECT value FROM seen WHERE value IS NOT NULL`;
}

/** Written in one way: an index on an expression serves that expression. */
function extracted(name: Snapshot, member: Member): string {
  return `document ->> '${snapshots[name].path}.${member}'`;
}

function snapshotNames(): Snapshot[] {
  return ['latest', 'serving', 'version'];
}
